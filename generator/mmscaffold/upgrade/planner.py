"""Plan an upgrade: bases first, each file over those that are planned before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from mmscaffold.config.change import MISSING, Change, first_difference
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.config.key_path import format_key_path
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.resolve.tree import paused_collection
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.migrate.heirs import Heirs, find_heirs
from mmscaffold.migrate.one_file import contradictions
from mmscaffold.migrate.plan import FilePlan
from mmscaffold.migrate.selection import SelectedConfig, bases_first, select
from mmscaffold.schedule.legacy import legacy_keys
from mmscaffold.upgrade.file_upgrader import FileUpgrader
from mmscaffold.upgrade.goal import UpgradeGoal, upgrade_goal
from mmscaffold.upgrade.hoisting import hoist
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.owners import keep_apart, owned
from mmscaffold.upgrade.plan import FileUpgrade, PlacedNote, UpgradePlan

Progress = Callable[[int, int], None]


def plan_upgrade(
    paths: Iterable[Path],
    *,
    package: str | None = "mmdet",
    writes_notes: bool = True,
    with_bases: bool = False,
    keep_going: bool = False,
    overlay: Mapping[Path, bytes] | None = None,
    progress: Progress | None = None,
    with_heirs: bool = True,
) -> UpgradePlan:
    """Plan how configs of 2.x become configs of 3.x; nothing is written.

    Args:
        paths: Config files, and folders of them.
        package: The import name of the package whose tables apply; ``None`` upgrades only what
            all packages on mmcv 1.x share.
        writes_notes: Whether notes are written into the files, as comments.
        with_bases: Also upgrade bases that were not named.
        keep_going: Plan what can be planned and list the rest in ``failed``.
        overlay: Contents that stand in for those on disk, by absolute path.
        progress: Called at every step with how many are done, and how many there are so far.
        with_heirs: Also upgrade the configs elsewhere in the project that inherit from one of
            these, and could not be read over it afterwards.

    Raises:
        ConfigError: If a file cannot be read or upgraded and ``keep_going`` is off; if a base
            was not named and ``with_bases`` is off.
    """
    paths = list(paths)
    show = progress or (lambda done, total: None)
    with paused_collection():
        before = Resolver(overlay)
        selection = select(paths, before, lambda done, total: show(done, 2 * total))
        if selection.failed and not keep_going:
            raise selection.failed[0][1]
        told = [path for path, _ in (*selection.failed, *selection.skipped)]
        chosen = {one.config.path: one for one in selection.configs}
        if with_bases:
            _add_bases(chosen, before)
        heirs = Heirs()
        if with_heirs and not overlay:
            heirs = find_heirs(paths, chosen, before, told)
            for path, config in heirs.configs.items():
                chosen[path] = SelectedConfig(config, named=False, is_heir=True)
        tree = TreeUpgrader(
            before, bases_first(chosen, before), package, writes_notes=writes_notes
        )
        tree.plan_all(show)
    errors = tree.errors
    if errors and not keep_going:
        raise next(iter(errors.values()))
    for _, error in contradictions(file.plan for file in tree.files):
        raise error
    return UpgradePlan(
        tuple(tree.files),
        tuple(tree.current),
        tuple(selection.skipped),
        (*selection.failed, *errors.items()),
        tuple(file.path for file in tree.files if file.path in heirs.configs),
        tuple(heirs.unread),
    )


def _add_bases(chosen: dict[Path, SelectedConfig], resolver: Resolver) -> None:
    for selected in list(chosen.values()):
        for base in selected.config.files[1:]:
            if base not in chosen:
                chosen[base] = SelectedConfig(resolver.resolve(base), named=False)


class TreeUpgrader:
    """Upgrades the configs of a run together.

    Args:
        before: What resolved them.
        selection: The configs, bases before the configs that inherit from them.
        package: The import name of the package whose tables apply.
        writes_notes: Whether notes are written into the files.

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
        *,
        writes_notes: bool = True,
    ) -> None:
        self._before = before
        self._after = Resolver(below=before)
        self._upgrader = FileUpgrader(self._after)
        self._package = package
        self._writes_notes = writes_notes
        self._configs = {one.config.path: one.config for one in selection}
        self._goals: dict[Path, UpgradeGoal] = {}
        self.files: list[FileUpgrade] = []
        self.current: list[Path] = []
        self.errors: dict[Path, ConfigError] = {}

    def plan_all(self, progress: Progress) -> None:
        """Plan every file."""
        old = _old_ones(self._configs.values())
        total = len(self._configs)
        for path, config in self._configs.items():
            if path not in old:
                self.current.append(path)
                continue
            try:
                self._refuse_unnamed_bases(config)
                self._goals[path] = self._goal(config)
            except ConfigError as error:
                self.errors[path] = error
        roots = self._roots()
        for done, (path, root) in enumerate(roots.items()):
            progress(total + done, total + len(roots))
            try:
                self._refuse_unnamed_bases(self._configs[path])
                self.files.append(self._plan(self._configs[path], root))
            except ConfigError as error:
                self.errors[path] = error

    def _roots(self) -> dict[Path, CfgDict]:
        """What each file must resolve to: all of it, or what a base owns of it."""
        whole = set()
        roots = {}
        for path, goal in self._goals.items():
            config = self._configs[path]
            if OldConfig(config, goal.ledger, self._package).is_whole:
                whole.add(path)
                roots[path] = goal.root
            else:
                roots[path] = owned(goal.root, config.root)
        planned = [self._configs[path] for path in roots]
        keep_apart(planned, roots)
        hoist(self._configs, roots, whole)
        return roots

    def _refuse_unnamed_bases(self, config: ResolvedConfig) -> None:
        for base in config.files[1:]:
            if base in self.errors:
                raise ConfigError(
                    f"inherits from {base}, which cannot be upgraded", where=str(config.path)
                )
            if base not in self._configs:
                raise ConfigError(
                    f"its base {base} was not named, and is 2.x as well",
                    where=str(config.path),
                    hint="Name the folder that holds both, or give --with-bases.",
                )

    def _goal(self, config: ResolvedConfig) -> UpgradeGoal:
        if not isinstance(config.parsed, ParsedSource):
            raise ConfigError(
                "is YAML or JSON; of 2.x, only Python configs are upgraded",
                where=str(config.path),
                hint="Write it as a Python config, then upgrade that.",
            )
        goal = upgrade_goal(config, self._package)
        _refuse(config, goal)
        return goal

    def _plan(self, config: ResolvedConfig, root: CfgDict) -> FileUpgrade:
        goal = self._goals[config.path]
        notes = tuple(self._own_notes(config, goal))
        inside = () if not self._writes_notes else tuple(n for n in notes if n.is_written)
        written = self._upgrader.write(config, root, inside)
        raw = written.raw
        changes = tuple(_changes(config.root, self._after.resolve(config.path).root))
        plan = FilePlan(
            config.path,
            config.parsed.source.raw,
            raw,
            changes,
            bases={
                path: self._before.resolve(path).parsed.source.raw for path in config.files[1:]
            },
            old={one.path: to_plain(config.root.get(one.path[0], MISSING)) for one in changes},
        )
        placed = [
            PlacedNote(note, config.path, _line_of(config, note))
            for note in (*notes, *written.notes)
        ]
        return FileUpgrade(plan, goal, tuple(placed))

    def _own_notes(self, config: ResolvedConfig, goal: UpgradeGoal) -> Iterable[Note]:
        """The notes that no base tells already."""
        told = {
            (note.code, note.message, note.old)
            for base in config.files[1:]
            if base in self._goals
            for note in self._goals[base].notes
        }
        seen = set()
        for note in goal.notes:
            key = (note.code, note.message, note.old)
            if key not in told and key not in seen:
                seen.add(key)
                yield note


def _line_of(config: ResolvedConfig, note: Note) -> int | None:
    """The line of the old file from which a note follows."""
    path, line = _place_of(config, note)
    return line if path == config.path else None


def _place_of(config: ResolvedConfig, note: Note) -> tuple[Path, int | None]:
    found = None
    value: Any = config.root
    for key in note.old:
        found = origin_of(value, key) or found
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            break
    return (config.path, None) if found is None else (found.path, found.line)


def _refuse(config: ResolvedConfig, goal: UpgradeGoal) -> None:
    for note in goal.notes:
        if note.refuses:
            path, line = _place_of(config, note)
            raise ConfigError(
                f"cannot be upgraded: {note.message} [{note.code}]",
                where=str(path) if line is None else f"{path}:{line}",
                hint=note.help or None,
            )
    if goal.unaccounted:
        keys = ", ".join(format_key_path(path) for path in goal.unaccounted[:3])
        raise ConfigError(
            f"no rule says what becomes of {keys} [UP999]",
            where=str(config.path),
            hint="This is a fault of mmscaffold; please report it with the config.",
        )


def _changes(before: CfgDict, after: CfgDict) -> Iterable[Change]:
    for key in [*before, *(key for key in after if key not in before)]:
        if first_difference(before.get(key, MISSING), after.get(key, MISSING)) is not None:
            yield Change((key,), after.get(key, MISSING))


def _old_ones(configs: Iterable[ResolvedConfig]) -> set[Path]:
    """The configs of 2.x, and the bases of such that show no generation themselves."""
    old: set[Path] = set()
    for config in configs:
        if legacy_keys(config.root):
            old.update(config.files)
    return old
