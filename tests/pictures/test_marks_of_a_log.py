"""The marks of a picture are what the log of a real training with mmdet's hooks says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from mmscaffold.pictures import schedule_chart

pytestmark = pytest.mark.mmdet

TOLD = {
    "validation": r"Epoch\(val\).* count: ",
    "checkpoint": r"Saving checkpoint at",
    "PipelineSwitchHook": r"Switch pipeline now!",
    "YOLOXModeSwitchHook": r"No mosaic and mixup aug now!",
}


def told(log: str) -> dict[str, list[int]]:
    """After how many iterations the log tells of what."""
    found: dict[str, list[int]] = {name: [] for name in TOLD}
    done = 0
    for line in log.splitlines():
        done += bool(re.search(r"Epoch\(train\)\s+\[", line))
        for name, pattern in TOLD.items():
            if re.search(pattern, line):
                found[name].append(done)
    return found


def test_marks_are_what_the_log_tells(tmp_path):
    from check.test_stage_switches_mmdet import Head, Switchable
    from mmdet.engine.hooks import PipelineSwitchHook, YOLOXModeSwitchHook
    from mmengine.hooks import EMAHook
    from support.tiny_training import BATCHES, TinyModel, arguments, dataloader, train

    averaged: list[int] = []

    class Ema(EMAHook):
        def after_train_iter(self, runner: Any, *rest: Any, **more: Any) -> None:
            super().after_train_iter(runner, *rest, **more)
            if int(self.ema_model.steps) > 0:
                averaged.append(runner.iter)

    model = TinyModel()
    object.__setattr__(model, "bbox_head", Head())
    hooks = [
        {"type": "PipelineSwitchHook", "switch_epoch": 3, "switch_pipeline": []},
        {"type": "YOLOXModeSwitchHook", "num_last_epochs": 2},
        {"type": "EMAHook", "begin_epoch": 2},
    ]
    classes = [PipelineSwitchHook, YOLOXModeSwitchHook, Ema]
    overrides = {
        "train_cfg": {
            "type": "EpochBasedTrainLoop",
            "max_epochs": 7,
            "val_interval": 2,
            "dynamic_intervals": [(5, 1)],
        },
        "default_hooks": {
            "checkpoint": {"type": "CheckpointHook", "interval": 3},
            "logger": {"type": "LoggerHook", "interval": 1},
        },
        "train_dataloader": {**dataloader(), "dataset": Switchable()},
    }
    built = [
        made(**{key: value for key, value in hook.items() if key != "type"})
        for made, hook in zip(classes, hooks, strict=True)
    ]
    training = train(tmp_path, model=model, custom_hooks=built, **overrides)
    assert training.error is None
    config = arguments(tmp_path, custom_hooks=hooks, **overrides)
    chart = schedule_chart(config, "tiny", per_epoch=BATCHES)
    marks: dict[str, list[int]] = {}
    for mark in chart.marks:
        name = mark.text.partition(":")[0] if mark.kind == "switch" else mark.kind
        marks.setdefault(name, []).append(mark.iteration)
    seen = told(training.log)
    assert all(seen.values())
    assert {name: marks[name] for name in TOLD} == seen
    # It says nothing in the log; its first average is taken in the iteration at the mark.
    assert marks["EMAHook"] == [averaged[0]]
    assert chart.iterations == len(training.rates) == 7 * BATCHES
