"""Charts as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmscaffold.facts.units import Unit
from mmscaffold.pictures.chart import Chart
from mmscaffold.pictures.reduction import points
from mmscaffold.pictures.style import COLOURS, STYLES, save

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_KINDS = ("milestone", "validation", "checkpoint", "switch")
_MOST_TICKS = 400


def draw(charts: Sequence[Chart], path: Path) -> None:
    """Draw the schedules of some configs over each other, into a file.

    Args:
        charts: What to draw.
        path: Where to; its ending says as what.

    Raises:
        ValueError: If its ending is not one of ``FORMATS``.
        OSError: If it cannot be written.
    """
    save(lambda: _figure(charts), path, ", ".join(chart.name for chart in charts))


def _figure(charts: Sequence[Chart]) -> Figure:
    from matplotlib.figure import Figure

    parameters = list(dict.fromkeys(line.parameter for chart in charts for line in chart.lines))
    rows = [
        (chart, kind)
        for kind in _KINDS
        for chart in charts
        if any(mark.kind == kind for mark in chart.marks)
    ]
    heights = [3.0] * len(parameters) + [0.25 * len(rows) + 0.3]
    figure = Figure(figsize=(10, sum(heights) + 1.4), layout="constrained")
    axes = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)
    for axis, parameter in zip(axes[:-1, 0], parameters, strict=True):
        _draw_lines(axis, charts, parameter)
    _draw_marks(axes[-1, 0], charts, rows)
    axes[-1, 0].set_xlabel(_unit(charts))
    figure.suptitle("\n".join(chart.name for chart in charts), fontsize=10, parse_math=False)
    notes = _notes(charts)
    if notes:
        figure.text(0.01, -0.02, "\n".join(notes), fontsize=7, va="top", parse_math=False)
    return figure


def _draw_lines(axis: Any, charts: Sequence[Chart], parameter: str) -> None:
    number = 0
    for chart in charts:
        for line in chart.lines:
            if line.parameter != parameter:
                continue
            at, values = points(line.curve)
            parts = [chart.name] if len(charts) > 1 else []
            parts += [line.group] if line.group else []
            axis.plot(
                [chart.shown(one) for one in at],
                values,
                color=COLOURS[number % len(COLOURS)],
                linestyle=STYLES[number % len(STYLES)],
                linewidth=1.4,
                label=": ".join(parts) or parameter,
            )
            number += 1
        if chart is charts[0]:
            for span in chart.spans:
                axis.axvspan(
                    chart.shown(span.start), chart.shown(span.stop), color="0.9", zorder=0
                )
    for chart in charts:
        axis.axvline(chart.shown(chart.iterations), color="0.4", linewidth=0.8)
    axis.set_ylabel("learning rate" if parameter == "lr" else parameter)
    axis.set_ylim(bottom=0)
    axis.grid(visible=True, color="0.93")
    if number > 1:
        axis.legend(fontsize=7, loc="best")


def _draw_marks(axis: Any, charts: Sequence[Chart], rows: Sequence[tuple[Chart, str]]) -> None:
    labels = []
    for height, (chart, kind) in enumerate(reversed(rows)):
        marks = [mark for mark in chart.marks if mark.kind == kind]
        colour = COLOURS[_KINDS.index(kind)]
        at = [chart.shown(mark.iteration) for mark in marks]
        shown = at if len(at) <= _MOST_TICKS else at[:: -(-len(at) // _MOST_TICKS)]
        axis.plot(shown, [height] * len(shown), "|", color=colour, markersize=8)
        if kind == "switch":
            for mark, where in zip(marks, at, strict=True):
                is_late = mark.iteration > chart.iterations / 2
                axis.annotate(
                    mark.text,
                    (where, height),
                    fontsize=6,
                    xytext=(-3 if is_late else 3, 2),
                    textcoords="offset points",
                    ha="right" if is_late else "left",
                    parse_math=False,
                )
        labels.append(kind if len(charts) == 1 else f"{kind} {charts.index(chart) + 1}")
    axis.set_yticks(range(len(labels)), labels, fontsize=7)
    axis.set_ylim(-0.6, max(len(labels) - 0.4, 0.6))


def _unit(charts: Sequence[Chart]) -> str:
    units = {chart.unit for chart in charts}
    return units.pop().value if len(units) == 1 else "epochs or iterations, as each config counts"


def _notes(charts: Sequence[Chart]) -> list[str]:
    notes = [
        f"{chart.name}: an epoch is taken for {chart.per_epoch} iterations, which is a guess: "
        "--iters-per-epoch says how many there are."
        for chart in charts
        if chart.is_guess and chart.unit is Unit.EPOCHS
    ]
    notes += [
        f"{chart.name}: not known from iteration {one.iteration} on: {one}"
        for chart in charts
        for one in chart.breaks
    ]
    notes += [f"{chart.name}: {one}" for chart in charts for one in chart.left_out]
    return notes
