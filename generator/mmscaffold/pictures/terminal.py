"""Charts in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mmscaffold.pictures.chart import Chart
from mmscaffold.pictures.reduction import points

_MARKERS = ("braille", "x", "o", "+")
_SHOWN = {"braille": "⠒⠒"}
_FEW_POINTS = 400


def text_chart(charts: Sequence[Chart], width: int, height: int, *, colour: bool) -> str:
    """The learning rates of some configs as text, with what happens below.

    Args:
        charts: What to draw.
        width: Columns.
        height: Lines of the chart itself.
        colour: Whether the terminal shows colours.
    """
    import plotext

    plotext.clear_figure()
    # It would keep to a terminal that it found when it was imported.
    plotext.limit_size(False, False)
    plotext.plot_size(width, height)
    if not colour:
        plotext.theme("clear")
    legend: list[str] = []
    for chart in charts:
        for line in chart.lines:
            if line.parameter != "lr":
                continue
            at, values = points(line.curve, _FEW_POINTS)
            parts = [chart.name] if len(charts) > 1 else []
            parts += [line.group] if line.group else []
            marker = _MARKERS[len(legend) % len(_MARKERS)]
            plotext.plot([chart.shown(one) for one in at], values, marker=marker)
            legend.append(f"{_SHOWN.get(marker, marker * 2)} {': '.join(parts) or 'lr'}")
    plotext.title("learning rate")
    plotext.xlabel(charts[0].unit.value)
    drawn = str(plotext.build())
    drawn = drawn if colour else plotext.uncolorize(drawn)
    # A legend within the chart would lie over its curves.
    shown = ["   ".join(legend)] if len(legend) > 1 else []
    return "\n".join([drawn.rstrip(), *shown, *(_summary(chart) for chart in charts)])


def _summary(chart: Chart) -> str:
    count = Counter(mark.kind for mark in chart.marks)
    length = chart.unit.count(round(chart.shown(chart.iterations)))
    parts = [f"{chart.name}: {length}"]
    parts += [
        f"warm-up until {chart.shown(span.stop):g}"
        for span in chart.spans
        if span.stop > span.start
    ]
    milestones = [f"{chart.shown(m.iteration):g}" for m in chart.marks if m.kind == "milestone"]
    if milestones:
        parts.append(f"milestones {', '.join(milestones)}")
    for kind in ("validation", "checkpoint"):
        if count[kind]:
            parts.append(f"{count[kind]} {kind}{'' if count[kind] == 1 else 's'}")
    parts += [
        f"{mark.text} (at {chart.shown(mark.iteration):g})"
        for mark in chart.marks
        if mark.kind == "switch"
    ]
    if chart.is_guess:
        parts.append(f"an epoch taken for {chart.per_epoch} iterations, a guess")
    parts += chart.left_out
    parts += [f"not known from iteration {one.iteration} on: {one}" for one in chart.breaks]
    return "; ".join(parts)
