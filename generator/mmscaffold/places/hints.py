"""What is shown within the text: what its dicts inherit, and steps in the other unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.training_data import epoch_of
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.facts.schedulers import Role
from mmscaffold.facts.units import Unit
from mmscaffold.places.config_text import ConfigText, inherited_by, value_in
from mmscaffold.places.outline import Bracket, Item
from mmscaffold.places.values_text import short
from mmscaffold.schedule.steps import counts_epochs, is_place

_MOST_SHOWN = 3
_LONGEST_VALUE = 24
_COUNTS = ("begin", "end", "milestones")
_ABSENT = object()


@dataclass(frozen=True)
class Hint:
    """A few words that the text does not have.

    Attributes:
        offset: Where they are shown, in characters.
        label: The words.
        told: More about them.
    """

    offset: int
    label: str
    told: str


def hints_in(config: ConfigText, start: int, end: int) -> list[Hint]:
    """What is to be shown between two offsets, in order."""
    if config.config is None:
        return []
    found = [*_inherited(config, start, end), *_other_units(config, start, end)]
    return sorted(found, key=lambda one: one.offset)


# What is inherited


def _inherited(config: ConfigText, start: int, end: int) -> Iterator[Hint]:
    document = config.outline.document
    pending: list[tuple[Item, tuple[Bracket, ...]]] = [
        (item, (document,) if document is not None else ()) for item in config.outline.statements
    ]
    while pending:
        item, around = pending.pop()
        if item.end < start or item.start > end:
            continue
        bracket = item.bracket
        if bracket is None or not bracket.is_dict:
            yield from _overridden(config, item, around, start, end)
        else:
            yield from _not_restated(config, bracket, around, start, end)
        if bracket is not None:
            pending += [(inner, (*around, bracket)) for inner in bracket.items]


def _overridden(
    config: ConfigText, item: Item, around: tuple[Bracket, ...], start: int, end: int
) -> Iterator[Hint]:
    """What a value was in the bases, if it was another one."""
    if item.key is None or not around or not start <= item.end <= end:
        return
    if config.outline.document is not None and around == (config.outline.document,):
        inherited: Any = config.base_values
    else:
        inherited = inherited_by(config, around)
    before = value_in(inherited, (item.key,), _ABSENT)
    now = _ABSENT if item.path is None else config.value(item.path, _ABSENT)
    if before is _ABSENT or now is _ABSENT or isinstance(before, Unknown) or item.key == "type":
        return
    if isinstance(before, dict | list | tuple) or isinstance(now, dict | list | tuple):
        return
    if type(before) is type(now) and before == now:
        return
    told = f"The bases set {format_key_path(item.path or ())} = {short(before)}"
    yield Hint(item.end, f"was {short(before, _LONGEST_VALUE)}", told)


def _not_restated(
    config: ConfigText, bracket: Bracket, around: tuple[Bracket, ...], start: int, end: int
) -> Iterator[Hint]:
    """The keys that a dict has of its bases, beside those that it writes."""
    base = inherited_by(config, (*around, bracket))
    if not isinstance(base, Mapping) or not start <= bracket.start <= end:
        return
    written = {item.key for item in bracket.items}
    # A type comes first: it says what the rest are. Then what can be shown whole.
    rest = [key for key in base if key not in written and isinstance(key, str)]
    rest.sort(key=lambda key: (key != "type", isinstance(base[key], dict | list)))
    if not rest or not written:
        return
    shown = ", ".join(f"{key}={short(base[key], _LONGEST_VALUE)}" for key in rest[:_MOST_SHOWN])
    more = f", +{len(rest) - _MOST_SHOWN}" if len(rest) > _MOST_SHOWN else ""
    told = "Inherited from the bases:\n" + "\n".join(f"{key}={short(base[key])}" for key in rest)
    yield Hint(bracket.inside[0], f"{shown}{more}", told)


# Steps in the other unit


def _other_units(config: ConfigText, start: int, end: int) -> Iterator[Hint]:
    if not config.is_current:
        return
    view = config.view
    units = counted(view)
    wanted = [
        item
        for item in config.outline.items()
        if item.path in units and not item.brackets and start <= item.end <= end
    ]
    epoch = epoch_of(view) if wanted else None
    if epoch is None or epoch.iterations <= 0:
        return
    for item in wanted:
        assert item.path is not None
        value, unit = config.value(item.path), units[item.path]
        if not is_place(value) or value == 0:
            continue
        yield Hint(item.end, f"≈ {_converted(value, unit, epoch.iterations)}", epoch.told)


def _converted(value: float, unit: Unit, iterations: int) -> str:
    if unit is Unit.EPOCHS:
        return f"{round(value * iterations):,} {Unit.ITERATIONS.value}"
    epochs = round(value / iterations, 1)
    return f"{epochs:g} {Unit.EPOCHS.value}"


def counted(view: ConfigView) -> dict[KeyPath, Unit]:
    """The key paths of a config that count epochs or iterations, and which."""
    found: dict[KeyPath, Unit] = {}
    if view.length is not None:
        found[view.length.path] = view.length.unit
    if view.unit is not None:
        for key in ("val_interval", "val_begin"):
            found["train_cfg", key] = view.unit
    for scheduler in view.schedulers:
        periods = [one for one, role in scheduler.family.steps.items() if role not in (Role.WAIT,)]
        for key in (*_COUNTS, *periods):
            value = scheduler.values.get(key)
            place = (*scheduler.path, key)
            if isinstance(value, list | tuple):
                found.update({(*place, index): scheduler.unit for index in range(len(value))})
            else:
                found[place] = scheduler.unit
    for path, values, hook in view.known_hooks:
        for step in hook.steps:
            if len(step.where) > 1:
                continue
            unit = step.unit
            if unit is None and hook.flag is not None:
                flag = counts_epochs(values, hook.flag)
                unit = None if flag is None else Unit.EPOCHS if flag else Unit.ITERATIONS
            elif unit is None:
                unit = view.unit
            if unit is not None:
                found[(*path, step.argument)] = unit
    return found
