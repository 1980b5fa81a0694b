from __future__ import annotations

import pytest
from mmscaffold.config import Resolver, resolve
from mmscaffold.config.edit.spans import apply_edits
from mmscaffold.migrate.base_edits import beside_base_edits

BASE = (
    "param_scheduler = [dict(type='LinearLR', end=500), dict(type='MultiStepLR', end=12)]\n"
    "model = dict(head=dict(a=1))\n"
)


@pytest.fixture
def write(tmp_path):
    (tmp_path / "base.py").write_text(BASE)

    def make(text: str, newline: str = "\n"):
        path = tmp_path / "child.py"
        path.write_text("_base_ = './base.py'\n" + text, newline=newline)
        return resolve(path)

    return make


def written(config, key, change) -> bytes:
    """The file after one change of a key, which must resolve to it."""
    wanted = resolve(config.path).to_dict()
    change(wanted[key])
    edit = beside_base_edits(config, key, wanted[key])
    assert edit is not None
    raw = apply_edits(config.parsed.source, [edit])
    assert Resolver({config.path: raw}).resolve(config.path).to_dict() == wanted
    return raw


def test_a_statement_of_the_same_kind_follows_the_last_one(write):
    config = write("_base_.param_scheduler[1].milestones = [28]  # of 36\nx = 1\n")
    raw = written(config, "param_scheduler", lambda value: value[1].update(end=36, gamma=0.5))
    assert raw == (
        b"_base_ = './base.py'\n_base_.param_scheduler[1].milestones = [28]  # of 36\n"
        b"_base_.param_scheduler[1].end = 36\n_base_.param_scheduler[1].gamma = 0.5\nx = 1\n"
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_line_endings_and_the_end_of_the_file_stay(write, end, newline):
    config = write(f"_base_.model.head.b = 2{end}", newline)
    raw = written(config, "model", lambda value: value["head"].update(a=3))
    lines = ["_base_ = './base.py'", "_base_.model.head.b = 2", "_base_.model.head.a = 3"]
    assert raw.decode() == newline.join(lines) + end.replace("\n", newline)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # No such statement, or one of another key, or one that sets the whole key.
        ("x = 1\n", [{"type": "LinearLR", "end": 9}, {"type": "MultiStepLR", "end": 12}]),
        ("_base_.model.head.b = 2\n", [{"type": "LinearLR"}, {"type": "MultiStepLR"}]),
        ("_base_.param_scheduler = []\n", [1]),
        # Neither a key that goes away nor another length can be said so.
        ("_base_.param_scheduler[0].end = 3\n", [{"end": 3}, {"type": "MultiStepLR", "end": 12}]),
        ("_base_.param_scheduler[0].end = 3\n", []),
    ],
)
def test_what_cannot_be_said_so_is_not(write, text, wanted):
    assert beside_base_edits(write(text), "param_scheduler", wanted) is None
