"""What there is to draw of a config: the curves of its optimizers, and what happens when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mmscaffold.facts.units import Unit
from mmscaffold.pictures.legacy_moments import legacy_marks, legacy_spans
from mmscaffold.pictures.moments import Mark, Span, marks_of, spans_of
from mmscaffold.schedule.curves import (
    LEARNING_RATE,
    Break,
    Curve,
    NotKnownError,
    Setup,
    mmcv_curve,
    mmengine_curve,
    named_groups,
    scheduled_parameters,
)
from mmscaffold.schedule.curves.mmcv import mmcv_length
from mmscaffold.schedule.curves.setup import timeline
from mmscaffold.schedule.legacy import legacy_keys

__all__ = ["Chart", "Line", "Mark", "Span", "schedule_chart"]

GUESSED_ITERATIONS = 1000
"""Iterations of an epoch, where nothing tells them: a guess, and named as such."""

MOST_ITERATIONS = 50_000_000
"""Of a training that is drawn: 400 epochs of COCO, image by image."""


@dataclass(frozen=True)
class Line:
    """One curve.

    Attributes:
        parameter: ``lr``, ``momentum``, ...
        group: Which parameters of the model; empty for those without a rule of their own.
        curve: The values, by iteration from 0.
    """

    parameter: str
    group: str
    curve: Curve


@dataclass(frozen=True)
class Chart:
    """The schedule of one config.

    Attributes:
        name: Of the config, for people.
        unit: What the train loop counts.
        iterations: The length of the training, in iterations.
        per_epoch: Iterations of an epoch.
        is_guess: Whether nothing told ``per_epoch``.
        lines: The curves.
        marks: What happens at some iteration.
        spans: What lasts from one iteration to another.
        breaks: Where curves stop to be known, and why.
        left_out: What is not shown, for people.
    """

    name: str
    unit: Unit
    iterations: int
    per_epoch: int
    is_guess: bool
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...] = ()
    spans: tuple[Span, ...] = ()
    breaks: tuple[Break, ...] = ()
    left_out: tuple[str, ...] = ()

    def shown(self, iteration: float) -> float:
        """An iteration in the unit of the training: after how many epochs, or iterations."""
        return iteration / self.per_epoch if self.unit is Unit.EPOCHS else iteration


def schedule_chart(
    config: Mapping[str, Any], name: str, *, per_epoch: int | None = None, gpus: int | None = None
) -> Chart:
    """What there is to draw of a config, of mmengine or of MMDetection 2.x.

    Args:
        config: A resolved config.
        name: What to call it.
        per_epoch: Iterations of an epoch; a guess by default, where they matter.
        gpus: Processes that train at once, for ``auto_scale_lr``.

    Raises:
        NotKnownError: If the length of the training, or the first learning rate, is not known, or
            there are more iterations than ``MOST_ITERATIONS``.
    """
    is_guess = per_epoch is None
    setup = Setup(iterations_per_epoch=per_epoch or GUESSED_ITERATIONS, gpus=gpus)
    if legacy_keys(config):
        return _of_mmcv(config, name, setup, is_guess=is_guess)
    times = timeline(config, setup)
    if times.unit is None or times.max_iters is None:
        raise NotKnownError(Break(0, "the length of the training is not known", ("train_cfg",)))
    _refuse_endless(times.max_iters)
    marks, left_out = marks_of(config, times)
    chart = Chart(
        name,
        times.unit,
        times.max_iters,
        setup.iterations_per_epoch or 1,
        is_guess and times.unit is Unit.EPOCHS,
        tuple(_lines(config, setup)),
        tuple(marks),
        tuple(spans_of(config, times)),
        left_out=tuple(left_out),
    )
    return _with_breaks(chart)


def _of_mmcv(config: Mapping[str, Any], name: str, setup: Setup, *, is_guess: bool) -> Chart:
    length = mmcv_length(config, setup)
    _refuse_endless(length.iterations)
    lines = [Line(LEARNING_RATE, "", mmcv_curve(config, setup=setup))]
    if config.get("momentum_config") is not None:
        lines.append(Line("momentum", "", mmcv_curve(config, "momentum", setup=setup)))
    marks, left_out = legacy_marks(config, length)
    chart = Chart(
        name,
        Unit.EPOCHS if length.by_epoch else Unit.ITERATIONS,
        length.iterations,
        length.batches or 1,
        is_guess and length.by_epoch,
        tuple(lines),
        tuple(marks),
        tuple(legacy_spans(config, length)),
        left_out=tuple(left_out),
    )
    return _with_breaks(chart)


def _refuse_endless(iterations: int) -> None:
    if iterations > MOST_ITERATIONS:
        reason = f"it trains {iterations} iterations; at most {MOST_ITERATIONS} are drawn"
        raise NotKnownError(Break(0, reason))


def _lines(config: Mapping[str, Any], setup: Setup) -> Iterator[Line]:
    parameters = scheduled_parameters(config) or [("", LEARNING_RATE)]
    if not any(parameter == LEARNING_RATE for _, parameter in parameters):
        parameters.insert(0, ("", LEARNING_RATE))
    for optimizer, parameter in parameters:
        if parameter != LEARNING_RATE:
            curve = mmengine_curve(config, parameter, setup=setup, optimizer=optimizer)
            yield Line(parameter, optimizer, curve)
            continue
        for group, initial in _groups(config, optimizer, setup):
            curve = mmengine_curve(
                config, LEARNING_RATE, setup=setup, optimizer=optimizer, initial=initial
            )
            label = f"{optimizer}: {group}" if optimizer and group else optimizer or group
            yield Line(LEARNING_RATE, label, curve)


def _groups(
    config: Mapping[str, Any], optimizer: str, setup: Setup
) -> list[tuple[str, float | None]]:
    """The groups with rates of their own; those with the same rate are one."""
    try:
        named = named_groups(config, optimizer, setup)
    except NotKnownError:
        named = None
    if named is None:
        return [("", None)]
    joined: dict[float, list[str]] = {}
    for name, value in named:
        joined.setdefault(value, []).append(name)
    base = named[0][1]
    return [("" if value == base else ", ".join(names), value) for value, names in joined.items()]


def _with_breaks(chart: Chart) -> Chart:
    breaks = [line.curve.break_ for line in chart.lines]
    known = tuple(dict.fromkeys(one for one in breaks if one is not None))
    if known and all(one is not None and one.iteration == 0 for one in breaks):
        raise NotKnownError(known[0])
    return replace(chart, breaks=known)
