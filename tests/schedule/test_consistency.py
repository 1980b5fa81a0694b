from __future__ import annotations

import pytest
import torch
from mmengine.optim import build_optim_wrapper
from mmengine.registry import PARAM_SCHEDULERS
from mmscaffold.schedule.consistency import is_consistent_schedule

EPOCHS = {"type": "EpochBasedTrainLoop", "max_epochs": 12}


def consistent(*schedulers, loop=EPOCHS, maximum=12):
    return is_consistent_schedule(
        {"train_cfg": loop, "param_scheduler": list(schedulers)}, maximum
    )


@pytest.mark.parametrize(
    "scheduler",
    [
        {"type": "MultiStepLR", "milestones": [8, 11]},
        {"type": "MultiStepLR", "milestones": [8], "begin": 2, "end": 12},
        {"type": "CosineAnnealingLR", "T_max": 12, "end": 12},
        # In another unit, nothing can be said.
        {"type": "LinearLR", "by_epoch": False, "end": 500},
    ],
)
def test_schedules_that_fit(scheduler):
    assert consistent(scheduler)


@pytest.mark.parametrize(
    "scheduler",
    [
        {"type": "PolyLR", "end": 13},
        {"type": "PolyLR", "begin": 12},
        {"type": "PolyLR", "end": "12"},
        {"type": "CosineAnnealingLR", "T_max": 0, "end": 12},
        {"type": "StepLR", "step_size": 0},
    ],
)
def test_schedules_that_do_not(scheduler):
    assert not consistent(scheduler)


def test_under_an_iteration_loop_those_by_iterations_count():
    loop = {"type": "IterBasedTrainLoop", "max_iters": 100}
    late = {"type": "PolyLR", "by_epoch": False, "end": 101}
    assert not consistent(late, loop=loop, maximum=100)
    assert consistent({"type": "PolyLR", "end": 101}, loop=loop, maximum=100)


@pytest.mark.parametrize(("begin", "end"), [(5, 5), (6, 5), (0, 1), (3, 12)])
def test_mmengine_refuses_what_ends_before_it_begins(begin, end):
    model = torch.nn.Linear(1, 1)
    wrapper = build_optim_wrapper(model, {"optimizer": {"type": "SGD", "lr": 0.1}})
    scheduler = {"type": "PolyLR", "begin": begin, "end": end}
    fits = consistent(scheduler)
    try:
        PARAM_SCHEDULERS.build(scheduler, default_args={"optimizer": wrapper})
    except ValueError:
        assert not fits
    else:
        assert fits
