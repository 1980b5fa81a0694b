"""Upgrade the configs of a run together: bases first, each file over those before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from mmscaffold.config.change import MISSING, Change
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.migrate.plan import FilePlan
from mmscaffold.migrate.selection import SelectedConfig
from mmscaffold.upgrade.bases import (
    BasesMode,
    Twin,
    differing_keys,
    twin_of,
    without_scope,
)
from mmscaffold.upgrade.flat import flat_config
from mmscaffold.upgrade.generation import Generation, generation
from mmscaffold.upgrade.goal import UpgradeGoal, upgrade_goal
from mmscaffold.upgrade.known import Known
from mmscaffold.upgrade.notes import SETTLED_BY_HEIRS, Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.package import row_of
from mmscaffold.upgrade.plan import FileUpgrade, PlacedNote
from mmscaffold.upgrade.proof import prove_comments, prove_ledger, prove_others
from mmscaffold.upgrade.trees.adoption import adopt
from mmscaffold.upgrade.trees.elsewhere import told_elsewhere
from mmscaffold.upgrade.trees.file_upgrader import FileUpgrader
from mmscaffold.upgrade.trees.hoisting import hoist
from mmscaffold.upgrade.trees.members import Members, old_ones, stays_as_it_is
from mmscaffold.upgrade.trees.owners import keep_apart, owned
from mmscaffold.upgrade.trees.seen_values import SeenValues

Progress = Callable[[int, int], None]
# Of a base that is mapped to its twin, by the configs that inherit from it.
_MOST_RESTATED = 12


@dataclass(frozen=True)
class Options:
    """What happens to bases and notes.

    Attributes:
        bases: What becomes of bases.
        with_bases: Whether bases that were not named are converted, too.
        configs_3x: Where the official configs of 3.x lie, if not in the installed package.
        writes_notes: Whether notes are written into the files, as comments.
        inherits_official: Whether official bases decide on all that a config does not write
            itself, whatever they changed since 2.x.
    """

    bases: BasesMode = BasesMode.AUTO
    with_bases: bool = False
    configs_3x: Path | None = None
    writes_notes: bool = True
    inherits_official: bool = False


class TreeUpgrader:
    """Upgrades the configs of a run together.

    Args:
        before: What resolved them.
        selection: The configs, bases before the configs that inherit from them.
        package: The import name of the package whose tables apply.
        options: How to do it.

    Attributes:
        files: The upgrades, bases first.
        current: Configs that need none.
        errors: Configs that cannot be upgraded, each with the error.
    """

    def __init__(
        self,
        before: Resolver,
        selection: list[SelectedConfig],
        package: str | None,
        options: Options | None = None,
    ) -> None:
        self._before = before
        self._after = Resolver(below=before)
        self._seen = SeenValues()
        self._upgrader = FileUpgrader(self._after, self._seen)
        self._package = package
        self._options = options or Options()
        self._twins: dict[Path, dict[Path, Twin]] = {}
        self._known_twins: dict[Path, Twin | None] = {}
        self._configs = {one.config.path: one.config for one in selection}
        self._members = Members(selection)
        self._known = Known()
        self._goals: dict[Path, UpgradeGoal] = {}
        self.files: list[FileUpgrade] = []
        self.current: list[Path] = []
        self.errors: dict[Path, ConfigError] = {}

    def plan_all(self, progress: Progress) -> None:
        """Plan every file."""
        old = old_ones(self._configs.values())
        total = len(self._configs)
        flattens = self._options.bases is BasesMode.FLATTEN
        for path, config in self._configs.items():
            if path not in old:
                self.current.append(path)
                continue
            try:
                if generation(config) is not Generation.BOTH and not flattens:
                    self._refuse_unnamed_bases(config)
                self._goals[path] = self._goal(config)
            except ConfigError as error:
                self.errors[path] = self._members.told(path, error)
        if flattens:
            self._flatten()
            return
        roots = self._roots()
        for done, (path, root) in enumerate(roots.items()):
            progress(total + done, total + len(roots))
            try:
                self._refuse_unnamed_bases(self._configs[path])
                self.files.append(self._plan(self._configs[path], root))
            except ConfigError as error:
                self.errors[path] = self._members.told(path, error)
        edited = {file.path: file.plan for file in self.files if file.plan.edited}
        self.errors.update(prove_others(self.current, self._before, self._after, edited))

    def _flatten(self) -> None:
        """Plan each config that can be run as one file; bases alone come to nothing."""
        for path, goal in self._goals.items():
            config = self._configs[path]
            if not self._is_whole(config, goal):
                continue
            notes = tuple(dict.fromkeys(goal.notes))
            inside = [note for note in notes if note.is_written and self._options.writes_notes]
            try:
                raw = flat_config(config, goal, inside)
            except ConfigError as error:
                self.errors[path] = error
                continue
            self._after.overlay(path, raw)
            changes = tuple(self._changes(config.root, self._after.resolve(path).root))
            plan = FilePlan(
                path,
                config.parsed.source.raw,
                raw,
                changes,
                old=_old_values(config.root, changes),
            )
            placed = tuple(PlacedNote(note, path, _line_of(config, goal, note)) for note in notes)
            self.files.append(FileUpgrade(plan, goal, placed, frozenset(map(str, config.root))))

    def _is_whole(self, config: ResolvedConfig, goal: UpgradeGoal) -> bool:
        return OldConfig(config, goal.ledger, self._package).is_whole

    def _roots(self) -> dict[Path, CfgDict]:
        """What each file must resolve to: all of it, or what a base owns of it."""
        whole = set()
        roots = {}
        for path, goal in self._goals.items():
            config = self._configs[path]
            if self._is_whole(config, goal):
                whole.add(path)
                roots[path] = goal.root
            else:
                roots[path] = owned(goal.root, config.root)
        planned = [self._configs[path] for path in roots]
        keep_apart(planned, roots)
        hoist(self._configs, roots, whole)
        return roots

    def _refuse_unnamed_bases(self, config: ResolvedConfig) -> None:
        for base in config.bases:
            twin = self._twin(base)
            if twin is not None:
                self._twins.setdefault(config.path, {})[base] = twin
            elif base in self.errors:
                raise ConfigError(
                    f"inherits from {base}, which cannot be upgraded", where=str(config.path)
                )
            elif base not in self._configs:
                if stays_as_it_is(self._before.resolve(base), self._package):
                    continue
                raise ConfigError(
                    f"its base {base} was not named, and must be upgraded, too",
                    where=str(config.path),
                    hint="Name the folder that holds both, or give --with-bases."
                    + self._hint_of_official(base),
                )

    def _hint_of_official(self, base: Path) -> str:
        """What else to do about a base that is official, and says something else in 3.x."""
        if self._options.bases is not BasesMode.AUTO or self._package is None:
            return ""
        twin = twin_of(self._before.resolve(base), self._package, self._options.configs_3x)
        if twin is None:
            return ""
        return f" Or --bases mmdet: it is official, and {twin.name} takes its place."

    def _twin(self, base: Path) -> Twin | None:
        """The official config that takes the place of a base; ``None`` if it is converted."""
        mode = self._options.bases
        if mode is BasesMode.CONVERT or self._package is None:
            return None
        if mode is BasesMode.AUTO and base in self._configs:
            return None
        if base not in self._known_twins:
            config = self._before.resolve(base)
            twin = twin_of(config, self._package, self._options.configs_3x)
            if twin is not None and not self._is_safe(config, twin, mode):
                twin = None
            self._known_twins[base] = twin
        return self._known_twins[base]

    def _is_safe(self, config: ResolvedConfig, twin: Twin, mode: BasesMode) -> bool:
        """Whether a twin says what a base becomes, or little enough has to be restated."""
        goal = owned(upgrade_goal(config, self._package).root, config.root)
        theirs = without_scope(self._before.resolve(twin.file).root)
        differing = differing_keys(adopt(goal, theirs, None)[0], theirs)
        if mode is BasesMode.AUTO:
            return not differing
        return len(differing) <= _MOST_RESTATED and ("model", "type") not in differing

    def _goal(self, config: ResolvedConfig) -> UpgradeGoal:
        if not isinstance(config.parsed, ParsedSource):
            raise ConfigError(
                "is YAML or JSON; of 2.x, only Python configs are upgraded",
                where=str(config.path),
                hint="Write it as a Python config, then upgrade that.",
            )
        goal = upgrade_goal(config, self._package, self._known)
        _refuse(config, goal)
        return goal

    def _plan(self, config: ResolvedConfig, root: CfgDict) -> FileUpgrade:
        goal = self._goals[config.path]
        notes = tuple(self._own_notes(config, goal))
        twins = self._twins.get(config.path, {})
        # What a base took over from its twins, it hands down.
        if any(self._twins.get(path) for path in config.files):
            below = self._upgrader.joined_bases(config, twins)
            root, habits = adopt(root, below, config.path, self._asked_of_bases(config))
            # Of those of its bases' bases, these have told.
            if twins and habits:
                notes += (Note("UP107", f"as in the official bases: {', '.join(habits)}"),)
        inside = tuple(n for n in notes if n.is_written and self._options.writes_notes)
        inherited = None
        if twins and self._options.inherits_official:
            alone = upgrade_goal(self._bases_alone(config), self._package).root
            inherited = adopt(alone, below, None)[0]
        written = self._upgrader.write(config, root, inside, twins, inherited)
        raw = written.raw
        after = self._after.resolve(config.path)
        changes = tuple(self._changes(config.root, after.root))
        plan = FilePlan(
            config.path,
            config.parsed.source.raw,
            raw,
            changes,
            bases={
                path: self._before.resolve(path).parsed.source.raw for path in config.files[1:]
            },
            old=_old_values(config.root, changes),
        )
        prove_comments(plan)
        placed = [
            PlacedNote(note, config.path, _line_of(config, goal, note))
            for note in (*notes, *written.notes)
        ]
        own = frozenset(map(str, (*config.own, *after.own)))
        return FileUpgrade(plan, goal, tuple(placed), own)

    def _asked_of_bases(self, config: ResolvedConfig) -> dict[str, Any]:
        """What the bases of a config that are upgraded, too, had to resolve to."""
        asked: dict[str, Any] = {}
        for base in config.bases:
            if base in self._goals:
                asked.update(self._goals[base].root)
        return asked

    def _changes(self, before: CfgDict, after: CfgDict) -> Iterator[Change]:
        for key in [*before, *(key for key in after if key not in before)]:
            value = after.get(key, MISSING)
            if not self._seen.are_same(before.get(key, MISSING), value):
                yield Change((key,), value)

    def _bases_alone(self, config: ResolvedConfig) -> ResolvedConfig:
        """The old bases of a config, as a config that adds nothing to them."""
        joined = CfgDict()
        for base in config.bases:
            joined.update(self._before.resolve(base).root)
        return replace(config, root=joined, own=CfgDict())

    @cached_property
    def _inherited(self) -> frozenset[Path]:
        """The configs that others of the run inherit from."""
        return frozenset(base for path in self._goals for base in self._configs[path].files[1:])

    def _own_notes(self, config: ResolvedConfig, goal: UpgradeGoal) -> Iterable[Note]:
        """The notes that no base tells already, and no config that inherits from this settles."""
        told = {
            (note.code, note.message, note.old)
            for base in config.files[1:]
            if base in self._goals
            for note in self._goals[base].notes
            if note.code not in SETTLED_BY_HEIRS
        }
        seen = set()
        notes = [*goal.notes]
        if config.path not in self._inherited and not self._is_whole(config, goal):
            has_rules = row_of(self._package).has_rules
            notes += told_elsewhere(config.root, has_rules=has_rules)
        for note in notes:
            if note.code in SETTLED_BY_HEIRS and config.path in self._inherited:
                continue
            key = (note.code, note.message, note.old)
            if key not in told and key not in seen:
                seen.add(key)
                yield note


def _old_values(root: CfgDict, changes: Iterable[Change]) -> dict[KeyPath, Any]:
    """What changed, as it was."""
    return {one.path: root.get(one.path[0], MISSING) for one in changes}


def _line_of(config: ResolvedConfig, goal: UpgradeGoal, note: Note) -> int | None:
    """The line of the old file from which a note follows."""
    path, line = _place_of(config, goal, note)
    return line if path == config.path else None


def _place_of(config: ResolvedConfig, goal: UpgradeGoal, note: Note) -> tuple[Path, int | None]:
    found = None
    # What moved has kept its origin.
    value: Any = config.root if note.old else goal.root
    for key in note.old or note.path:
        found = origin_of(value, key) or found
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            break
    return (config.path, None) if found is None else (found.path, found.line)


def _refuse(config: ResolvedConfig, goal: UpgradeGoal) -> None:
    for note in goal.notes:
        if note.refuses:
            # Its base may well be upgraded, so the place is never one in a base.
            line = _line_of(config, goal, note)
            raise ConfigError(
                f"cannot be upgraded: {note.message} [{note.code}]",
                where=str(config.path) if line is None else f"{config.path}:{line}",
                hint=note.help or None,
            )
    prove_ledger(config, goal)
