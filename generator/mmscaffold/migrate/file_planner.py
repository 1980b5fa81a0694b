"""Plan one config file: what it must resolve to, and which edited bases must not reach it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mmscaffold.check.config_rules.length_in_name import check as length_in_name
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.known_code import KnownCode
from mmscaffold.config.change import (
    Change,
    changed_items,
    differences,
    first_difference,
    removed_keys,
    value_at,
)
from mmscaffold.config.edit.comments import lost_comments
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import Unknown, to_plain
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.facts.loops import LOOP_KEYS
from mmscaffold.migrate.file_editor import FileEditor
from mmscaffold.migrate.goal import Goal
from mmscaffold.migrate.leaks import LeakError, differs_only_in, leaks
from mmscaffold.migrate.length import LengthPlan, plan_length
from mmscaffold.migrate.plan import FilePlan
from mmscaffold.migrate.selection import SelectedConfig, refuse_legacy
from mmscaffold.migrate.task import NewLength, NewUnit, Step, Task
from mmscaffold.migrate.unit import plan_unit
from mmscaffold.schedule.training_length import training_length


class FilePlanner:
    """Plans the files of a run, one by one, each over the edits of those before it.

    Args:
        before: Resolves the files as they are.
        after: Resolves them as planned so far; each plan is laid over it.
        task: What to do.
        inherited: The files that others inherit from.
    """

    def __init__(
        self, before: Resolver, after: Resolver, task: Task, inherited: set[Path]
    ) -> None:
        self._before = before
        self._after = after
        self._task = task
        self._editor = FileEditor(after, inherited)
        self._left_alone: dict[Path, Path] = {}
        self._edited_bases: set[Path] = set()
        self._raw: dict[Path, bytes] = {}
        self._known_code = KnownCode()

    def leave_alone(self, blocked: Mapping[Path, Path]) -> set[Path]:
        """Edit some files no more.

        Args:
            blocked: The files, each with the config that would change where it must not.

        Returns:
            Those that were not left alone before.
        """
        new = {path: heir for path, heir in blocked.items() if path not in self._left_alone}
        self._left_alone.update(new)
        return set(new)

    def forget(self, path: Path) -> None:
        """Forget what was planned for a file."""
        self._edited_bases.discard(path)

    def plan(self, selected: SelectedConfig) -> FilePlan | None:
        """Plan one file.

        Returns:
            ``None`` for a config elsewhere that does not change with its bases.

        Raises:
            ConfigError: If it cannot be migrated.
            LeakError: If it can, once the edits of some bases are not made.
        """
        config = selected.config
        if self._task.fixes is not None:
            fixes = self._task.fixes.get(config.path, ())
            if selected.is_heir:
                return self._plan_fixed_with_bases(config, fixes)
            return self._plan_fixes(config, fixes)
        task = self._task
        is_whole = selected.named or _can_run(config)
        if selected.is_heir:
            current = self._after.resolve(config.path)
            if first_difference(current.root, config.root) is None:
                return None
            if isinstance(task.length, NewLength) and not _has_length(current, task.length):
                # It sets its own length: nobody asked for another one.
                task = replace(task, length=None)
            # Half of a schedule must not change with the bases, either.
            is_whole |= _trains(config) and _is_moved(config, current)
        if is_whole:
            self._refuse_left_alone(config)
            _refuse_unsuitable(config)
            return self._plan_whole(config, task)
        return self._plan_fragment(config)

    def keep(self, config: ResolvedConfig, reason: ConfigError) -> FilePlan | None:
        """Plan that a config resolves as before, over bases that are edited.

        Args:
            config: The config.
            reason: Why it cannot be migrated.

        Returns:
            ``None`` if it does so by itself.

        Raises:
            ConfigError: If no edit of it leads there.
        """
        current = self._after.resolve(config.path)
        if first_difference(current.root, config.root) is None:
            return None
        raw = self._editor.write(config, current, config.root)
        note = (
            f"edited so that it stays as it was over its edited bases, because it {reason.message}"
        )
        return self._file_plan(config, raw, [], [note])

    def _refuse_left_alone(self, config: ResolvedConfig) -> None:
        heir = self._left_alone.get(config.path)
        if heir is not None:
            raise ConfigError(
                f"is not changed, because {heir} inherits from it and would change where it must "
                "not",
                where=str(config.path),
                hint="Migrate or correct that config first, or have it inherit from another.",
            )

    def _plan_whole(self, config: ResolvedConfig, task: Task) -> FilePlan:
        length = self._length_plan(config, task)
        goal = Goal(config, task, length.changes)
        goal.register_project()
        goal.notes += length.notes
        goal.follow(self._after.resolve(config.path))
        raw = self._write_goal(config, goal, length.raw)
        if length.changes:
            goal.notes += self._misnamed(config)
        plan = self._file_plan(config, raw, goal.changes, goal.notes)
        return replace(plan, declined=frozenset(goal.declined))

    def _misnamed(self, config: ResolvedConfig) -> list[str]:
        """What to say of a file whose name states the length that it had, as MMS125 would."""

        def found(one: ResolvedConfig) -> list[str]:
            return [each.message for each in length_in_name(ConfigView(one, self._known_code))]

        new = found(self._after.resolve(config.path)) if not found(config) else []
        return [f"{message}: rename {config.path.name}" for message in new]

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
        heir = self._left_alone[config.path]
        note = f"left alone: {heir} inherits from it and would change where it must not"
        return self._file_plan(config, raw, _differences(config, current, goal), [note])

    def _plan_fixed_with_bases(
        self, config: ResolvedConfig, fixes: tuple[Change, ...]
    ) -> FilePlan | None:
        """See that a config elsewhere changes with its bases by nothing but fixes of its own.

        Returns:
            ``None`` if it does not change.

        Raises:
            LeakError: If it changes in any other way.
        """
        current = self._after.resolve(config.path)
        if first_difference(current.root, config.root) is None:
            return None
        if not differs_only_in(config, current, fixes):
            guilty = self._guilty(config, lambda one: not differs_only_in(config, one, fixes))
            raise LeakError(guilty or self._edited_bases.intersection(config.files))
        goal = Goal(config, self._task, fixes)
        return self._file_plan(
            config, config.parsed.source.raw, _differences(config, current, goal), []
        )

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
        return self._editor.write(config, current, wanted)

    def _length_plan(self, config: ResolvedConfig, task: Task) -> LengthPlan:
        may_train = _trains(config) or isinstance(config.root.get("train_cfg"), Unknown)
        new = task.length if task.does(Step.LENGTH) and may_train else None
        if isinstance(new, NewLength):
            return plan_length(config, new, self._resolver_with(config.path), self._known_code)
        if isinstance(new, NewUnit):
            return plan_unit(config, new, task.class_map, self._known_code)
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
            raw = self._editor.change_in_place(config, current, changed)
            if raw != original:
                self._edited_bases.add(config.path)
        final = self._after.resolve(config.path)
        plan = self._file_plan(config, raw, _differences(config, final, goal), [])
        return replace(plan, left_alone=_why_left_alone(config))

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
        guilty = self._guilty(config, lambda one: leaks(config, one, goal, {*one.root, *wanted}))
        if guilty:
            raise LeakError(guilty)
        return changed

    def _guilty(
        self, config: ResolvedConfig, is_leak: Callable[[ResolvedConfig], bool]
    ) -> set[Path]:
        """The edited bases of a config that alone make of it what they must not."""
        guilty = set()
        for base in self._edited_bases.intersection(config.files):
            alone = Resolver({base: self._after.source(base).raw}, below=self._before)
            if is_leak(alone.resolve(config.path)):
                guilty.add(base)
        return guilty

    def _file_plan(
        self, config: ResolvedConfig, raw: bytes, changes: list[Change], notes: list[str]
    ) -> FilePlan:
        before = config.parsed.source.raw
        bases = {path: self._raw_before(path) for path in config.files[1:]}
        old = {change.path: to_plain(value_at(config.root, change.path)) for change in changes}
        if raw is not before:
            notes = notes + _on_lost_comments(config.path, before, raw)
        return FilePlan(config.path, before, raw, tuple(changes), tuple(notes), bases, old)

    def _raw_before(self, path: Path) -> bytes:
        """The bytes of a base, looked up once for all that inherit from it."""
        if path not in self._raw:
            self._raw[path] = self._before.resolve(path).parsed.source.raw
        return self._raw[path]


def _on_lost_comments(path: Path, before: bytes, after: bytes) -> list[str]:
    """What to say of comments that an edit took out: those within what it replaced."""
    return [
        f"{path}:{line}: this comment is gone with the value or key that it stood in: {text}"
        for line, text in lost_comments(path, before, after)
    ]


def _trains(config: ResolvedConfig) -> bool:
    return isinstance(config.root.get("train_cfg"), dict)


def _can_run(config: ResolvedConfig) -> bool:
    """Whether a config is whole: it holds a model, and a loop to train or to evaluate it."""
    return "model" in config.root and any(
        isinstance(config.root.get(key), dict) for key in LOOP_KEYS
    )


def _is_moved(config: ResolvedConfig, current: ResolvedConfig) -> bool:
    """Whether more than classes, and what registers them, comes with the edits of its bases."""
    return any(
        change.path[-1] not in ("type", "by_epoch")
        and change.path[0] not in ("custom_imports", "runner_type")
        for change in differences(config.root, current.root)
    )


def _why_left_alone(config: ResolvedConfig) -> str:
    """What to say of a base in whose run there is no config that inherits from it."""
    start = "left alone as a base, of which only the names of classes change"
    if _trains(config):
        return (
            f"{start}: it has a training loop and no model; to have its loop and its length "
            "changed all the same, name the file itself"
        )
    return f"{start}: it has no training loop; name the configs that inherit from it"


def _has_length(config: ResolvedConfig, new: NewLength) -> bool:
    length = training_length(config.root)
    return length is not None and (length.unit, length.maximum) == (new.unit, new.maximum)


def _differences(before: ResolvedConfig, after: ResolvedConfig, goal: Goal) -> list[Change]:
    """What became different, with the goal's reason where it was aimed at."""
    reasons = {change.path: change.why for change in goal.changes}
    return [
        change._replace(why=reasons.get(change.path, "follows from its bases"))
        for change in differences(before.root, after.root)
    ]


def _refuse_unsuitable(config: ResolvedConfig) -> None:
    """Refuse a named file that is not whole, and a config of 2.x."""
    refuse_legacy(config)
    if "train_cfg" not in config.root and not _can_run(config):
        raise ConfigError(
            "has no train_cfg, so there is no training loop to migrate",
            where=str(config.path),
            hint="Name a config that trains; its bases are read along with it.",
        )
