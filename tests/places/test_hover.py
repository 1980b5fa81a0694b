from __future__ import annotations

import pytest
from mmscaffold.places.hover import hover_at
from support.places import Desk


def hover(desk: Desk, name: str, marked: str) -> str:
    found = hover_at(*desk.open(f"configs/{name}", marked))
    return "" if found is None else found.markdown


def test_a_key_shows_its_value_every_file_that_set_it_and_its_parameter(desk: Desk):
    marked = "# 注释 🚀\n_base_ = './child.py'\nmodel = dict(backbone=dict(de¦pth=101))\n"
    told = hover(desk, "new.py", marked)
    assert "**model.backbone.depth**\n\n```python\n101\n```" in told
    assert "- set in [this file, line 3](file://" in told
    assert "- overrides `18` of [child.py:2](file://" in told
    assert "- overrides `50` of [base.py:6](file://" in told
    assert "`depth` of `ToyNet`: How deep it is, in layers." in told
    assert told.index("`18`") < told.index("`50`")


def test_the_span_is_that_of_the_key(desk: Desk):
    config, offset = desk.open("configs/child.py", "model = dict(backbone=dict(de¦pth=18))\n")
    found = hover_at(config, offset)
    assert found is not None
    assert config.text[found.start : found.end] == "depth"


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        (
            "base.py",
            "model = dict(backbone=dict(type='Toy¦Net'))\ncustom_imports = 'toy.models'\n",
        ),
        ("child.py", "_base_ = 'base.py'\nmodel = dict(backbone=dict(type='Toy¦Net', x=1))\n"),
        ("data.yaml", "_base_: base.py\nmodel:\n  backbone:\n    type: Toy¦Net\n"),
        ("data.json", '{"_base_": "base.py", "model": {"backbone": {"type": "Toy¦Net"}}}'),
        ("pure.py", "from toy.models import ToyNet\nmodel = dict(backbone=dict(type=Toy¦Net))\n"),
    ],
)
def test_a_type_shows_its_class(desk: Desk, name: str, marked: str):
    marked = marked.replace("'toy.models'", "dict(imports=['toy.models'])")
    told = hover(desk, name, marked)
    assert "class `ToyNet(BaseModule)` — [../toy/models.py:6](file://" in told
    assert "A net of toys." in told
    assert "    depth,\n    width: int = 64,\n    act=dict(type='ReLU')," in told


def test_a_class_of_the_family_shows_what_it_takes(desk: Desk):
    told = hover(desk, "child.py", "_base_ = 'base.py'\nmodel = dict(neck=dict(type='F¦PN'))\n")
    assert "class `FPN(BaseModule)`" in told
    assert "    in_channels" in told


def test_half_written_text_shows_what_it_was_before(desk: Desk):
    marked = "_base_ = './base.py'\nmodel = dict(back¦bone=dict(depth=18, \nx = [1,"
    assert "**model.backbone**" in hover(desk, "child.py", marked)


@pytest.mark.parametrize(
    ("marked", "parts"),
    [
        ("_base_ = 'base.py'\nx = _base_.model.back¦bone.depth\n", ["backbone", "type='ToyNet'"]),
        ("_base_ = 'base.py'\nx = {{_base_.num_cl¦asses}}\n", ["_base\\_.num\\_classes", "80"]),
        ("_base_ = 'ba¦se.py'\n", ["Base [base.py](file://", "`num_classes`", "`model`"]),
        ("_base_ = ['chi¦ld.py']\n", ["Its own bases: [base.py](file://"]),
        ("_base_ = 'go¦ne.py'\n", ["no such file"]),
        ("a = 1\nb = a¦\n", ["**a**", "1", "this file, line 1"]),
        ("_base_ = 'base.py'\n_base_.model.back¦bone.depth = 3\n", ["**model.backbone**"]),
    ],
)
def test_names_and_bases(desk: Desk, marked: str, parts: list[str]):
    told = hover(desk, "new.py" if "chi" in marked else "child.py", marked)
    for part in parts:
        assert part in told


def test_a_value_that_is_copied_says_from_where(desk: Desk):
    told = hover(desk, "base.py", "num = 80\nhead = dict(num_cl¦asses=num)\n")
    assert "as `num`, which is [this file, line 1]" in told


def test_an_unknown_value_says_why(desk: Desk):
    told = hover(desk, "child.py", "import foo\nx = dict(a¦=foo.bar())\n")
    assert told == "" or "Not known:" in told


@pytest.mark.parametrize(
    "marked",
    ["# model¦\n", "a = 1¦\n"[:4] + "¦\n", "¦", "def f():\n    x¦ = 1\n", "a = f(x¦=1)\n"],
)
def test_nothing_is_said_of_what_is_nothing(desk: Desk, marked: str):
    assert "**x**" not in hover(desk, "child.py", marked)


def test_markdown_of_a_config_is_text(desk: Desk):
    told = hover(desk, "child.py", "a¦ = '```\\n# [x](http://y) <b>'\n")
    assert "````python" in told
