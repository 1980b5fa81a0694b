from __future__ import annotations

import inspect

import mmengine.hooks
import pytest
from mmscaffold.schedule.hooks import EPOCH_ARGUMENTS, ITERATION_ARGUMENTS, hooks


def test_default_hooks_come_before_custom_ones():
    config = {
        "default_hooks": {"timer": {"type": "IterTimerHook"}, "logger": None, "odd": {"a": 1}},
        "custom_hooks": [{"type": "EMAHook"}, "EMAHook", {"type": 3}],
    }
    assert [path for path, _ in hooks(config)] == [("default_hooks", "timer"), ("custom_hooks", 0)]


@pytest.mark.parametrize("config", [{}, {"default_hooks": None, "custom_hooks": None}])
def test_none_at_all(config):
    assert list(hooks(config)) == []


@pytest.mark.parametrize("table", [EPOCH_ARGUMENTS, ITERATION_ARGUMENTS])
def test_mmengine_s_hooks_have_the_arguments(table):
    known = [name for name in table if hasattr(mmengine.hooks, name)]
    assert {"CheckpointHook", "EMAHook"} == set(known)
    for name in known:
        taken = inspect.signature(getattr(mmengine.hooks, name)).parameters
        assert set(table[name]) <= set(taken)
