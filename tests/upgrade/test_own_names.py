"""A class that 2.x did not have was the user's own, though 3.x has another one by its name now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade import tables
from mmscaffold.upgrade.goal import upgrade_goal
from mmscaffold.upgrade.tables.mmdet_names import is_own_name
from mmscaffold.upgrade.tables.names_make import names
from support.corpora import unpacked_source, unpacked_wheel
from support.share import share

DATA = "data = dict(train=dict(type={!r}, ann_file='a.json', pipeline=[dict(type={!r}, n=3)]))\n"
BACKBONE = "backbone=dict(type='ResNet', depth=50)"
MODEL = f"model = dict(type={{!r}}, {BACKBONE}, bbox_head=dict(type={{!r}}, n=3))\n"
HOOK = "custom_hooks = [dict(type={!r}, n=3)]\n"


def told(text: str, folder: Path) -> list[tuple[str, str]]:
    (folder / "config.py").write_text(text)
    notes = upgrade_goal(Resolver().resolve(folder / "config.py"), "mmdet").notes
    return [(note.code, note.message) for note in notes if note.code in ("UP202", "UP210")]


def own(*names: str) -> list[tuple[str, str]]:
    end = "a class of yours; 3.x has another one by that name"
    return [("UP202", f"{name}: {end}") for name in names]


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (
            DATA.format("CrowdHumanDataset", "RandomErasing"),
            ["CrowdHumanDataset", "RandomErasing"],
        ),
        (DATA.format("CocoDataset", "RandAugment"), ["RandAugment"]),
        (MODEL.format("DINO", "DINOHead"), ["DINO", "DINOHead"]),
        (MODEL.format("CondInst", "CondInstBboxHead"), ["CondInst", "CondInstBboxHead"]),
        (HOOK.format("EarlyStoppingHook"), ["EarlyStoppingHook"]),
        (HOOK.format("PipelineSwitchHook"), ["PipelineSwitchHook"]),
    ],
)
def test_its_name_is_told_to_be_taken(text: str, taken: list[str], tmp_path: Path):
    assert sorted(told(text, tmp_path)) == sorted(own(*taken))


@pytest.mark.parametrize(
    "text",
    [
        DATA.format("CocoDataset", "AutoAugment").replace("n=3", "policies=[]"),
        "model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50))\n",
        HOOK.format("NumClassCheckHook").replace(", n=3", ""),
        # Their new names are those of 3.x.
        DATA.format("CocoDataset", "BrightnessTransform").replace("n=3", "level=4"),
        HOOK.format("ExpMomentumEMAHook").replace(", n=3", ""),
    ],
)
def test_those_of_2x_are_not(text: str, tmp_path: Path):
    assert told(text, tmp_path) == []


def test_no_official_config_names_one(mmdet2_configs: Path):
    resolver = Resolver()
    files = [path for path in sorted(mmdet2_configs.rglob("*.py")) if "_base_" not in path.parts]
    messages = [
        note.message
        for path in share(files, 9)
        for note in upgrade_goal(resolver.resolve(path), "mmdet").notes
    ]
    assert messages
    assert not [one for one in messages if "another one by that name" in one]


def test_the_names_are_those_that_the_releases_register():
    folders = (
        unpacked_wheel("mmdet", "2.28.2") / "mmdet",
        unpacked_source("mmcv", "1.7.2") / "mmcv",
    )
    kept = json.loads((Path(tables.__file__).parent / "names_mmdet.json").read_text())
    assert kept == names(folders)
    assert not is_own_name("CocoDataset")
    assert is_own_name("DINO")
