"""Which log is that of the run that wrote a checkpoint."""

from __future__ import annotations

import pytest
from mmscaffold.diagnose import diagnose

STAMP = "2025/01/01 00:00:00 - mmengine - INFO - "


def train(epoch, lr="1.0000e-02"):
    return (
        f"{STAMP}Epoch(train) [{epoch}][4/4]  lr: {lr}  eta: 0:01:00  time: 0.1000  "
        "data_time: 0.0010  loss: 0.5\n"
    )


def config(end):
    return (
        f"{STAMP}Config:\ntrain_cfg = dict(type='EpochBasedTrainLoop', max_epochs={end})\n"
        f"param_scheduler = dict(type='MultiStepLR', milestones=[1], end={end})\n\n"
    )


def write(folder, start, text):
    log = folder / start / f"{start}.log"
    log.parent.mkdir(parents=True)
    log.write_text(f"System environment:\n{text}")
    return log


def first(folder, start, end, saved=2):
    text = config(end) + "".join(
        train(n) + f"{STAMP}Saving checkpoint at {n} epochs\n" for n in range(1, saved + 1)
    )
    return write(folder, start, text)


def second(folder, start, end, checkpoint):
    resumed = f"{STAMP}Load checkpoint from {checkpoint}\n{STAMP}resumed epoch: 2, iter: 8\n"
    return write(folder, start, config(end) + resumed + train(3) + train(4))


def before(log):
    found = diagnose([log]).runs[-1].story.before
    return None if found is None else found.run.path.stem


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def test_the_newest_of_the_work_folder_that_saved_it(work):
    first(work, "20250101_000000", 4)
    first(work, "20250102_000000", 4)
    first(work, "20250103_000000", 4, saved=1)
    log = second(work, "20250104_000000", 6, work / "epoch_2.pth")
    assert before(log) == "20250102_000000"


def test_none_that_is_newer(work):
    first(work, "20250105_000000", 4)
    assert before(second(work, "20250104_000000", 6, work / "epoch_2.pth")) is None


def test_that_of_the_checkpoint_in_a_folder_beside(tmp_path):
    first(tmp_path / "one", "20250101_000000", 4)
    log = second(tmp_path / "two", "20250104_000000", 6, tmp_path / "one" / "epoch_2.pth")
    assert before(log) == "20250101_000000"


def test_no_other_folder_is_looked_into(tmp_path):
    first(tmp_path / "far" / "one", "20250101_000000", 4)
    checkpoint = tmp_path / "far" / "one" / "epoch_2.pth"
    assert before(second(tmp_path / "two", "20250104_000000", 6, checkpoint)) is None


def test_a_log_that_lies_anywhere_has_no_work_folder(work, tmp_path):
    first(work, "20250101_000000", 4)
    log = second(work, "20250104_000000", 6, work / "epoch_2.pth")
    moved = tmp_path / "20250104_000000.log"
    moved.write_bytes(log.read_bytes())
    assert before(moved) is None


def test_what_it_says_is_used(work):
    first(work, "20250101_000000", 4)
    [run] = diagnose([second(work, "20250104_000000", 6, work / "epoch_2.pth")]).runs
    [seen] = [one for one in run.seen if one.symptom.name == "resume-keeps-schedule"]
    assert "param_scheduler[0].end is 6 in the config and 4 in the checkpoint" in [
        one.text for one in seen.evidence
    ]


def test_a_broken_log_beside_it_is_passed_over(work):
    first(work, "20250101_000000", 4)
    (work / "20250102_000000").mkdir()
    (work / "20250102_000000" / "20250102_000000.log").write_bytes(b"\0\0")
    assert before(second(work, "20250104_000000", 6, work / "epoch_2.pth")) == "20250101_000000"
