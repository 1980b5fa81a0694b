"""Panels as files, in the colours and formats of all pictures."""

from __future__ import annotations

import datetime
import math
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmscaffold.pictures.panels import Panel, Role, RunPicture, Scale, Trace
from mmscaffold.pictures.style import COLOURS, save

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STYLES = {
    Role.LOG: (COLOURS[0], "-", 1.6),
    Role.CONFIG: (COLOURS[1], "--", 1.3),
    Role.CHECKPOINT: (COLOURS[2], "-.", 1.3),
}
_OTHERS = ((COLOURS[0], "-"), (COLOURS[4], "--"), (COLOURS[5], ":"))
_PARTED = COLOURS[3]
_MOST_TICKS = 8
_MOST_MARKS = 400
_WIDE = 170  # characters of a line of notes


def draw_panels(picture: RunPicture, path: Path) -> None:
    """Draw panels below each other, into a file.

    Args:
        picture: What to draw.
        path: Where to; its ending says as what.

    Raises:
        ValueError: If its ending is not one of ``FORMATS``.
        OSError: If it cannot be written.
    """
    save(lambda: _figure(picture), path, picture.title)


def _figure(picture: RunPicture) -> Figure:
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter

    heights = [
        0.32 * len(panel.traces) + 0.3 if panel.scale is Scale.ROWS else 2.0
        for panel in picture.panels
    ]
    figure = Figure(figsize=(10, sum(heights) + 1.2), layout="constrained")
    axes = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)[
        :, 0
    ]
    for axis, panel in zip(axes, picture.panels, strict=True):
        _draw_panel(axis, panel)
        for number, seam in enumerate(picture.seams):
            label = "next run" if number == 0 and axis is axes[0] else None
            axis.axvline(seam, color="0.4", linewidth=1, linestyle=(0, (1, 2)), label=label)
        if panel.scale is not Scale.ROWS and axis.get_legend_handles_labels()[0]:
            axis.legend(loc="best", fontsize=7, frameon=False)
    axes[-1].set_xlabel("iterations run")
    axes[-1].xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    figure.align_ylabels()
    figure.suptitle(picture.title, fontsize=10, parse_math=False)
    lines = [part for note in picture.notes for part in textwrap.wrap(note, _WIDE)]
    if lines:
        figure.text(0.01, -0.01, "\n".join(lines), fontsize=7, va="top", parse_math=False)
    return figure


def _draw_panel(axis: Any, panel: Panel) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

    axis.grid(visible=True, color="0.93")
    axis.set_axisbelow(True)
    if panel.scale is Scale.ROWS:
        _draw_rows(axis, panel.traces)
    else:
        others = 0
        for trace in panel.traces:
            _draw_trace(axis, trace, others)
            others += trace.role is Role.OTHER
        axis.set_ylabel(panel.name)
    if not any(len(trace.at) for trace in panel.traces):
        axis.text(0.5, 0.5, "not in the log", transform=axis.transAxes, ha="center", color="0.4")
    if panel.scale is Scale.FROM_ZERO:
        axis.set_ylim(bottom=0)
    if panel.scale is Scale.WHOLE:
        axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    if panel.scale is Scale.SECONDS:
        low, high = axis.get_ylim()
        if high - low < 1:
            axis.set_ylim(low - 1, high + 1)
        axis.yaxis.set_major_locator(MultipleLocator(_time_step(*axis.get_ylim())))
        axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _clock(value)))
    low, high = axis.get_xlim()
    for point in panel.points:
        axis.axvline(point.at, color=_PARTED, linewidth=1.8, alpha=0.8)
        is_late = point.at > (low + high) / 2
        axis.annotate(
            point.label,
            (point.at, 1),
            xycoords=("data", "axes fraction"),
            xytext=(-2 if is_late else 2, 2),
            textcoords="offset points",
            ha="right" if is_late else "left",
            fontsize=7,
            color="black",
            parse_math=False,
        )


def _draw_trace(axis: Any, trace: Trace, number: int) -> None:
    if trace.role is Role.OTHER:
        colour, style = _OTHERS[number % len(_OTHERS)]
        width = 1.3
    else:
        colour, style, width = _STYLES[trace.role]
    few = len(trace.at) < 60
    if trace.is_points:
        style, marker = "", "D" if trace.role is Role.LOG else "o"
    else:
        marker = "." if few and trace.role in (Role.LOG, Role.OTHER) else ""
    axis.plot(
        trace.at,
        trace.values,
        color=colour,
        linestyle=style,
        linewidth=width,
        marker=marker,
        markersize=4,
        drawstyle="steps-post" if trace.is_step else "default",
        label=trace.label,
    )


def _draw_rows(axis: Any, traces: Sequence[Trace]) -> None:
    for height, trace in enumerate(reversed(traces)):
        colour = _STYLES.get(trace.role, (COLOURS[0],))[0]
        shown = trace.at[:: max(1, math.ceil(len(trace.at) / _MOST_MARKS))]
        axis.plot(shown, [height] * len(shown), "|", color=colour, markersize=8)
    labels = [trace.label for trace in reversed(traces)]
    axis.set_yticks(range(len(labels)), labels, fontsize=7)
    axis.set_ylim(-0.6, max(len(labels) - 0.4, 0.6))


def _time_step(low: float, high: float) -> float:
    """Seconds between ticks, as clocks have them."""
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200)
    fitting = [step for step in steps if (high - low) / step <= _MOST_TICKS]
    return fitting[0] if fitting else 86400 * math.ceil((high - low) / 86400 / _MOST_TICKS)


def _clock(seconds: float) -> str:
    clock = str(datetime.timedelta(seconds=abs(round(seconds)))).replace(", 0:00:00", "")
    return f"-{clock}" if seconds < 0 else str(clock)
