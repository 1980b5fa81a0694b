"""Epoch, learning rate and ETA over a run, as a PNG."""

from __future__ import annotations

import datetime
import math
from pathlib import Path
from typing import Any

from mmscaffold.diagnose.diagnosis import Diagnosis, RunDiagnosis
from mmscaffold.diagnose.history import NO_EPOCH, is_number
from mmscaffold.errors import MmscaffoldError

_MOST_POINTS = 4000  # per curve; more are not seen
_MOST_TICKS = 8
_BLUE, _ORANGE, _RED = "#1f6f9f", "#d97a1d", "#c0392b"


def draw(diagnosis: Diagnosis, path: Path) -> None:
    """Draw all runs, one after the other, over the iterations that were really run.

    Args:
        diagnosis: What was read.
        path: The PNG to write.

    Raises:
        MmscaffoldError: If matplotlib is missing, or the file cannot be written.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator
    except ImportError as error:
        raise MmscaffoldError(
            f"--plot needs matplotlib: {error}", hint="pip install 'mmscaffold[plot]'"
        ) from None
    figure = Figure(figsize=(10, 8), layout="constrained")
    FigureCanvasAgg(figure)
    epochs, rates, etas = figure.subplots(3, 1, sharex=True)
    start = 0
    for number, run in enumerate(diagnosis.runs):
        if number:
            for axis in (epochs, rates, etas):
                label = "next log" if number == 1 and axis is epochs else None
                axis.axvline(start, color="grey", linewidth=1, linestyle="--", label=label)
        start = _draw_run(run, start, epochs, rates, etas, first=number == 0)
    low, high = etas.get_ylim()
    if high - low < 1:
        etas.set_ylim(low - 1, high + 1)
    _decorate(epochs, "epoch in the log")
    _decorate(rates, "learning rate")
    _decorate(etas, "ETA")
    epochs.yaxis.set_major_locator(MaxNLocator(integer=True))
    etas.yaxis.set_major_locator(MultipleLocator(_time_step(*etas.get_ylim())))
    etas.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _clock(value)))
    if rates.lines:
        rates.set_ylim(bottom=0)
    figure.align_ylabels()
    etas.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    etas.set_xlabel("iterations run")
    figure.suptitle(_title(diagnosis), fontsize=12)
    try:
        figure.savefig(path, dpi=120, format="png")
    except OSError as error:
        raise MmscaffoldError(error.strerror or str(error), where=str(path)) from None


def _draw_run(
    run: RunDiagnosis, start: int, epochs: Any, rates: Any, etas: Any, *, first: bool
) -> int:
    """Draw one run from ``start`` on; where it ends."""
    story = run.story
    train = story.run.train
    if not train.line:
        return start
    step = max(1, math.ceil(len(train) / _MOST_POINTS))
    shown = sorted({*range(0, len(train), step), len(train) - 1})
    offset = start - story.iterations(0) + train.batch[0] if train.batch[0] > 0 else start
    at = {index: offset + story.iterations(index) for index in shown}

    def name(label: str) -> str | None:
        return label if first else None

    style = {"linewidth": 1.6, "marker": "." if len(shown) < 60 else ""}
    counted = [index for index in shown if train.epoch[index] != NO_EPOCH]
    if counted:
        values = [train.epoch[index] for index in counted]
        epochs.step(
            [at[i] for i in counted],
            values,
            where="post",
            color=_BLUE,
            label=name("training"),
            **style,
        )
        marks = [one for one in story.run.validations if one.after and one.epoch != NO_EPOCH]
        epochs.plot(
            [offset + story.iterations(one.after - 1) for one in marks],
            [one.epoch for one in marks],
            linestyle="",
            marker="D",
            markersize=5 if len(marks) < 40 else 2.5,
            color=_ORANGE,
            label=name("validation"),
        )
    lit = [index for index in shown if is_number(train.lr[index])]
    rates.plot([at[i] for i in lit], [train.lr[i] for i in lit], color=_BLUE, **style)
    timed = [index for index in shown if is_number(train.eta[index])]
    values = [train.eta[index] for index in timed]
    etas.plot([at[i] for i in timed], values, color=_BLUE, **style)
    below = [value < 0 for value in values]
    if any(below):
        places = [at[i] for i in timed]
        etas.axhline(0, color="black", linewidth=0.8)
        etas.fill_between(
            places, values, 0, where=below, color=_RED, alpha=0.25, label="below zero"
        )
    return at[shown[-1]]


def _decorate(axis: Any, label: str) -> None:
    axis.set_ylabel(label)
    axis.grid(visible=True, color="#dddddd", linewidth=0.6)
    axis.set_axisbelow(True)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
    if axis.get_legend_handles_labels()[0]:
        axis.legend(loc="best", fontsize="small", frameon=False)
    elif not axis.lines:
        axis.text(0.5, 0.5, "not in the log", transform=axis.transAxes, ha="center", color="grey")


def _time_step(low: float, high: float) -> float:
    """Seconds between ticks, as clocks have them."""
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200)
    fitting = [step for step in steps if (high - low) / step <= _MOST_TICKS]
    return fitting[0] if fitting else 86400 * math.ceil((high - low) / 86400 / _MOST_TICKS)


def _clock(seconds: float) -> str:
    clock = str(datetime.timedelta(seconds=abs(round(seconds)))).replace(", 0:00:00", "")
    return f"-{clock}" if seconds < 0 else str(clock)


def _title(diagnosis: Diagnosis) -> str:
    """The log, and the likeliest cause of what was seen."""
    causes = [run.causes[0].cause.name for run in diagnosis.runs if run.is_ill and run.causes]
    name = diagnosis.runs[-1].story.run.path.name
    return f"{name}: {causes[0] if causes else 'nothing wrong'}"
