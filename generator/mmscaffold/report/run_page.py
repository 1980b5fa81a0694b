"""The page of a diagnosis: a run over its plan, where they part, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mmscaffold.check.registry import find_rule
from mmscaffold.diagnose.diagnosis import Diagnosis, RunDiagnosis
from mmscaffold.diagnose.heading import heading, verdict
from mmscaffold.diagnose.partings import Parting, partings
from mmscaffold.diagnose.picture import prefix_of, run_picture
from mmscaffold.diagnose.planned import plan_of
from mmscaffold.pictures.panels import Panel
from mmscaffold.report.excerpts import ExcerptLine, log_excerpts
from mmscaffold.report.shell import rendered

_DIGITS = 6


@dataclass(frozen=True)
class RunSection:
    """What the page says of one run.

    Attributes:
        diagnosis: What was seen in it.
        name: Of its log.
        prefix: What the picture says before its partings, to tell it from other runs.
        heading: What it trained.
        verdict: What was found, in a few words.
        partings: Where it parts from its plan, in order.
        excerpts: The lines of the log around those that show something, by their numbers.
    """

    diagnosis: RunDiagnosis
    name: str
    prefix: str
    heading: str
    verdict: str
    partings: Sequence[Parting]
    excerpts: dict[int, list[ExcerptLine]]


def run_page(diagnosis: Diagnosis) -> str:
    """The page of a diagnosis, as HTML.

    Args:
        diagnosis: What was read. What comes from logs and configs is shown as text.
    """
    picture = run_picture(diagnosis)
    return rendered(
        "run.html.jinja",
        styles=("page.css", "run.css"),
        scripts=("data.js", "scale.js", "chart.js", "run.js"),
        data={
            "panels": [_panel(one) for one in picture.panels],
            "seams": list(picture.seams),
        },
        title=picture.title,
        sections=[_section(one, several=len(diagnosis.runs) > 1) for one in diagnosis.runs],
        diagnosis=diagnosis,
        remarks=picture.remarks,
        rule_name=lambda rule_id: find_rule(rule_id).name,
    )


def _section(run: RunDiagnosis, *, several: bool) -> RunSection:
    path = run.story.run.path
    found = partings(run, plan_of(run.story))
    lines = {one.line for one in found} | set(_lines_of(run))
    return RunSection(
        run,
        path.name,
        prefix_of(run, several=several),
        heading(run),
        verdict(run),
        found,
        log_excerpts(path, lines),
    )


def _lines_of(run: RunDiagnosis) -> Iterator[int]:
    """The numbers of all lines that are told."""
    told = [one.evidence for one in run.seen] + [one.evidence for one in run.causes]
    yield from (one.line for some in told for one in some if one.line is not None)
    if run.ending is not None:
        yield run.ending.crash.line


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "name": panel.name,
        "scale": panel.scale.name.lower(),
        "traces": [
            {
                "label": trace.label,
                "role": trace.role.value,
                "at": list(trace.at),
                "values": _values(trace.values),
                "step": trace.is_step,
            }
            for trace in panel.traces
        ],
        "points": [{"at": one.at, "label": one.label, "text": one.text} for one in panel.points],
    }


def _values(values: Iterable[float]) -> list[float | None]:
    """Numbers as JSON knows them: ``None`` is where a line breaks off."""
    return [float(f"{one:.{_DIGITS}g}") if math.isfinite(one) else None for one in values]
