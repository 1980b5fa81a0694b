"""A note is told with the line of the old file from which it follows."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.upgrade.planner import plan_upgrade

START = "runner = dict(type='EpochBasedRunner', max_epochs=2)\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("custom_hooks = [dict(type='MyHook', a=1)]\n", 2),
        ("custom_hooks = [\n    dict(type='NumClassCheckHook'),\n    dict(type='MyHook')]\n", 4),
        ("hook = dict(\n    type='MyHook')\ncustom_hooks = [hook]\n", 3),
        ("\n\noptimizer = dict(type='Mine', lr=0.1)\n", 4),
        ("optimizer = dict(\n    type='SGD',\n    constructor='Mine',\n    lr=0.1)\n", 4),
        ("custom_imports = dict(\n    imports=['mine'])\n", 2),
    ],
)
def test_what_is_of_the_project(tmp_path: Path, text, line):
    file = tmp_path / "a.py"
    file.write_text(START + text)
    [planned] = plan_upgrade([file], package="mmdet").files
    [note] = [one for one in planned.notes if one.note.code == "UP202"]
    assert note.line == line


def test_what_a_base_sets_has_no_line_in_its_heir(tmp_path: Path):
    (tmp_path / "base.py").write_text("custom_hooks = [dict(type='MyHook')]\n")
    heir = tmp_path / "heir.py"
    heir.write_text(f"_base_ = 'base.py'\n{START}")
    notes = {
        file.plan.path.name: [(one.note.code, one.line) for one in file.notes]
        for file in plan_upgrade([tmp_path], package="mmdet").files
    }
    assert notes["base.py"] == [("UP202", 1)]
    assert "UP202" not in dict(notes["heir.py"])
