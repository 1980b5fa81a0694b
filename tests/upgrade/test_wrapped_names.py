"""A variable that goes into a new dict of its own stays what it is, and is named there."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.upgrade.planner import plan_upgrade

DATA = """\
NAMES = ('ferry', 'tug')
root = 'data/'
number = len(NAMES)
data = dict(
    train=dict(
        type='CocoDataset', classes=NAMES, ann_file=root + 'a.json', img_prefix=root + 'images/',
        pipeline=[]))
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (DATA, "metainfo=dict(classes=NAMES)"),
        (DATA.replace("root + 'images/'", "root"), "data_prefix=dict(img=root)"),
        (DATA, "data_prefix=dict(img=root + 'images/')"),
    ],
)
def test_the_variable_is_kept_and_named(tmp_path: Path, old: str, new: str):
    path = tmp_path / "data.py"
    path.write_text(old)
    (file,) = plan_upgrade([path], package="mmdet").files
    text = file.plan.after.decode()
    assert text.startswith("NAMES = ('ferry', 'tug')\nroot = 'data/'\nnumber = len(NAMES)\n")
    assert new in " ".join(text.split()).replace("( ", "(")
    assert [one.note.code for one in file.notes] == []
