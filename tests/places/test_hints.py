from __future__ import annotations

from mmscaffold.places.hints import hints_in
from support.places import Desk


def hints(desk: Desk, text: str, name: str = "child.py") -> list[tuple[str, str]]:
    """The word before each hint, and the hint."""
    config, _ = desk.open(f"configs/{name}", text)
    found = hints_in(config, 0, len(config.text))
    return [(config.text[: one.offset].split()[-1], one.label) for one in found]


def test_what_a_dict_inherits_and_what_a_value_was(desk: Desk):
    found = hints(desk, "_base_ = 'base.py'\nmodel = dict(\n    backbone=dict(depth=18))\n")
    assert ("backbone=dict(", "type='ToyNet', width=64") in found
    assert ("backbone=dict(depth=18", "was 50") in found


def test_of_yaml(desk: Desk):
    found = hints(desk, "_base_: base.py\nmodel:\n  backbone:\n    depth: 34\n", "data.yaml")
    assert ("34", "was 50") in found


def test_nothing_where_nothing_is_inherited(desk: Desk):
    assert hints(desk, "model = dict(backbone=dict(depth=18))\n") == []
    text = "_base_ = 'base.py'\nmodel = dict(backbone=dict(_delete_=True, depth=18))\n"
    assert [one for one in hints(desk, text) if "type='ToyNet'" in one[1]] == []
    # A list takes the place of the base's.
    text = "_base_ = 'base.py'\ntrain_pipeline = [dict(type='RandomFlip', prob=0.1)]\n"
    assert hints(desk, text) == []


def test_epochs_in_iterations_and_back(desk: Desk):
    found = hints(
        desk,
        "_base_ = 'base.py'\n"
        "train_cfg = dict(max_epochs=36)\n"
        "param_scheduler = [\n"
        "    dict(type='LinearLR', begin=0, end=500, by_epoch=False),\n"
        "    dict(type='MultiStepLR', milestones=[24, 33], by_epoch=True)]\n"
        "default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=3))\n",
    )
    assert ("dict(max_epochs=36", "≈ 3,600 iterations") in found
    assert ("end=500", "≈ 5 epochs") in found
    assert ("milestones=[24", "≈ 2,400 iterations") in found
    assert ("33", "≈ 3,300 iterations") in found
    assert ("interval=3", "≈ 300 iterations") in found
    assert ("dict(max_epochs=36", "was 12") in found


def test_only_those_of_a_range(desk: Desk):
    config, _ = desk.open("configs/child.py")
    assert hints_in(config, 0, 5) == []
