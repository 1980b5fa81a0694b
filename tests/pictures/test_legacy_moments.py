"""Marks of 2.x configs: what mmcv's hooks do, by their own conditions."""

from __future__ import annotations

from typing import Any

import pytest
from mmscaffold.config import Resolver
from mmscaffold.pictures import schedule_chart
from support.corpora import mmdet_configs

BATCHES = 7


def at(chart, kind):
    return [mark.iteration for mark in chart.marks if mark.kind == kind]


def config(**more: Any) -> dict[str, Any]:
    return {
        "optimizer": {"type": "SGD", "lr": 0.02},
        "runner": {"type": "EpochBasedRunner", "max_epochs": 12},
        "lr_config": {"policy": "step", "step": [8, 11]},
        **more,
    }


def official(name):
    resolved = Resolver().resolve(mmdet_configs("2.28.2") / name)
    chart = schedule_chart(resolved.root, name, per_epoch=50)
    return chart, lambda kind: [iteration / 50 for iteration in at(chart, kind)]


def test_faster_rcnn():
    chart, epochs = official("faster_rcnn/faster_rcnn_r50_fpn_1x_coco.py")
    assert epochs("milestone") == [8, 11]
    assert epochs("validation") == epochs("checkpoint") == list(range(1, 13))
    assert [(one.start, one.stop) for one in chart.spans] == [(0, 500)]
    assert epochs("end") == [12]


def test_yolox():
    chart, epochs = official("yolox/yolox_s_8x8_300e_coco.py")
    assert epochs("switch") == [284]
    assert epochs("checkpoint") == list(range(10, 301, 10))
    # dynamic_intervals=[(max_epochs - num_last_epochs, 1)]
    assert epochs("validation") == [*range(10, 281, 10), *range(285, 301)]
    assert [(one.start, one.stop) for one in chart.spans] == [(0, 5 * 50)]


def evaluated(start: int | None, interval: int, total: int) -> list[int]:
    """``EvalHook._should_evaluate`` after each epoch."""
    found = []
    for current in range(total):
        if start is None:
            due = (current + 1) % interval == 0
        else:
            due = current + 1 >= start and (current + 1 - start) % interval == 0
        found += [(current + 1) * BATCHES] if due else []
    return found


@pytest.mark.parametrize("start", [None, 1, 3, 12, 13])
@pytest.mark.parametrize("interval", [1, 2, 5, 20])
def test_validations(start, interval):
    values = {"interval": interval, "start": start}
    chart = schedule_chart(config(evaluation=values), "a", per_epoch=BATCHES)
    assert at(chart, "validation") == evaluated(start, interval, 12)


ITERATIONS = {
    "runner": {"type": "IterBasedRunner", "max_iters": 100},
    "lr_config": {"policy": "step", "step": 30, "warmup": "linear", "warmup_iters": 20},
}


@pytest.mark.parametrize(
    ("more", "kind", "expected"),
    [
        ({"checkpoint_config": {"interval": 5}}, "checkpoint", [35, 70, 84]),
        ({"checkpoint_config": {"interval": 5, "save_last": False}}, "checkpoint", [35, 70]),
        ({"checkpoint_config": {}}, "checkpoint", [84]),
        ({"checkpoint_config": {"interval": 40, "by_epoch": False}}, "checkpoint", [40, 80, 84]),
        ({"checkpoint_config": None}, "checkpoint", []),
        ({"lr_config": {"policy": "step", "step": 5}}, "milestone", [35, 70]),
        ({"lr_config": {"policy": "step", "step": [9], "by_epoch": False}}, "milestone", [9]),
        ({"lr_config": {"policy": "CosineAnnealing", "min_lr": 0.0}}, "milestone", []),
        ({**ITERATIONS, "checkpoint_config": {"interval": 40}}, "checkpoint", [40, 80, 100]),
        ({**ITERATIONS, "evaluation": {"interval": 50}}, "validation", [50, 100]),
        (ITERATIONS, "milestone", [30, 60, 90]),
        ({"evaluation": {"interval": 0}}, "validation", []),
        ({"evaluation": {"interval": 6, "start": 0}}, "validation", [42, 84]),
        ({"evaluation": {"interval": 1, "start": 0}}, "validation", list(range(0, 85, 7))),
        ({"evaluation": {"interval": "often"}}, "validation", []),
        # `_decide_interval` of mmdet 2.28.2 asks before the epoch, with its number from 1.
        (
            {"evaluation": {"interval": 5, "dynamic_intervals": [(7, 2), (11, 1)]}},
            "validation",
            [7 * epoch for epoch in (5, 8, 10, 11, 12)],
        ),
        (
            {**ITERATIONS, "evaluation": {"interval": 60, "dynamic_intervals": [(98, 1)]}},
            "validation",
            [60, 98, 99, 100],
        ),
    ],
)
def test_marks(more, kind, expected):
    assert at(schedule_chart(config(**more), "a", per_epoch=BATCHES), kind) == expected
