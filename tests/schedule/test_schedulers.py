from __future__ import annotations

import pytest
from mmscaffold.config import resolve
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.schedulers import Scheduler, schedulers


def test_one_a_list_and_a_dict_of_lists():
    one = {"type": "MultiStepLR", "milestones": [8, 11]}
    read = Scheduler(("param_scheduler",), "MultiStepLR", Unit.EPOCHS, 0, None, (8, 11))
    assert list(schedulers({"param_scheduler": one})) == [read]
    paths = [s.path for s in schedulers({"param_scheduler": [one, one]})]
    assert paths == [("param_scheduler", 0), ("param_scheduler", 1)]
    paths = [s.path for s in schedulers({"param_scheduler": {"generator": [one]}})]
    assert paths == [("param_scheduler", "generator", 0)]
    assert list(schedulers({})) == []
    assert list(schedulers({"param_scheduler": None})) == []


def test_milestones_count_from_begin():
    scheduler = {"type": "MultiStepLR", "begin": 4, "end": 20, "milestones": [9, 3]}
    assert next(schedulers({"param_scheduler": scheduler})).last_change == 13


def test_what_is_not_a_number_is_passed_over():
    scheduler = {"type": "MultiStepLR", "end": "later", "milestones": [1]}
    assert list(schedulers({"param_scheduler": scheduler})) == []


def test_the_official_1x_schedule(mmdet_configs):
    config = resolve(mmdet_configs / "_base_" / "schedules" / "schedule_1x.py")
    warm_up, steps = schedulers(config.root)
    assert (warm_up.type, warm_up.unit, warm_up.end) == ("LinearLR", Unit.ITERATIONS, 500)
    assert (steps.type, steps.unit, steps.end) == ("MultiStepLR", Unit.EPOCHS, 12)
    assert steps.milestones == (8, 11)


def only(**values) -> Scheduler:
    return next(schedulers({"param_scheduler": values}))


@pytest.mark.parametrize(
    ("scheduler", "warms_up", "anneals"),
    [
        ({"type": "LinearLR", "start_factor": 0.001}, True, False),
        ({"type": "LinearLR"}, True, False),
        ({"type": "LinearLR", "start_factor": 1.0, "end_factor": 0.01}, False, True),
        ({"type": "QuadraticWarmupLR"}, True, False),
        ({"type": "ConstantLR", "factor": 0.1}, True, False),
        ({"type": "ConstantLR", "factor": 1, "begin": 285}, False, False),
        ({"type": "mmengine.CosineAnnealingLR"}, False, True),
        ({"type": "PolyLR"}, False, True),
        ({"type": "MultiStepLR", "milestones": [8]}, False, False),
    ],
)
def test_what_warms_up_and_what_anneals(scheduler, warms_up, anneals):
    read = only(**scheduler)
    assert (read.is_warm_up, read.anneals) == (warms_up, anneals)


def test_the_parameter_is_that_of_one_optimizer():
    one = {"type": "PolyLR"}
    momentum = {"type": "PolyMomentum"}
    config = {"param_scheduler": {"generator": [one, momentum], "discriminator": [one]}}
    found = [scheduler.parameter for scheduler in schedulers(config)]
    assert found == [("generator", "LR"), ("generator", "Momentum"), ("discriminator", "LR")]
    assert only(type="PolyLR").parameter == ("", "LR")


def test_without_milestones_the_last_change_is_the_end():
    assert only(type="PolyLR", end=12).last_change == 12
    assert only(type="PolyLR").last_change is None
