"""Each symptom is seen in the log that is named after it, cut out of a real training."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mmscaffold.diagnose import all_symptoms, diagnose

LOGS = Path(__file__).with_name("logs")
HEAD = re.compile(r"(Epoch|Iter)\(\w+\)")
each = pytest.mark.parametrize("symptom", all_symptoms(), ids=lambda symptom: symptom.name)


@each
def test_it_is_seen_in_its_log(symptom):
    log = LOGS / f"{symptom.name}.log"
    [run] = diagnose([log]).runs
    seen = {one.symptom.name: one.evidence for one in run.seen}
    assert symptom.name in seen
    lines = log.read_text().splitlines()
    for one in seen[symptom.name]:
        head = HEAD.match(one.text)
        if head is not None:
            assert one.line is not None
            assert head[0] in lines[one.line - 1]


@each
def test_it_is_not_seen_in_a_healthy_log(symptom):
    [run] = diagnose([LOGS / "healthy.log"]).runs
    assert list(symptom.find(run.story)) == []


@each
def test_its_module_has_its_name(symptom):
    assert symptom.find.__module__.rpartition(".")[2] == symptom.name.replace("-", "_")


def test_every_log_is_of_a_symptom():
    logs = {path.stem for path in LOGS.rglob("*.*")}
    assert logs == {symptom.name for symptom in all_symptoms()} | {"healthy"}


def test_names_texts_and_places_are_unique():
    for attribute in ("name", "text", "order"):
        values = [getattr(symptom, attribute) for symptom in all_symptoms()]
        assert len(set(values)) == len(values), attribute


def test_the_notes():
    assert [symptom.name for symptom in all_symptoms() if symptom.is_note] == [
        "metric-stands",
        "lr-off",
        "ends-early",
        "loss-zero",
    ]
