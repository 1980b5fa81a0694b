"""Real trainings, resumed otherwise or as they were: where they part from their plan."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("mmengine")

from diagnose import planted
from diagnose.planted import PLANTED, loop
from diagnose.test_healthy import HEALTHY, run
from mmscaffold.diagnose import diagnose
from mmscaffold.diagnose.partings import partings
from mmscaffold.diagnose.picture import run_picture
from mmscaffold.diagnose.planned import plan_of

pytestmark = pytest.mark.slow


def lines_with(log: Path, text: str) -> list[int]:
    return [n for n, line in enumerate(log.read_text().splitlines(), 1) if text in line]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("schedule longer at resume", "Epoch(train) [6]["),
        ("checkpoint within an epoch", "resumed epoch: "),
        ("smaller batches", "resumed epoch: "),
        ("larger batches", "resumed epoch: "),
    ],
)
def test_resumed_runs_part_where_and_why_they_do(tmp_path, name, place):
    one = PLANTED[name]
    training = one.how(tmp_path, one.runner, **one.overrides)
    for paths in ([training.log_file], [tmp_path / "first", training.log_file]):
        diagnosis = diagnose(paths)
        run = diagnosis.runs[-1]
        found = partings(run, plan_of(run.story))
        assert found[0].line in lines_with(training.log_file, place), found
        assert found[0].cause is not None
        assert found[0].cause.name == one.cause
        assert any("first parted: " in note for note in run_picture(diagnosis).notes)


@pytest.mark.parametrize("name", HEALTHY)
def test_healthy_runs_never_part(tmp_path, name):
    training = run(name, tmp_path)
    [one] = diagnose([training.log_file]).runs
    assert partings(one, plan_of(one.story)) == []


def test_a_run_that_was_resumed_as_it_was_never_parts(tmp_path):
    planted.resume(tmp_path, **loop("EpochBasedTrainLoop", 4))
    for one in diagnose([tmp_path / "first", tmp_path / "second"]).runs:
        assert partings(one, plan_of(one.story)) == []
