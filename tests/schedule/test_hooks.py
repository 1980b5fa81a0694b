from __future__ import annotations

import pytest
from mmscaffold.facts.hooks import hook_row
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.hooks import hook_steps, hooks, step_unit


def test_default_hooks_come_before_custom_ones():
    config = {
        "default_hooks": {"timer": {"type": "IterTimerHook"}, "logger": None, "odd": {"a": 1}},
        "custom_hooks": [{"type": "EMAHook"}, "EMAHook", {"type": 3}],
    }
    assert [path for path, _ in hooks(config)] == [("default_hooks", "timer"), ("custom_hooks", 0)]


@pytest.mark.parametrize("config", [{}, {"default_hooks": None, "custom_hooks": None}])
def test_none_at_all(config):
    assert list(hooks(config)) == []


def found(**hook):
    row = hook_row(hook["type"])
    return [(step.path, step.value) for step in hook_steps(hook, row)]


@pytest.mark.parametrize(
    ("hook", "steps"),
    [
        # An argument, or its default.
        ({"type": "PipelineSwitchHook", "switch_epoch": 280}, [(("switch_epoch",), 280)]),
        ({"type": "YOLOXModeSwitchHook"}, [(("num_last_epochs",), 15)]),
        ({"type": "YOLOXPoseModeSwitchHook"}, [(("num_last_epochs",), 20)]),
        # The items of a list.
        (
            {"type": "SwitchRecipeHook", "schedule": [{"action_epoch": 30}, {"action_epoch": 60}]},
            [(("schedule", 0, "action_epoch"), 30), (("schedule", 1, "action_epoch"), 60)],
        ),
        # The keys of a dict.
        (
            {"type": "mmpose.RTMOModeSwitchHook", "epoch_attributes": {280: {"a": 1}}},
            [(("epoch_attributes", 280), 280)],
        ),
        # The values of one.
        (
            {
                "type": "SwAVHook",
                "epoch_queue_starts": 3,
                "frozen_layers_cfg": {"prototypes": 5005},
            },
            [(("epoch_queue_starts",), 3), (("frozen_layers_cfg", "prototypes"), 5005)],
        ),
        # What is not a step.
        ({"type": "PipelineSwitchHook", "switch_epoch": "late"}, []),
        ({"type": "PipelineSwitchHook", "switch_epoch": True}, []),
        ({"type": "SwitchRecipeHook", "schedule": {"a": 1}}, []),
        ({"type": "SwitchRecipeHook", "schedule": ["a"]}, []),
        ({"type": "RTMOModeSwitchHook", "epoch_attributes": {"280": {}}}, []),
        ({"type": "RTMOModeSwitchHook", "epoch_attributes": [280]}, []),
        ({"type": "CheckpointHook", "interval": -1}, []),
    ],
)
def test_each_step_is_found_where_it_lies(hook, steps):
    assert found(**hook) == steps


@pytest.mark.parametrize(
    ("hook", "loop", "units"),
    [
        ({"type": "CheckpointHook", "interval": 1}, Unit.ITERATIONS, [Unit.EPOCHS]),
        (
            {"type": "CheckpointHook", "interval": 1, "by_epoch": False},
            Unit.EPOCHS,
            [Unit.ITERATIONS],
        ),
        ({"type": "PreciseBNHook"}, Unit.EPOCHS, [Unit.EPOCHS]),
        ({"type": "PreciseBNHook"}, Unit.ITERATIONS, [Unit.ITERATIONS]),
        ({"type": "EMAHook", "begin_iter": 3}, Unit.EPOCHS, [Unit.ITERATIONS]),
    ],
)
def test_the_unit_is_that_of_the_step_the_flag_or_the_loop(hook, loop, units):
    row = hook_row(hook["type"])
    assert [step_unit(step.row, hook, row, loop) for step in hook_steps(hook, row)] == units
