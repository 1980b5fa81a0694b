"""Comments survive an edit, and what is written fits into the lines of the file."""

from __future__ import annotations

import io
import re
import tokenize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mmscaffold.facts.units import Unit
from mmscaffold.migrate import NewLength, NewUnit, Task, plan_migration

HEAD = "model = dict(type='RetinaNet')\ntrain_cfg = dict(by_epoch=True, max_epochs=12)\n"
LONGER = Task(length=NewLength(Unit.EPOCHS, 24))
ITERATIONS = Task(length=NewUnit(Unit.ITERATIONS, 100))


def comments(text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return sorted(token.string for token in tokens if token.type == tokenize.COMMENT)


def planned(path, text: str, task: Task) -> str:
    path.write_text(text)
    return plan_migration([path], task).files[0].after.decode()


@pytest.mark.parametrize("task", [LONGER, ITERATIONS], ids=["length", "unit"])
@pytest.mark.parametrize(
    "text",
    [
        "milestones = [8, 11]\nparam_scheduler = [\n    # warm-up\n    dict(type='LinearLR', "
        "begin=0, end=500, by_epoch=False),  # 500\n    # steps\n    dict(type='MultiStepLR', "
        "begin=0, end=12, by_epoch=True,\n         milestones=milestones)  # drops\n]\n",
        "custom_hooks = [\n    dict(\n        type='RTMOModeSwitchHook',\n"
        "        epoch_attributes={\n            8: {  # eight\n                'x': 1.0,  # one\n"
        "            }\n        })\n]\n",
        "param_scheduler = dict(  # one\n    type='MultiStepLR', by_epoch=True, begin=0, end=12,\n"
        "    milestones=[\n        8,  # first\n        11,  # second\n    ])\n",
    ],
    ids=["name", "renamed", "items"],
)
def test_comments_survive(tmp_path, text, task):
    after = planned(tmp_path / "a.py", HEAD + text, task)
    assert after != HEAD + text
    assert comments(after) == comments(HEAD + text)


def test_only_the_name_gives_way(tmp_path):
    text = (
        "milestones = [8, 11]\nparam_scheduler = [\n    # steps\n    dict(type='MultiStepLR', "
        "begin=0, end=12, by_epoch=True, milestones=milestones),\n]\n"
    )
    assert "milestones=[16, 22]),\n]" in planned(tmp_path / "a.py", HEAD + text, LONGER)


@settings(max_examples=40)
@given(
    values=st.lists(st.integers(1, 11), min_size=1, max_size=4, unique=True).map(sorted),
    trailing=st.booleans(),
    unit=st.booleans(),
)
def test_every_comment_of_a_list_survives(tmp_path_factory, values, trailing, unit):
    items = ",\n".join(f"            # before {v}\n            {v}" for v in values)
    text = (
        f"{HEAD}param_scheduler = [\n    # all\n    dict(\n        type='MultiStepLR',  # kind\n"
        f"        by_epoch=True,\n        begin=0,\n        end=12,\n        milestones=[\n{items}"
        f"{',' if trailing else ''}  # last\n        ])\n]\n"
    )
    path = tmp_path_factory.mktemp("c") / "a.py"
    assert comments(planned(path, text, ITERATIONS if unit else LONGER)) == comments(text)


def test_appended_statements_fit_into_the_lines_of_the_file(tmp_path):
    base = tmp_path / "base.py"
    base.write_text(
        HEAD + "param_scheduler = [dict(type='LinearLR', start_factor=0.001, by_epoch=False, "
        "begin=0, end=500), dict(type='MultiStepLR', begin=0, end=12, by_epoch=True, "
        "milestones=[8, 11], gamma=0.1)]\n"
    )
    after = planned(tmp_path / "a.py", "_base_ = './base.py'\n", LONGER)
    assert max(map(len, after.splitlines())) <= 79
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 60\n")
    (tmp_path / "b").mkdir()
    after = planned(tmp_path / "b" / "b.py", "_base_ = '../base.py'\n", LONGER)
    assert re.search(r"^param_scheduler = \[$", after, re.MULTILINE)
