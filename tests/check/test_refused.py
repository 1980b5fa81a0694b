from __future__ import annotations

import pytest
from mmscaffold.check import Settings, check_paths, find_rule
from mmscaffold.check.refused import parts_with_constructors, registered_constructor
from support.views import view


@pytest.mark.parametrize(
    ("scope", "name", "known"),
    [
        (None, "LoggerHook", True),
        (None, "mmengine.LoggerHook", True),
        (None, "mmdet.PipelineSwitchHook", True),
        ("mmdet", "PipelineSwitchHook", True),
        ("mmpose", "mmdet.PipelineSwitchHook", True),
        # A part of a config may belong to another package.
        (None, "PipelineSwitchHook", False),
        ("mmpretrain", "SwitchRecipeHook", True),
        ("mmpretrain", "LoggerHook", True),
        ("mmdet", "mmpretrain.SwitchRecipeHook", True),
        ("mine", "LoggerHook", False),
        ("mmdet", "NoSuchHook", False),
        # It hands on what it takes to a class that the config chooses.
        ("mmdet", "EMAHook", False),
    ],
)
def test_a_class_is_known_only_where_no_other_can_be_meant(scope, name, known):
    config = view(f"default_scope = {scope!r}" if scope else "x = 1")
    assert (
        registered_constructor(config, ("custom_hooks", 0), {"type": name}) is not None
    ) is known


@pytest.mark.parametrize(
    ("default", "switched", "name", "known"),
    [
        (None, "mmpretrain", "SwitchRecipeHook", True),
        ("mmpose", "mmdet", "PipelineSwitchHook", True),
        ("mine", "mmengine", "LoggerHook", True),
        ("mmdet", "mmpose", "PipelineSwitchHook", False),
        ("mine", None, "LoggerHook", False),
        ("mmdet", 3, "LoggerHook", False),
    ],
)
def test_a_switch_of_the_registry_is_followed(default, switched, name, known):
    hook = {"type": name, "_scope_": switched}
    config = view(f"default_scope = {default!r}" if default else "x = 1")
    found = registered_constructor(config, ("custom_hooks", 0), hook)
    assert (found is not None) is known


def test_schedulers_hooks_and_the_log_processor():
    config = view(
        "param_scheduler = [dict(type='PolyLR')]\nlog_processor = dict()\n"
        "default_hooks = dict(timer=dict(type='IterTimerHook'))"
    )
    paths = [path for path, _, _, _ in parts_with_constructors(config)]
    assert paths == [("param_scheduler", 0), ("default_hooks", "timer"), ("log_processor",)]


@pytest.mark.parametrize(
    ("part", "told", "untold"),
    [
        ("train_dataloader = dict(sampler=dict(type='InfiniteSampler', x=3))", "shuffle",
         "dataset"),
        ("tta_model = dict(type='DetTTAModel', x=3)", "tta_cfg", "module"),
        ("visualizer = dict(type='Visualizer', vis_backends=[dict(type='LocalVisBackend', x=3)])",
         "img_save_dir", " save_dir"),
    ],
)  # fmt: skip
def test_nobody_is_told_to_write_what_mmengine_gives_itself(tmp_path, part, told, untold):
    (tmp_path / "a.py").write_text(f"default_scope = 'mmdet'\n{part}\n")
    found = check_paths([tmp_path], Settings((find_rule("MMS141"),))).findings
    (hint,) = {one.diagnostic.hint for one in found}
    assert told in hint
    assert untold not in hint
