from __future__ import annotations

import pytest
from mmscaffold.config import resolve
from mmscaffold.schedule.legacy import REPLACEMENTS, leftover_keys, legacy_keys, replacement


def test_a_2x_config_is_known_by_its_keys(mmdet2_configs):
    config = resolve(mmdet2_configs / "retinanet" / "retinanet_r50_fpn_1x_coco.py")
    assert {"runner", "data", "lr_config", "optimizer"} <= set(legacy_keys(config.root))


def test_a_3x_config_has_none_even_if_a_variable_bears_such_a_name():
    assert legacy_keys({"train_cfg": {"by_epoch": True}, "optimizer": {}}) == []


def test_the_train_cfg_of_an_old_model_is_no_loop():
    assert legacy_keys({"train_cfg": {"rpn": {}}, "data": {}, "total_epochs": 12}) == [
        "data",
        "total_epochs",
    ]


def test_no_official_3x_config_is_taken_for_2x(mmdet_configs):
    config = resolve(mmdet_configs / "retinanet" / "retinanet_r50_fpn_1x_coco.py")
    assert legacy_keys(config.root) == []


def test_what_was_left_in_a_ported_config_is_known_by_its_values():
    config = {
        "train_cfg": {"by_epoch": True, "max_epochs": 12},
        "lr_config": {"policy": "step"},
        "runner": {"type": "EpochBasedRunner", "max_epochs": 12},
        "data": {"samples_per_gpu": 2},
        "total_epochs": 12,
    }
    assert sorted(leftover_keys(config)) == ["data", "lr_config", "runner", "total_epochs"]
    variables = {"data": "coco", "runner": "me", "total_epochs": "12", "lr_config": {"lr": 0.1}}
    assert leftover_keys({**config, **variables}) == []
    del config["train_cfg"]
    assert leftover_keys(config) == []


PORTED = {"train_cfg": {"by_epoch": True, "max_epochs": 12}}


@pytest.mark.parametrize(
    ("key", "meant", "free"),
    [
        ("resume_from", "work_dirs/latest.pth", None),
        ("auto_resume", True, False),
        ("fp16", {"loss_scale": 512.0}, False),
        ("fp16", True, None),
        ("fp16", {}, "yes"),
        ("runner", {"type": "EpochBasedRunner"}, {"type": "Sprinter"}),
        ("runner", {"max_iters": 9}, {}),
        ("optimizer_config", {"type": "Fp16OptimizerHook"}, {"type": "AdamW", "lr": 0.1}),
        ("optimizer_config", {"grad_clip": None}, {"lr": 0.1}),
        ("workflow", [("train", 1)], "train"),
    ],
)
def test_a_key_means_something_to_2x_by_its_value(key, meant, free):
    assert leftover_keys({**PORTED, key: meant}) == [key]
    assert leftover_keys({**PORTED, key: free}) == []
    # Without a loop of 3.x, any value does.
    assert legacy_keys({key: free, "data": {}}) == [key, "data"]


def test_each_key_has_what_it_became():
    assert REPLACEMENTS["resume_from"] == "load_from, with resume = True"
    assert all(REPLACEMENTS.values())


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("optimizer_config", {"type": "GradientCumulativeOptimizerHook"}, "accumulative_counts"),
        ("optimizer_config", {"type": "mmcv.Fp16OptimizerHook"}, "AmpOptimWrapper"),
        ("optimizer_config", {"grad_clip": None}, "clip_grad"),
        ("optimizer_config", None, "clip_grad"),
        ("resume_from", "a.pth", "load_from"),
    ],
)
def test_what_replaces_a_key_depends_on_what_it_asks_for(key, value, told):
    assert told in replacement(key, value)
