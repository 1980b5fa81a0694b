"""Where runs part from their plan, resumed with another schedule or batch size or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from diagnose.rebuilt import STEPS, config, log
from mmscaffold.diagnose import diagnose
from mmscaffold.diagnose.partings import Parting, partings
from mmscaffold.diagnose.planned import plan_of

LOGS = Path(__file__).with_name("logs")


def parted(tmp_path: Path, *logs: str) -> list[list[Parting]]:
    paths = []
    for number, text in enumerate(logs, 1):
        paths.append(tmp_path / f"{number}.log")
        paths[-1].write_text(text)
    return [partings(run, plan_of(run.story)) for run in diagnose(paths).runs]


def line_of(text: str, head: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if head in line)


def test_a_run_that_does_as_planned_never_parts(tmp_path):
    first = log(config(), epochs=range(1, 4))
    second = log(config(), epochs=range(4, 7), resumed=("epoch_3.pth", 3, 24))
    assert parted(tmp_path, first, second) == [[], []]
    assert parted(tmp_path, second) == [[]]


@pytest.mark.parametrize("both", [True, False])
def test_another_schedule_parts_where_its_rate_would_have_changed(tmp_path, both):
    now = config(param_scheduler=[{**STEPS, "milestones": [4]}])
    before = config(param_scheduler=[{**STEPS, "milestones": [5]}])
    first = log(before, epochs=range(1, 4))
    second = log(now, follows=before, epochs=range(4, 7), resumed=("epoch_3.pth", 3, 24))
    *_, [one] = parted(tmp_path, *([first, second] if both else [second]))
    assert one.subject == "learning rate"
    assert one.line == line_of(second, "(train) [5][2/8]")
    assert "1.0000e-01" in one.text
    assert "1.0000e-02" in one.text
    assert one.cause is not None
    assert one.cause.name == "schedule-comes-with-the-checkpoint"


def test_another_batch_size_parts_where_it_was_resumed(tmp_path):
    first = log(config(), epochs=range(1, 4))
    loader = {"batch_size": 4, "sampler": {"type": "DefaultSampler"}}
    second = log(
        config(train_dataloader=loader), size=4, epochs=range(4, 7),
        resumed=("epoch_3.pth", 3, 24),
    )  # fmt: skip
    done, found = parted(tmp_path, first, second)
    assert done == []
    assert found[0].line == line_of(second, "resumed epoch: 3")
    assert found[0].cause is not None
    assert found[0].cause.name == "batches-changed-at-resume"


def test_the_middle_of_an_epoch_parts_where_it_was_resumed(tmp_path):
    first = log(config(), epochs=range(1, 4))
    second = log(config(), epochs=range(3, 7), resumed=("iter_20.pth", 2, 20), rate_at=20)
    _, found = parted(tmp_path, first, second)
    assert found[0].line == line_of(second, "resumed epoch: 2")
    assert found[0].cause is not None
    assert found[0].cause.name == "checkpoint-within-an-epoch"


def test_a_validation_that_is_left_out_parts_at_the_next_line(tmp_path):
    text = "".join(
        line for line in log(config()).splitlines(keepends=True) if "(val) [3]" not in line
    )
    [[one]] = parted(tmp_path, text)
    assert one.subject == "validation"
    assert one.line == line_of(text, "(train) [4][2/8]")


def test_a_validation_too_many_parts_there(tmp_path):
    text = log(config(train_cfg={"type": "EpochBasedTrainLoop", "max_epochs": 6,
                                 "val_interval": 2}))  # fmt: skip
    [[one]] = parted(tmp_path, text)
    assert (one.subject, one.line) == ("validation", line_of(text, "(val) [1]"))


PARTED = {
    "epoch-goes-back": ("epoch", 20),
    "epoch-repeats": ("epoch", 7),
    "eta-turns-negative": ("ETA", 52),
    "lr-frozen": ("learning rate", 21),
    "never-ends": ("epoch", 28),
    "resume-restarts": ("run", 13),
    "val-behind": ("validation", 15),
    "val-never": ("validation", 15),
}


@pytest.mark.parametrize("name", PARTED)
def test_real_logs_part_where_their_symptom_shows(name):
    [run] = diagnose([LOGS / f"{name}.log"]).runs
    first = partings(run, plan_of(run.story))[0]
    assert (first.subject, first.line) == PARTED[name]
    assert first.cause is run.causes[0].cause


def test_a_healthy_log_never_parts():
    [run] = diagnose([LOGS / "healthy.log"]).runs
    assert partings(run, plan_of(run.story)) == []
