"""Give a config another training length, with everything that depends on it.

A length that a variable of the file sets is changed there, and what is computed from the
variable follows automatically. What does not follow, or follows to where it makes no sense
(``end=max_epochs - 15`` of 7 epochs), is moved by ``schedule/``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mmscaffold.check.known_code import KnownCode
from mmscaffold.config.change import Change, apply, differences, overlap, value_at
from mmscaffold.config.edit.python import replace
from mmscaffold.config.edit.spans import apply_edits
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import Unknown, to_plain
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.facts.loops import UNIT_OF_MAXIMUM
from mmscaffold.facts.runner import HOOK_KEYS, KNOWN_KEYS
from mmscaffold.facts.units import Unit
from mmscaffold.migrate.lineage import known_config
from mmscaffold.migrate.task import NewLength
from mmscaffold.schedule.consistency import is_consistent_schedule
from mmscaffold.schedule.rescale import rescale
from mmscaffold.schedule.stages import Stages
from mmscaffold.schedule.steps import is_step
from mmscaffold.schedule.training_length import TrainingLength, training_length
from mmscaffold.schedule.unknown_values import unknown_beside, unknown_of_schedulers

_MOST_NAMED = 5


@dataclass(frozen=True)
class LengthPlan:
    """How one config gets its new length.

    Attributes:
        raw: The file with its variable changed, or as it is.
        changes: The differences to make in the resolved config.
        notes: What is left alone, and why.
    """

    raw: bytes
    changes: list[Change]
    notes: list[str]


def plan_length(
    config: ResolvedConfig,
    new: NewLength,
    resolve_with: Callable[[bytes], ResolvedConfig],
    known_code: KnownCode,
) -> LengthPlan:
    """Plan a new training length.

    Args:
        config: The config as it resolves now.
        new: The length to give it.
        resolve_with: Resolves the config as if its file held other bytes, over bases that
            are planned already.
        known_code: The code of the project, which tells what its own hooks derive from.

    Raises:
        ConfigError: If it sets no length that is known, or counts in the other unit, or its
            schedule cannot be known, or has more stages than the new length has steps.
    """
    length = known_length(config)
    raw = config.parsed.source.raw
    if length.unit is not new.unit:
        option, other = "--max-epochs", "--to-iters"
        if length.unit is Unit.ITERATIONS:
            option, other = "--max-iters", "--to-epochs"
        raise ConfigError(
            f"trains by {length.unit.value}: {format_key_path(length.path)} = {length.maximum}",
            where=config.origin(length.path).where,
            hint=f"Use {option}, or change the unit first, with {other}.",
        )
    if length.maximum == new.maximum:
        return LengthPlan(raw, [], [])
    refuse_unknown_schedulers(config, length)
    known = known_config(config, known_code)
    plain = known.plain
    moved = rescale(plain, length, new.maximum)
    variable = _variable_changed(config, length, new.maximum)
    followed = _followed(config, variable or raw, resolve_with)
    if followed is None or (variable and not _is_reached(followed, length, new.maximum)):
        variable = None
        followed = _followed(config, raw, resolve_with) or {}
    stages = Stages(plain, length, new.maximum)
    changes = _choose(stages, followed, moved.changes)
    _refuse_left_behind(config, new, moved.refused, changes)
    derived = known.notes([change.path for change in changes], moved.notes)
    unknown = notes_on_unknown(config)
    kept = _note_on_kept(config, variable, resolve_with)
    return LengthPlan(variable or raw, changes, [*moved.notes, *kept, *unknown, *derived])


def _refuse_left_behind(
    config: ResolvedConfig,
    new: NewLength,
    refused: list[tuple[KeyPath, str]],
    changes: list[Change],
) -> None:
    """Refuse a length for which the schedule has no room, unless the config itself makes some.

    Raises:
        ConfigError: If it is so.
    """
    for path, reason in refused:
        if any(path == change.path[: len(path)] for change in changes):
            continue
        raise ConfigError(
            f"{format_key_path(path)} cannot be moved: {reason}",
            where=config.origin(path).where,
            hint=f"Train longer than {new.unit.count(new.maximum)}, or write a schedule for that "
            "length by hand first.",
        )


def known_length(config: ResolvedConfig) -> TrainingLength:
    """The training length of a config.

    Raises:
        ConfigError: If it sets none that is known.
    """
    length = training_length(config.root)
    if length is None:
        for path in (("train_cfg",), *(("train_cfg", key) for key in UNIT_OF_MAXIMUM)):
            value = config.get(path)
            if isinstance(value, Unknown):
                raise _cannot_be_known(path, value)
        raise ConfigError(
            "sets no known training length",
            where=str(config.path),
            hint="It needs max_epochs or max_iters in train_cfg.",
        )
    return length


def refuse_unknown_schedulers(config: ResolvedConfig, length: TrainingLength) -> None:
    """Refuse a schedule of which only running code could tell where it lies.

    Raises:
        ConfigError: If it is one: half of it moved would be wrong without a word.
    """
    for path, value in unknown_of_schedulers(config.root, length.unit):
        raise _cannot_be_known(path, value)


def notes_on_unknown(config: ResolvedConfig) -> list[str]:
    """What is left alone of hooks and validations, because it cannot be known."""
    return [
        f"{format_key_path(path)} left alone: it cannot be known: {value.reason}"
        for path, value in unknown_beside(config.root)
    ]


def _cannot_be_known(path: KeyPath, value: Unknown) -> ConfigError:
    return ConfigError(
        f"{format_key_path(path)} cannot be known: {value.reason}",
        where=value.where,
        hint="Write it as a literal, then migrate again.",
    )


def _variable_changed(config: ResolvedConfig, length: TrainingLength, new: int) -> bytes | None:
    """The file with the variable that sets the length changed, if there is one in it."""
    direct = config.origin(length.path)
    written = direct.written
    node = written.node if written.parsed is config.parsed and written is not direct else None
    if node is None:
        node = _variable_of_the_same_name(config, length)
    if not isinstance(node, ast.Constant):
        return None
    edit = replace(config.python, node, str(new))
    return apply_edits(config.parsed.source, [edit])


def _variable_of_the_same_name(config: ResolvedConfig, length: TrainingLength) -> Any:
    """What the file assigns to ``max_epochs``, although its ``train_cfg`` comes from elsewhere."""
    name = length.path[-1]
    if not isinstance(config.parsed, ParsedSource):
        return None
    values = [
        node.value
        for node in config.parsed.tree.body
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    # Where it says something else, the length may still be computed from it (`2 * max_epochs`).
    is_length = (
        values
        and isinstance(values[-1], ast.Constant)
        and is_step(values[-1].value)
        and values[-1].value == length.maximum
    )
    return values[-1] if is_length else None


def _is_reached(followed: Mapping[KeyPath, Any], length: TrainingLength, new: int) -> bool:
    """Whether a changed variable leads to the new length, or leaves the old one as it is."""
    return bool(followed.get(length.path, new) == new)


def _followed(
    config: ResolvedConfig,
    raw: bytes,
    resolve_with: Callable[[bytes], ResolvedConfig],
) -> dict[KeyPath, Any] | None:
    """What comes with a changed variable, or from bases that have the new length already.

    Returns:
        The values by path; ``None`` if the config does not resolve with ``raw``.
    """
    try:
        after = resolve_with(raw)
    except ConfigError:
        return None
    if after is config:
        return {}
    return {
        change.path: change.new
        for change in differences(to_plain(config.root), to_plain(after.root))
        if _depends_on_length(change.path)
    }


def _note_on_kept(
    config: ResolvedConfig,
    variable: bytes | None,
    resolve_with: Callable[[bytes], ResolvedConfig],
) -> list[str]:
    """What to say of values that a changed length reaches, and that stay as they were.

    A variable may be in two roles (``layers=n``, ``max_epochs=n``), and a child may read it of its
    bases: only what is known to belong to the length follows it.
    """
    after = resolve_with(variable or config.parsed.source.raw)
    if after is config:
        return []
    kept = [
        format_key_path(change.path)
        for change in differences(to_plain(config.root), to_plain(after.root))
        if not _depends_on_length(change.path) and not _is_of_classes(change.path)
    ]
    if not kept:
        return []
    more = f" and {len(kept) - _MOST_NAMED} more" if len(kept) > _MOST_NAMED else ""
    they = "they are" if len(kept) > 1 else "it is"
    source = "the length of its bases" if variable is None else "the variable of the length"
    return [
        f"{', '.join(kept[:_MOST_NAMED])}{more} kept as before: {they} computed from {source}, "
        "and whether that is meant is not known"
    ]


def _is_of_classes(path: KeyPath) -> bool:
    """Whether a value names a class, or registers some: bases may be moved onto others."""
    return path[-1] in ("type", "by_epoch") or path[0] in ("custom_imports", "runner_type")


def _depends_on_length(path: KeyPath) -> bool:
    """Whether a value is a length, or a variable; not a class that bases were moved onto."""
    if _is_of_classes(path):
        return False
    return path[0] in ("train_cfg", "param_scheduler", *HOOK_KEYS) or path[0] not in KNOWN_KEYS


def _choose(stages: Stages, followed: Mapping[KeyPath, Any], moves: list[Change]) -> list[Change]:
    """Per group of values that belong together: what followed, or else what must move.

    The parts of a stage stay together: as the config itself relates them to its length, or
    else all moved.
    """
    parts = {_group(path) for path in stages.paths()}
    hooks = {part for part in parts if part[0] in HOOK_KEYS}
    unforced = [move for move in moves if _group(move.path) not in hooks]
    rest = {path: value for path, value in followed.items() if _group(path) not in parts}
    mixed = _follow(stages, followed, moves)
    choices = [mixed, _follow(stages, rest, moves)]
    if followed:
        choices.insert(0, _follow(stages, followed, unforced))
    together = (each for each in choices if stages.stay_together(apply(stages.config, each)))
    return next(together, mixed)


def _follow(stages: Stages, followed: Mapping[KeyPath, Any], moves: list[Change]) -> list[Change]:
    groups = {_group(path) for path in followed} | {_group(move.path) for move in moves}
    changes: list[Change] = []
    for group in sorted(groups, key=str):
        own_moves = [move for move in moves if _group(move.path) == group]
        mixed = list(own_moves)
        for path, value in followed.items():
            if _group(path) == group:
                mixed = [other for other in mixed if not overlap(other.path, path)]
                mixed.append(Change(path, value, "follows automatically"))
        changes += mixed if _makes_sense(group, stages, mixed) else own_moves
    return changes


def _group(path: KeyPath) -> KeyPath:
    """The values that must agree with each other: all schedulers; one hook; one key."""
    return path[:2] if path[0] in HOOK_KEYS else path[:1]


def _makes_sense(group: KeyPath, stages: Stages, changes: list[Change]) -> bool:
    if group == ("param_scheduler",):
        return is_consistent_schedule(apply(stages.config, changes), stages.new)
    length = stages.length.path
    if group == length[:1] and value_at(apply(stages.config, changes), length) != stages.new:
        # `_base_.max_epochs * 3` follows to three times the length that was asked for.
        return False
    if len(group) == 2 or group == ("train_cfg",):
        return all(
            not isinstance(change.new, int) or isinstance(change.new, bool) or change.new >= 0
            for change in changes
        )
    return True
