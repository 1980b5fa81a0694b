"""What a log must have to show a symptom: some of the logs here have it, and others do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.diagnose import all_symptoms, diagnose

LOGS = sorted(Path(__file__).with_name("logs").glob("*.log"))
NEEDS = {need.text: need for symptom in all_symptoms() for need in symptom.needs}


@pytest.fixture(scope="module")
def stories(tmp_path_factory):
    tail = tmp_path_factory.mktemp("tail") / "a.log"
    whole = next(log for log in LOGS if log.stem == "healthy").read_bytes()
    tail.write_bytes(whole[whole.index(b"Epoch(train)") :])
    return [diagnose([log]).runs[0].story for log in [*LOGS, tail]]


@pytest.mark.parametrize("text", NEEDS)
def test_some_logs_have_it_and_others_do_not(text, stories):
    assert {NEEDS[text].holds(story) for story in stories} == {True, False}


def test_a_symptom_can_show_where_all_that_it_needs_is_there(stories):
    for symptom in all_symptoms():
        for story in stories:
            held = [need.holds(story) for need in symptom.needs]
            assert symptom.can_show(story) == (False not in held)
