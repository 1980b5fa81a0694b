"""A schedule as a small picture: a few points of the learning rate, and what happens when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.pictures.chart import Chart, schedule_chart
from mmscaffold.pictures.reduction import points
from mmscaffold.schedule.curves import NotKnownError

WIDTH, HEIGHT = 120, 30
_POINTS = 60  # of each stretch of the curve
# All that the picture depends on.
_READ = (
    "train_cfg", "val_cfg", "param_scheduler", "optim_wrapper", "default_hooks", "custom_hooks",
    "default_scope", "optimizer", "lr_config", "momentum_config", "runner", "total_epochs",
    "total_iters", "optimizer_config", "log_config", "checkpoint_config", "evaluation",
    "auto_scale_lr",
)  # fmt: skip


@dataclass(frozen=True)
class Thumbnail:
    """A picture of ``WIDTH`` by ``HEIGHT``.

    Attributes:
        line: x and y of each point of the learning rate, one after the other; y is from above.
        milestones: Where the rate is lowered.
        switches: Where something is switched.
        highest: The highest learning rate.
        text: What it shows, or why there is none.
    """

    line: tuple[float, ...] = ()
    milestones: tuple[float, ...] = ()
    switches: tuple[float, ...] = ()
    highest: float = 0.0
    text: str = ""


class Thumbnails:
    """Makes the pictures of many configs; those of one schedule are made once."""

    def __init__(self) -> None:
        self._known: dict[str, Thumbnail] = {}

    def of(self, config: Mapping[str, Any]) -> Thumbnail:
        """The picture of a resolved config."""
        key = repr([to_plain(config.get(name)) for name in _READ])
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _thumbnail(config)
        return known


def _thumbnail(config: Mapping[str, Any]) -> Thumbnail:
    try:
        chart = schedule_chart(config, "")
    except NotKnownError as error:
        return Thumbnail(text=f"not known: {error}")
    return _drawn(chart)


def _drawn(chart: Chart) -> Thumbnail:
    curve = next(one.curve for one in chart.lines if one.parameter == "lr")
    at, values = points(curve, _POINTS)
    if not values:
        return Thumbnail(text="not known")
    highest = max(values)
    across = WIDTH / max(chart.iterations, 1)
    up = HEIGHT - 2
    line: list[float] = []
    before: tuple[float, float] | None = None
    for iteration, value in zip(at, values, strict=True):
        point = (
            round(iteration * across, 1),
            round(HEIGHT - 1 - value / (highest or 1.0) * up, 1),
        )
        if point != before:
            line += point
            before = point
    marks = {
        kind: tuple(
            sorted({round(m.iteration * across, 1) for m in chart.marks if m.kind == kind})
        )
        for kind in ("milestone", "switch")
    }
    text = [f"{chart.unit.count(round(chart.shown(chart.iterations)))}, up to {highest:g}"]
    text += [
        f"{mark.text} (at {chart.shown(mark.iteration):g})"
        for mark in chart.marks
        if mark.kind in marks
    ]
    return Thumbnail(tuple(line), marks["milestone"], marks["switch"], highest, "; ".join(text))
