"""What a comment says of the order of a size is noted where the size is turned round."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.upgrade.planner import plan_upgrade

TRAINED = "data = dict(train=dict(type='CocoDataset', ann_file='a.json', pipeline=[\n{}\n]))\n"
CROP = "    dict(type='RandomCrop', crop_size={}),"


def codes(tmp_path: Path, steps: str, before: str = "") -> list[str]:
    """The codes of the notes on a training pipeline."""
    config = tmp_path / "config.py"
    config.write_text(f"{before}{TRAINED.format(steps)}", encoding="utf-8")
    (file,) = plan_upgrade([config]).files
    return [one.note.code for one in file.notes if one.note.code == "UP112"]


HEIGHT_FIRST = """
# height, width
# (h, w)
# HxW
# [H, W]
# h \u00d7 w
# height and width
# crop size as hw
# Height/Width!
# \u9ad8\u3001\u5bbd
# \u9ad8\u5ea6\uff0c\u5bbd\u5ea6
"""
OTHERS = """
# width, height
# (w, h)
# small ships
# how wide
# the whole width
# with h
"""


@pytest.mark.parametrize("comment", HEIGHT_FIRST.split("\n")[1:-1])
def test_a_comment_beside_it(tmp_path, comment):
    assert codes(tmp_path, f"{CROP.format('(480, 640)')}  {comment}") == ["UP112"]


@pytest.mark.parametrize("comment", OTHERS.split("\n")[1:-1])
def test_another_comment(tmp_path, comment):
    assert codes(tmp_path, f"{CROP.format('(480, 640)')}  {comment}") == []


def test_a_square_has_no_order(tmp_path):
    assert codes(tmp_path, f"{CROP.format('(480, 480)')}  # height, width") == []


def test_what_keeps_its_order(tmp_path):
    resize = "    dict(type='Resize', img_scale=(480, 640), keep_ratio=True),  # (h, w)"
    assert codes(tmp_path, resize) == []


def test_a_comment_above(tmp_path):
    above = "    # We crop them all\n    # (height, width).\n"
    assert codes(tmp_path, above + CROP.format("(480, 640)")) == ["UP112"]


def test_a_comment_on_another_line(tmp_path):
    steps = f"    dict(type='LoadImageFromFile'),  # (h, w)\n{CROP.format('(480, 640)')}"
    assert codes(tmp_path, steps) == []


def test_a_comment_within(tmp_path):
    assert codes(tmp_path, CROP.format("(\n        480,  # h, w\n        640)")) == ["UP112"]


def test_a_comment_on_the_variable(tmp_path):
    crop = CROP.format("crop")
    assert codes(tmp_path, crop, "crop = (480, 640)  # height, width\n") == ["UP112"]
    assert codes(tmp_path, f"{crop}  # (h, w)", "crop = (480, 640)\n") == ["UP112"]


def test_the_padding_of_a_test(tmp_path):
    pad = (
        "    dict(type='Pad', size=(480, 640)),  # (h, w)\n"
        "    dict(type='Normalize', mean=[0., 0., 0.], std=[1., 1., 1.], to_rgb=True),"
    )
    assert codes(tmp_path, pad) == ["UP112"]
