"""The marks are what a real training does, and what official configs say."""

from __future__ import annotations

import re

import pytest
from mmscaffold.config import Resolver
from mmscaffold.pictures import schedule_chart
from support.corpora import mmdet_configs


def at(chart, kind):
    return [chart.shown(mark.iteration) for mark in chart.marks if mark.kind == kind]


def official(name):
    config = Resolver().resolve(mmdet_configs("3.3.0") / name)
    return schedule_chart(config.root, name, per_epoch=50)


def test_yolox():
    chart = official("yolox/yolox_s_8xb8-300e_coco.py")
    # `epoch + 1 >= max_epochs - num_last_epochs`, before epoch 285 is trained.
    assert at(chart, "switch") == [284]
    assert at(chart, "validation") == at(chart, "checkpoint") == list(range(10, 301, 10))
    assert [(one.start, one.stop) for one in chart.spans] == [(0, 5 * 50)]
    assert at(chart, "end") == [300]


def test_rtmdet():
    chart = official("rtmdet/rtmdet_s_8xb32-300e_coco.py")
    assert at(chart, "switch") == [280]
    # dynamic_intervals: mmengine decides on the interval one epoch ahead.
    assert at(chart, "validation") == [*range(10, 271, 10), *range(279, 301)]


def test_faster_rcnn():
    chart = official("faster_rcnn/faster-rcnn_r50_fpn_1x_coco.py")
    assert at(chart, "milestone") == [8, 11]
    assert [(one.start, one.stop) for one in chart.spans] == [(0, 500)]


@pytest.mark.parametrize(
    ("train_cfg", "checkpoint", "by_epoch"),
    [
        (
            {"type": "EpochBasedTrainLoop", "max_epochs": 5, "val_interval": 2},
            {"interval": 2},
            True,
        ),
        ({"type": "EpochBasedTrainLoop", "max_epochs": 4, "val_begin": 2}, {"interval": 3}, True),
        (
            {"type": "EpochBasedTrainLoop", "max_epochs": 3},
            {"interval": 5, "by_epoch": False},
            True,
        ),
        (
            {"type": "EpochBasedTrainLoop", "max_epochs": 5},
            {"interval": 2, "save_last": False, "save_begin": 3},
            True,
        ),
        (
            {"type": "IterBasedTrainLoop", "max_iters": 11, "val_interval": 4},
            {"interval": 3, "by_epoch": False},
            False,
        ),
    ],
)
@pytest.mark.slow
def test_they_are_what_a_real_training_did(tmp_path, train_cfg, checkpoint, by_epoch):
    pytest.importorskip("mmengine")
    pytest.importorskip("torch")
    from mmengine.hooks import Hook
    from support.tiny_training import BATCHES, arguments, train

    validated = []

    class Recorder(Hook):
        def before_val(self, runner):
            validated.append(runner.iter)

    hook = {"type": "CheckpointHook", **checkpoint}
    overrides = {
        "train_cfg": train_cfg,
        "default_hooks": {"checkpoint": hook, "logger": {"type": "LoggerHook", "interval": 1}},
        "custom_hooks": [Recorder()],
        "log_processor": {"type": "LogProcessor", "by_epoch": by_epoch},
    }
    seen = train(tmp_path, **overrides)
    assert seen.error is None
    chart = schedule_chart(arguments(tmp_path, **overrides), "tiny", per_epoch=BATCHES)
    numbers = sorted(int(re.findall(r"\d+", name)[0]) for name in seen.checkpoints)
    names_epochs = checkpoint.get("by_epoch", True)
    marks = [mark.iteration for mark in chart.marks if mark.kind == "checkpoint"]
    assert [one // BATCHES if names_epochs else one for one in marks] == numbers
    assert [mark.iteration for mark in chart.marks if mark.kind == "validation"] == validated
    assert chart.iterations == len(seen.rates)
