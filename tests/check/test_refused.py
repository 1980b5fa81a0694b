from __future__ import annotations

import pytest
from mmscaffold.check.refused import parts_with_constructors, registered_constructor
from support.views import view


@pytest.mark.parametrize(
    ("scope", "name", "known"),
    [
        (None, "EMAHook", True),
        (None, "mmengine.EMAHook", True),
        (None, "mmdet.PipelineSwitchHook", True),
        ("mmdet", "PipelineSwitchHook", True),
        ("mmpose", "mmdet.PipelineSwitchHook", True),
        # A part of a config may belong to another package.
        (None, "PipelineSwitchHook", False),
        ("mmpretrain", "EMAHook", False),
        ("mmdet", "mmpretrain.EMAHook", False),
        ("mmdet", "NoSuchHook", False),
    ],
)
def test_a_class_is_known_only_where_no_other_can_be_meant(scope, name, known):
    config = view(f"default_scope = {scope!r}" if scope else "x = 1")
    assert (
        registered_constructor(config, ("custom_hooks", 0), {"type": name}) is not None
    ) is known


def test_a_switch_of_the_registry_is_not_followed():
    hook = {"type": "EMAHook", "_scope_": "mmpretrain"}
    assert registered_constructor(view("x = 1"), ("custom_hooks", 0), hook) is None


def test_schedulers_hooks_and_the_log_processor():
    config = view(
        "param_scheduler = [dict(type='PolyLR')]\nlog_processor = dict()\n"
        "default_hooks = dict(timer=dict(type='IterTimerHook'))"
    )
    paths = [path for path, _, _, _ in parts_with_constructors(config)]
    assert paths == [("param_scheduler", 0), ("default_hooks", "timer"), ("log_processor",)]
