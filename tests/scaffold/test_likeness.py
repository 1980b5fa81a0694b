"""A class goes to the folder of those that do the same work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from mmscaffold.project.code import Package
from mmscaffold.project.packages_here import family_of
from mmscaffold.scaffold.ancestry import Ancestry
from mmscaffold.scaffold.kinds import KINDS
from mmscaffold.scaffold.likeness import home_of


def registered(
    name: str, base: str, registry: str = "MODELS", source: str = "mmdet.models"
) -> str:
    return (
        f"from {source} import {base}\nfrom mmdet.registry import {registry}\n\n\n"
        f"@{registry}.register_module()\nclass {name}({base}):\n    pass\n"
    )


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


PARTS = {
    "models/detectors/mine.py": registered("MyDetector", "FasterRCNN"),
    "models/backbones/mine.py": registered("MyResNet", "ResNet"),
    "models/backbones/other.py": registered("MySwin", "SwinTransformer"),
    "models/necks/__init__.py": "",
}
FLAT = {"nets/all.py": registered("MyDetector", "RetinaNet")}
TWO = {
    "old/a.py": registered("A", "RetinaNet"),
    "new/b.py": registered("B", "FCOS"),
    "new/c.py": registered("C", "ATSS"),
}


@pytest.mark.parametrize(
    ("files", "base", "place"),
    [
        (PARTS, "mmdet.models.RetinaNet", "models/detectors"),
        (PARTS, "mmdet.models.YOLOX", "models/detectors"),
        (PARTS, "mine.models.detectors.mine.MyDetector", "models/detectors"),
        (PARTS, "mmdet.models.PyramidVisionTransformer", "models/backbones"),
        (PARTS, "mine.models.backbones.mine.MyResNet", "models/backbones"),
        # A folder is named after what upstream calls such classes.
        (PARTS, "mmdet.models.FPN", "models/necks"),
        # There is no place for losses yet: they do not go to the detectors.
        (PARTS, "mmdet.models.FocalLoss", "models"),
        (PARTS, "nobody.knows.Thing", "models"),
        (FLAT, "mmdet.models.FPN", "nets"),
        # Most of the others are there.
        (TWO, "mmdet.models.YOLOX", "new"),
        ({}, "mmdet.models.RetinaNet", "usual"),
    ],
)
def test_a_class_goes_to_its_like(tmp_path: Path, files, base, place):
    folder = write(tmp_path / "mine", files)
    ancestry = Ancestry(Package.read(folder, "mine"), family_of(tmp_path))
    kind = replace(KINDS["model"], folder="usual")
    assert home_of(folder, ancestry, kind, base) == folder / place


SCRATCH = {
    "models/backbones/mine.py": registered("MyNet", "BaseModule", source="mmengine.model"),
    "models/blocks/mine.py": registered("MyBlock", "BaseModule", source="mmengine.model"),
    "models/necks/__init__.py": "",
}


@pytest.mark.parametrize(
    ("kind", "place"),
    [("backbone", "models/backbones"), ("neck", "models/necks"), ("head", "models")],
)
def test_what_is_written_from_scratch_goes_to_its_kind(tmp_path, kind, place):
    folder = write(tmp_path / "mine", SCRATCH)
    ancestry = Ancestry(Package.read(folder, "mine"), family_of(tmp_path))
    assert home_of(folder, ancestry, KINDS[kind], "mmengine.model.BaseModule") == folder / place
