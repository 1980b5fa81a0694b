"""Right loops written in unusual ways: they train as mmengine's do, and no rule objects."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("mmengine")

from mmscaffold.check import Settings, all_rules, check_paths
from support.registered import loaded
from support.tiny_training import dataloader, train, train_and_resume

pytestmark = pytest.mark.slow

FILE = Path(__file__).with_name("right_loops.py")
BY_EPOCH = (
    "WrapsRun",
    "ChangesItsStage",
    "WithAMixin",
    "SeveralStepsAnIteration",
    "EndsAnEpochWhenStopped",
    "EpochsByIterations",
)
BY_ITERATION = ("OwnIterations", "SamplesForEachIteration")


@pytest.fixture(autouse=True)
def _registered():
    with loaded(FILE):
        yield


def test_no_rule_finds_anything():
    report = check_paths([FILE], Settings(all_rules()))
    assert report.code
    assert [(one.rule.id, one.diagnostic.message) for one in report.findings] == []


@pytest.mark.parametrize("loop", BY_EPOCH)
def test_they_train_as_mmengines_epoch_loop_does(loop, tmp_path):
    config = {"type": loop, "max_epochs": 3}
    seen = train(tmp_path, train_cfg=config)
    assert seen.error is None
    assert seen.labels("train") == seen.labels("val") == [1, 2, 3]
    assert seen.checkpoints == ["epoch_1.pth", "epoch_2.pth", "epoch_3.pth"]
    assert seen.meta("epoch_3.pth")["iter"] == seen.runner.max_iters == 12
    assert seen.returned is seen.runner.model
    assert all(seen.modes)


@pytest.mark.parametrize("loop", BY_EPOCH)
def test_they_resume(loop, tmp_path):
    seen = train_and_resume(tmp_path, train_cfg={"type": loop, "max_epochs": 3})
    assert seen.error is None
    assert seen.labels("train") == [3]


@pytest.mark.parametrize("loop", BY_ITERATION)
def test_they_train_as_mmengines_iteration_loop_does(loop, tmp_path):
    hooks = {
        "logger": {"type": "LoggerHook", "interval": 1, "log_metric_by_epoch": False},
        "checkpoint": {"type": "CheckpointHook", "interval": 4, "by_epoch": False},
    }
    seen = train(
        tmp_path,
        train_cfg={"type": loop, "max_iters": 8, "val_interval": 4},
        train_dataloader=dataloader("InfiniteSampler", shuffle=True),
        default_hooks=hooks,
        log_processor={"by_epoch": False},
    )
    assert seen.error is None
    assert [line["step"] for line in seen.scalars if "loss" in line] == [*range(1, 9)]
    assert seen.checkpoints == ["iter_4.pth", "iter_8.pth"]


def test_a_validation_of_two_rounds_reports_both(tmp_path):
    seen = train(tmp_path, val_cfg={"type": "TwoRounds"})
    assert seen.error is None
    assert "first/count" in seen.log
    assert "second/count" in seen.log
