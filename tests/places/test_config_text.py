from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.places.config_text import inherited_by
from mmscaffold.places.place import place_at
from support.places import Desk


def bases(desk: Desk, name: str, text: str) -> list[tuple[str, str]]:
    """What the text names as bases: as it is written, and the file."""
    config, _ = desk.open(f"configs/{name}", text)
    return [(config.text[one.start : one.end], one.path.name) for one in config.named_bases]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("new.py", "_base_ = './base.py'\n", [("./base.py", "base.py")]),
        ("new.py", "_base_ = ['base.py', 'x/", [("base.py", "base.py"), ("x/", "x")]),
        ("new.py", "_base_ = ('base.py', name, 3)\n", [("base.py", "base.py")]),
        ("new.py", "_base_ = 'mmdet::_base_/no'\n_base_ = 'unknown::x/y.py'\n", None),
        ("new.py", "_base_ = ''\n", []),
        ("new.json", '{"_base_": ["base.py"', [("base.py", "base.py")]),
        ("new.json", '{"_base_": "ba', [("ba", "ba")]),
        ("new.yaml", "_base_: base.py  # x\n", [("base.py", "base.py")]),
        ("new.yaml", "_base_:\n- base.py\n- 'child.py'\n",
         [("base.py", "base.py"), ("child.py", "child.py")]),
        ("new.yaml", "_base_: [base.py, \"child.py\"]\n",
         [("base.py", "base.py"), ("child.py", "child.py")]),
        ("new.py", "with read_base():\n    from .pure_base import model\n    from . import x\n",
         [(".pure_base", "pure_base.py")]),
        ("new.py", "with read_base():\n    from toy.models import x\n    from no.such import y\n",
         [("toy.models", "models.py")]),
    ],
)  # fmt: skip
def test_named_bases(desk: Desk, name: str, text: str, expected: list[tuple[str, str]] | None):
    found = bases(desk, name, text)
    assert expected is None or found == expected


def test_bases_that_do_not_resolve_are_left_out(desk: Desk):
    config, _ = desk.open("configs/new.py", "_base_ = ['base.py', 'gone.py']\nx = (")
    assert [one.path.name for one in config.bases] == ["base.py"]
    assert config.config is None
    assert config.value(("model", "type")) == "RetinaNet"
    origin = config.origin(("model", "type"))
    assert origin is not None
    assert origin.path.name == "base.py"
    # As check asks of it, too.
    assert config.view.scope == "mmdet"


@pytest.mark.parametrize(
    ("text", "is_inherited"),
    [
        ("_base_ = 'base.py'\nmodel = dict(backbone=dict(¦))", True),
        ("_base_ = 'base.py'\nmodel = {'backbone': {¦}}", True),
        ("_base_ = 'base.py'\n_base_.model.backbone = dict(¦)", True),
        ("_base_ = 'base.py'\nmodel = dict(_delete_=True, backbone=dict(¦))", False),
        ("_base_ = 'base.py'\nmodel = dict(backbone=dict(_delete_=True, ¦))", False),
        ("_base_ = 'base.py'\nx = [dict(¦)]", False),
        ("_base_ = 'base.py'\nx = f(dict(¦))", False),
    ],
)
def test_what_a_dict_inherits(desk: Desk, text: str, is_inherited: bool):
    config, offset = desk.open("configs/new.py", text)
    place = place_at(config.outline, offset)
    found = inherited_by(config, place.brackets)
    assert (found == {"type": "ToyNet", "depth": 50, "width": 64}) == is_inherited


def test_in_the_pure_python_style_only_update_merges(desk: Desk):
    head = (
        "from mmengine.config import read_base\nwith read_base():\n    from .pure_base import *\n"
    )
    for rest, is_inherited in (("model.update(dict(¦))", True), ("model = dict(¦)", False)):
        config, offset = desk.open("configs/pure.py", head + rest)
        found = inherited_by(config, place_at(config.outline, offset).brackets)
        assert (found is not None) == is_inherited


def test_an_unsaved_text_is_not_that_of_the_file(desk: Desk, folder: Path):
    config, _ = desk.open("configs/child.py")
    assert config.is_current
    config, _ = desk.open("configs/child.py", "model = dict(")
    assert not config.is_current
    assert config.config is not None
