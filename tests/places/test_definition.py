from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.places.definition import definitions_at, document_links
from support.places import Desk


def targets(desk: Desk, name: str, marked: str) -> list[tuple[str, str]]:
    """The file, and the text there, of each place."""
    config, offset = desk.open(f"configs/{name}", marked)
    found = []
    for spot in definitions_at(config, offset):
        raw = config.text.encode() if spot.path == config.path else spot.path.read_bytes()
        found.append((spot.path.name, raw[spot.span.start : spot.span.end].decode()))
    return found


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("_base_ = './ba¦se.py'\n", [("base.py", "")]),
        ("_base_ = ['child.py', 'si¦bling.py']\n", [("sibling.py", "")]),
        ("_base_ = 'base.py'\nx = _base_.model.back¦bone\n",
         [("base.py", "dict(type='ToyNet', depth=50, width=64)")]),
        ("_base_ = 'base.py'\nx = {{_base_.num_cl¦asses}}\n", [("base.py", "80")]),
        ("_base_ = 'base.py'\nx = '注释🚀' + _base_.default_sc¦ope\n", [("base.py", "'mmdet'")]),
        ("注释 = '🚀'\nb = 注¦释\n", [("child.py", "注释")]),
        ("model = dict(type='ToyNet')\nx = mo¦del\n", [("child.py", "model")]),
        ("_base_ = 'base.py'\nmodel = dict(backbone=dict(type='Toy¦Net'))\n",
         [("models.py", "class ToyNet(BaseModule):")]),
        ("custom_imports = dict(imports=['toy.mo¦dels'])\n", [("models.py", "")]),
        ("custom_imports = dict(imports=['to¦y'])\n", [("__init__.py", "")]),
        # A key leads to what it overrides, the nearest first.
        ("_base_ = 'child.py'\nmodel = dict(backbone=dict(de¦pth=3))\n",
         [("child.py", "18"), ("base.py", "50")]),
        # One that overrides nothing, to the class that takes it.
        ("_base_ = 'base.py'\nmodel = dict(backbone=dict(a¦ct=None))\n",
         [("models.py", "class ToyNet(BaseModule):")]),
        ("x = nothing¦\n", []),
        ("custom_imports = dict(imports=['no.such¦'])\n", []),
    ],
)  # fmt: skip
def test_of_classic_configs(desk: Desk, marked: str, expected: list[tuple[str, str]]):
    name = "new.py" if "child.py'" in marked else "child.py"
    assert targets(desk, name, marked) == expected


def test_of_data(desk: Desk):
    assert targets(desk, "data.yaml", "_base_: ba¦se.py\n") == [("base.py", "")]
    marked = '{"_base_": ["base.py"], "model": {"backbone": {"type": "Toy¦Net"}}}'
    assert targets(desk, "data.json", marked) == [("models.py", "class ToyNet(BaseModule):")]


def test_of_pure_python_configs(desk: Desk):
    start = (
        "from mmengine.config import read_base\nwith read_base():\n    from .pure_b¦ase import *\n"
    )
    assert targets(desk, "pure.py", start) == [("pure_base.py", "")]
    rest = start.replace("¦", "") + "model.update(dict(neck=dict(type=Toy¦Net)))\n"
    assert targets(desk, "pure.py", rest) == [("models.py", "class ToyNet(BaseModule):")]


def test_links(desk: Desk, folder: Path):
    config, _ = desk.open(
        "configs/child.py",
        "_base_ = ['base.py', 'gone.py', \"sibling.py\"]\r\n"
        "custom_imports = dict(imports=['toy.models', 'no.such'])\r\n",
    )
    links = [(config.text[one.start : one.end], one.path) for one in document_links(config)]
    assert links == [
        ("base.py", folder / "configs/base.py"),
        ("sibling.py", folder / "configs/sibling.py"),
        ("toy.models", folder / "toy/models.py"),
    ]
