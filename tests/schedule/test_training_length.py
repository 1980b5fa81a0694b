from __future__ import annotations

import pytest
from mmscaffold.config import resolve
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.training_length import TrainingLength, training_length

EPOCHS = TrainingLength(Unit.EPOCHS, 12, ("train_cfg", "max_epochs"))
ITERATIONS = TrainingLength(Unit.ITERATIONS, 90000, ("train_cfg", "max_iters"))


@pytest.mark.parametrize(
    ("loop", "length"),
    [
        ({"type": "EpochBasedTrainLoop", "max_epochs": 12}, EPOCHS),
        ({"type": "MyOwnLoop", "max_epochs": 12}, EPOCHS),
        ({"by_epoch": True, "max_epochs": 12}, EPOCHS),
        ({"by_epoch": False, "max_iters": 90000}, ITERATIONS),
        ({"by_epoch": False, "max_iters": 90000, "max_epochs": 3}, ITERATIONS),
        ({"type": "EpochBasedTrainLoop", "max_iters": 9, "max_epochs": 12}, EPOCHS),
        ({"type": "MyOwnLoop", "max_iters": 9, "max_epochs": 12}, None),
        ({"type": "EpochBasedTrainLoop", "max_epochs": None}, None),
        ({}, None),
        (None, None),
    ],
)
def test_the_maximum_tells_the_unit(loop, length):
    assert training_length({"train_cfg": loop}) == length


def test_it_has_nothing_to_do_with_the_model_s_train_cfg():
    assert training_length({"model": {"train_cfg": {"max_epochs": 1}}}) is None


def test_official_schedules(mmdet_configs):
    schedules = mmdet_configs / "_base_" / "schedules"
    for name, epochs in (("schedule_1x", 12), ("schedule_2x", 24), ("schedule_20e", 20)):
        length = training_length(resolve(schedules / f"{name}.py").root)
        assert length is not None
        assert (length.unit, length.maximum) == (Unit.EPOCHS, epochs)
