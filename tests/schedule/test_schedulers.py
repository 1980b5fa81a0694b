from __future__ import annotations

from mmscaffold.config import resolve
from mmscaffold.schedule.schedulers import Scheduler, schedulers
from mmscaffold.schedule.training_length import Unit


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
