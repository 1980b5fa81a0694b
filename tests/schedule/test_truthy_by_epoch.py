"""mmengine tests whether ``by_epoch`` is true, not whether it is ``True``."""

from __future__ import annotations

import pytest
from mmscaffold.config.change import Adjustment
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.hook_conversion import convert_hook
from mmscaffold.schedule.scheduler_conversion import scheduler_to_epochs, scheduler_to_iterations
from mmscaffold.schedule.steps import counts_epochs

TRUE, FALSE = [True, 1, "yes", [0]], [False, 0, None, "", {}]


def converted(convert, flag) -> list[object]:
    found = Adjustment()
    scheduler = {"type": "MultiStepLR", "milestones": [4, 8], "by_epoch": flag}
    convert(("param_scheduler",), scheduler, 2, found)
    return [change.new for change in found.changes]


@pytest.mark.parametrize("flag", TRUE)
def test_a_true_flag_counts_epochs(flag):
    assert counts_epochs({"by_epoch": flag}) is True
    assert [8, 16] in converted(scheduler_to_iterations, flag)
    assert not converted(scheduler_to_epochs, flag)
    hook = {"type": "CheckpointHook", "interval": 2, "by_epoch": flag}
    assert convert_hook(hook, None, Unit.ITERATIONS, 5).values["interval"] == 10
    assert not convert_hook(hook, None, Unit.EPOCHS, 2).values


@pytest.mark.parametrize("flag", FALSE)
def test_any_other_counts_iterations(flag):
    assert counts_epochs({"by_epoch": flag}) is False
    assert [2, 4] in converted(scheduler_to_epochs, flag)
    assert not converted(scheduler_to_iterations, flag)
    hook = {"type": "CheckpointHook", "interval": 10, "by_epoch": flag}
    assert convert_hook(hook, None, Unit.EPOCHS, 5).values["interval"] == 2
    assert not convert_hook(hook, None, Unit.ITERATIONS, 5).values


def test_a_flag_that_is_not_known_moves_nothing():
    flag = Unknown("not evaluated", "a.py:1")
    assert counts_epochs({"by_epoch": flag}) is None
    assert not converted(scheduler_to_epochs, flag)
    assert not converted(scheduler_to_iterations, flag)
    hook = {"type": "CheckpointHook", "interval": 10, "by_epoch": flag}
    assert not convert_hook(hook, None, Unit.EPOCHS, 5).values
    assert not convert_hook(hook, None, Unit.ITERATIONS, 5).values
