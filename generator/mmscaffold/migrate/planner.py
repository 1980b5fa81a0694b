"""Plan a migration: the edits of each file, each proven by resolving again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mmscaffold.config.change import (
    Change,
    changed_items,
    differences,
    first_difference,
    removed_keys,
    value_at,
)
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.config.key_path import format_key_path
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.resolve.tree import paused_collection
from mmscaffold.facts.loops import LOOP_KEYS
from mmscaffold.migrate.goal import Goal
from mmscaffold.migrate.leaks import LeakError, leaks
from mmscaffold.migrate.length import LengthPlan, plan_length
from mmscaffold.migrate.plan import FilePlan, MigrationPlan
from mmscaffold.migrate.selection import SelectedConfig, select
from mmscaffold.migrate.task import NewLength, NewUnit, Step, Task
from mmscaffold.migrate.unit import plan_unit
from mmscaffold.migrate.writers import ConfigWriter, writer_for
from mmscaffold.project.class_map import ClassMap
from mmscaffold.schedule.legacy import REPLACEMENTS, legacy_keys

Progress = Callable[[int, int], None]
_WRITTEN_KEYS = (*LOOP_KEYS, "model", "custom_imports", "runner_type")
# What a base may write that names a class.
_FRAGMENT_KEYS = (*LOOP_KEYS, "model", "default_hooks")


def plan_migration(
    paths: Iterable[Path],
    task: Task | ClassMap,
    *,
    keep_going: bool = False,
    overlay: Mapping[Path, bytes] | None = None,
    progress: Progress | None = None,
) -> MigrationPlan:
    """Plan how configs move onto a project's classes, or to another length; nothing is written.

    Args:
        paths: Config files, and folders of them. Only files that are named, or lie in a
            named folder, change. In a folder, a class is changed where it is defined; a
            file without a whole model and training loop (a base) gets no new keys.
        task: What to do; a class map alone means: move onto its classes.
        keep_going: Plan what can be planned and list the rest in ``failed``.
        overlay: Contents that stand in for those on disk, by absolute path.
        progress: Called at every step with how many are done, and how many there are so far.

    Raises:
        ConfigError: If a file cannot be read or migrated and ``keep_going`` is off.
    """
    if isinstance(task, ClassMap):
        task = Task(task)
    with paused_collection():
        return _plan(paths, task, Resolver(overlay), progress or _silent, keep_going=keep_going)


def _silent(done: int, total: int) -> None:
    """Tell no one."""


def _plan(
    paths: Iterable[Path], task: Task, before: Resolver, progress: Progress, *, keep_going: bool
) -> MigrationPlan:
    # Each config is resolved once before, and once after.
    selection = select(paths, before, lambda done, total: progress(done, 2 * total))
    failed = list(selection.failed)
    if failed and not keep_going:
        raise _with_count(failed)
    files, errors = plan_selected(selection.configs, task, before, progress)
    if errors and not keep_going:
        raise errors[0][1]
    return MigrationPlan(tuple(files), tuple(selection.skipped), (*failed, *errors))


def plan_selected(
    configs: list[SelectedConfig], task: Task, before: Resolver, progress: Progress
) -> tuple[list[FilePlan], list[tuple[Path, ConfigError]]]:
    """Plan configs that are resolved already.

    Args:
        configs: The configs, bases before the configs that inherit from them.
        task: What to do.
        before: What resolved them.
        progress: Called at every step with how many are done, and how many there are so far.

    Returns:
        The plans, and the configs that cannot be changed, with the error of each.
    """
    planner = _Planner(before, task, configs, progress)
    planner.plan_all()
    return planner.results()


def _with_count(failed: list[tuple[Path, ConfigError]]) -> ConfigError:
    first = failed[0][1]
    if len(failed) > 1:
        first.hint = (
            f"{first.hint or ''} {len(failed) - 1} more files could not be read either; "
            "--keep-going migrates the rest."
        ).strip()
    return first


class _Planner:
    """Plans file after file; each plan sees those before it."""

    def __init__(
        self, before: Resolver, task: Task, selection: list[SelectedConfig], progress: Progress
    ) -> None:
        self._before = before
        self._after = Resolver(below=before)
        self._task = task
        self._selection = selection
        self._progress = progress
        self._left_alone: set[Path] = set()
        self._edited_bases: set[Path] = set()
        self._inherited = {base for one in selection for base in one.config.files[1:]}
        self._raw: dict[Path, bytes] = {}
        self._plans: dict[Path, FilePlan] = {}
        self._errors: dict[Path, ConfigError] = {}

    def plan_all(self) -> None:
        """Plan every file, bases first.

        Some bases' edits reach a config elsewhere than where they should (a detector that
        a tracker wraps). Those are left alone, and what inherits from them is planned anew.
        """
        pending = self._selection
        done = len(pending)
        while pending:
            leaking: set[Path] = set()
            for selected in pending:
                self._progress(done, done + len(pending))
                done += 1
                try:
                    self._plans[selected.config.path] = self.plan_file(selected)
                except LeakError as error:
                    leaking |= error.bases
                except ConfigError as error:
                    self._errors[selected.config.path] = error
            self._left_alone |= leaking
            self._edited_bases -= leaking
            pending = [one for one in self._selection if leaking.intersection(one.config.files)]
            for selected in pending:
                self._forget(selected.config.path)

    def _forget(self, path: Path) -> None:
        self._after.uncover(path)
        self._edited_bases.discard(path)
        self._plans.pop(path, None)
        self._errors.pop(path, None)

    def results(self) -> tuple[list[FilePlan], list[tuple[Path, ConfigError]]]:
        """The plans, and the configs that cannot be migrated with the error of each."""
        paths = [selected.config.path for selected in self._selection]
        return (
            [self._plans[path] for path in paths if path in self._plans],
            [(path, self._errors[path]) for path in paths if path in self._errors],
        )

    def plan_file(self, selected: SelectedConfig) -> FilePlan:
        config = selected.config
        if self._task.fixes is not None:
            return self._plan_fixes(config, self._task.fixes.get(config.path, ()))
        runnable = isinstance(config.root.get("train_cfg"), dict) and "model" in config.root
        if selected.named or runnable:
            _refuse_unsuitable(config)
            return self._plan_whole(config)
        return self._plan_fragment(config)

    def _plan_whole(self, config: ResolvedConfig) -> FilePlan:
        length = self._length_plan(config)
        goal = Goal(config, self._task, length.changes)
        goal.register_project()
        goal.notes += length.notes
        return self._file_plan(
            config, self._write_goal(config, goal, length.raw), goal.changes, goal.notes
        )

    def _plan_fixes(self, config: ResolvedConfig, fixes: tuple[Change, ...]) -> FilePlan:
        """Fix a config where its fault is; what inherits from it is fixed with it."""
        raw = config.parsed.source.raw
        goal = Goal(config, self._task, fixes)
        if config.path not in self._left_alone:
            raw = self._write_goal(config, goal, raw)
            if raw != config.parsed.source.raw:
                self._edited_bases.add(config.path)
            return self._file_plan(config, raw, goal.changes, goal.notes)
        current = self._after.resolve(config.path)
        self._refuse_leaks(config, current, goal, goal.resolved())
        note = "left alone: configs that inherit from it would change where they should not"
        return self._file_plan(config, raw, _differences(config, current, goal), [note])

    def _write_goal(self, config: ResolvedConfig, goal: Goal, start: bytes) -> bytes:
        """The bytes with which a file resolves to its goal.

        Args:
            config: The config as it resolves now.
            goal: What it must resolve to.
            start: Its bytes, with those changes that are made already.

        Raises:
            ConfigError: If no form of writing it comes out as planned.
        """
        wanted = goal.resolved()
        if start != config.parsed.source.raw:
            self._after.overlay(config.path, start)
        current = self._after.resolve(config.path)
        changed = self._refuse_leaks(config, current, goal, wanted)
        if not changed and not removed_keys(current.root, wanted):
            return start
        base = self._joined_bases(current)
        for prefer_in_place in (True, False):
            writer = self._writer(current, base)
            for key, value in _in_order(changed).items():
                if prefer_in_place:
                    writer.write(key, value)
                else:
                    writer.override(key, value)
            raw = writer.result()
            difference = self._try(config.path, raw, wanted)
            if difference is None:
                return raw
        self._after.uncover(config.path)
        raise ConfigError(
            f"cannot be changed: {difference} would not come out as planned",
            where=str(config.path),
            hint="Write that key as a plain dict(...) in this file, then try again.",
        )

    def _length_plan(self, config: ResolvedConfig) -> LengthPlan:
        new = self._task.length if self._task.does(Step.LENGTH) else None
        if isinstance(new, NewLength):
            return plan_length(config, new, self._resolver_with(config.path))
        if isinstance(new, NewUnit):
            return plan_unit(config, new, self._task.class_map)
        return LengthPlan(config.parsed.source.raw, [], [])

    def _resolver_with(self, path: Path) -> Callable[[bytes], ResolvedConfig]:
        def resolve_with(raw: bytes) -> ResolvedConfig:
            if raw == self._before.source(path).raw:
                return self._after.resolve(path)
            self._after.overlay(path, raw)
            try:
                return self._after.resolve(path)
            finally:
                self._after.uncover(path)

        return resolve_with

    def _plan_fragment(self, config: ResolvedConfig) -> FilePlan:
        """Change the class names that a base itself writes, and add nothing to it."""
        original = config.parsed.source.raw
        goal = Goal(config, self._task)
        current = self._after.resolve(config.path)
        changed = self._refuse_leaks(config, current, goal, goal.resolved())
        raw = original
        if config.path not in self._left_alone:
            writer = self._writer(current, self._joined_bases(current) if changed else {})
            wanted_here: dict[str, Any] = dict(current.root)
            for key in _FRAGMENT_KEYS:
                if key in changed and writer.write_in_place(key, changed[key]):
                    wanted_here[key] = changed[key]
            raw = writer.result()
            if raw != original and self._try(config.path, raw, wanted_here) is not None:
                # The configs that inherit from it override what it could not change.
                self._after.uncover(config.path)
                raw = original
            elif raw != original:
                self._edited_bases.add(config.path)
        final = self._after.resolve(config.path)
        return self._file_plan(config, raw, _differences(config, final, goal), [])

    def _refuse_leaks(
        self, config: ResolvedConfig, current: ResolvedConfig, goal: Goal, wanted: dict[str, Any]
    ) -> dict[str, Any]:
        """See that edited bases changed nothing here but what was planned.

        Returns:
            The top-level keys that are still to change, with what they must be.

        Raises:
            LeakError: If they did.
        """
        changed = changed_items(current.root, wanted)
        edited = self._edited_bases.intersection(config.files)
        differing = {*changed, *removed_keys(current.root, wanted)}
        # Where it is as wanted already, nothing can have leaked.
        if not edited or not leaks(config, current, goal, differing):
            return changed
        guilty = set()
        for base in edited:
            alone = Resolver({base: self._after.source(base).raw}, below=self._before)
            resolved = alone.resolve(config.path)
            if leaks(config, resolved, goal, {*resolved.root, *wanted}):
                guilty.add(base)
        if guilty:
            raise LeakError(guilty)
        return changed

    def _try(self, path: Path, raw: bytes, wanted: dict[str, Any]) -> str | None:
        """Overlay new bytes; name what then does not resolve as wanted."""
        self._after.overlay(path, raw)
        try:
            return _difference(self._after.resolve(path), wanted)
        except ConfigError as error:
            return error.message

    def _writer(self, config: ResolvedConfig, base: dict[str, Any]) -> ConfigWriter:
        return writer_for(config, base, inherited=config.path in self._inherited)

    def _joined_bases(self, config: ResolvedConfig) -> dict[str, Any]:
        joined: dict[str, Any] = {}
        for base in config.bases:
            joined.update(self._after.resolve(base).root)
        return joined

    def _file_plan(
        self, config: ResolvedConfig, raw: bytes, changes: list[Change], notes: list[str]
    ) -> FilePlan:
        before = config.parsed.source.raw
        bases = {path: self._raw_before(path) for path in config.files[1:]}
        old = {change.path: to_plain(value_at(config.root, change.path)) for change in changes}
        return FilePlan(config.path, before, raw, tuple(changes), tuple(notes), bases, old)

    def _raw_before(self, path: Path) -> bytes:
        """The bytes of a base, looked up once for all that inherit from it."""
        if path not in self._raw:
            self._raw[path] = self._before.resolve(path).parsed.source.raw
        return self._raw[path]


def _differences(before: ResolvedConfig, after: ResolvedConfig, goal: Goal) -> list[Change]:
    """What became different, with the goal's reason where it was aimed at."""
    reasons = {change.path: change.why for change in goal.changes}
    return [
        replace(change, why=reasons.get(change.path, "follows from its bases"))
        for change in differences(before.root, after.root)
    ]


def _difference(config: ResolvedConfig, wanted: dict[str, Any]) -> str | None:
    found = first_difference(config.root, wanted)
    return None if found is None else format_key_path(found)


def _in_order(changed: dict[str, Any]) -> dict[str, Any]:
    """The keys to write, those that this tool adds first and always in one order."""
    first = [key for key in _WRITTEN_KEYS if key in changed]
    return {key: changed[key] for key in dict.fromkeys([*first, *changed])}


def _refuse_unsuitable(config: ResolvedConfig) -> None:
    legacy = legacy_keys(config.root)
    if legacy:
        key = legacy[0]
        raise ConfigError(
            f"is an MMDetection 2.x config: a 3.x Runner ignores its {', '.join(legacy)}",
            where=config.origin(key).where,
            hint=f"Port it to 3.x first: {key} became {REPLACEMENTS[key]}.",
        )
    if "train_cfg" not in config.root:
        raise ConfigError(
            "has no train_cfg, so there is no training loop to migrate",
            where=str(config.path),
            hint="Name a config that trains; its bases are read along with it.",
        )
