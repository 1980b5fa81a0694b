"""What a text writes where, in Python, JSON and YAML, finished or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.places.outline import Outline
from mmscaffold.places.outlines import outline_of
from mmscaffold.places.tokens import tokens_of


def paths(outline: Outline) -> dict[str, object]:
    """The text of each item that has no bracket, with its key path."""
    return {
        outline.text[slice(*item.value)]: item.path
        for item in outline.items()
        if not item.brackets
    }


def python(text: str) -> dict[str, object]:
    return paths(outline_of(Path("a.py"), text))


@pytest.mark.parametrize(
    ("text", "value", "path"),
    [
        ("model = dict(backbone=dict(depth=18))", "18", ("model", "backbone", "depth")),
        ("model = {'backbone': {'depth': 18}}", "18", ("model", "backbone", "depth")),
        ("a = [1, (2, 3), dict(x=4)]", "3", ("a", 1, 1)),
        ("a = [1, (2, 3), dict(x=4)]", "4", ("a", 2, "x")),
        ("a = (dict(x=4))", "4", ("a", "x")),
        ("a = (dict(x=4),)", "4", ("a", 0, "x")),
        ("a.b['c'][0].d = 5", "5", ("a", "b", "c", 0, "d")),
        ("_base_.model.x = dict(y=6)", "6", ("model", "x", "y")),
        ("model.update(dict(neck=dict(x=7)))", "7", ("model", "neck", "x")),
        ("model.update(x=8)", "8", ("model", "x")),
        ("b = '🚀'; a = dict(x=5)", "5", ("a", "x")),
        ("a: dict = dict(x=9)", "9", ("a", "x")),
        ("a = {0: dict(x=10)}", "10", ("a", 0, "x")),
        # What cannot be told is not told.
        ("a = [dict(x=1) for _ in b]", "1", None),
        ("a = [*b, dict(x=1)]", "1", None),
        ("a += [dict(x=1)]", "1", None),
        ("a = f(dict(x=1))", "1", None),
        ("a = [dict(x=1)] + b", "1", None),
        ("def f():\n    a = dict(x=1)", "1", None),
        ("for i in b:\n    c = 1; a = dict(x=2)", "2", None),
    ],
)
def test_python_key_paths(text: str, value: str, path: object):
    assert python(text)[value] == path


@pytest.mark.parametrize(
    "text",
    [
        # A bracket that is not closed, and one too many, keep nothing from the rest.
        "model = dict(backbone=dict(depth=18,\ntrain_cfg = dict(max_epochs=3)",
        "model = dict(x=1)))\ntrain_cfg = dict(max_epochs=3)",
        "model = dict(x=[1, 2)\ntrain_cfg = dict(max_epochs=3)",
        "a = 'text that does not end\ntrain_cfg = dict(max_epochs=3)",
        "a = dict(type='Text\ntrain_cfg = dict(max_epochs=3",
        "a = {{_base_.mod\ntrain_cfg = dict(max_epochs=3)",
        "\ufefftrain_cfg = dict(max_epochs=3)",
        "# 注释 🚀\r\ntrain_cfg = dict(\r\n    max_epochs=3)\r\n",
    ],
)
def test_half_written_python_keeps_its_paths(text: str):
    assert python(text)["3"] == ("train_cfg", "max_epochs")


def test_a_statement_in_an_open_bracket_is_a_keyword_while_all_brackets_close():
    assert python("a = dict(\nb=dict(\nc=1))")["1"] == ("a", "b", "c")


def test_json():
    outline = outline_of(Path("a.json"), '{"model": {"neck": [{"x": 1}]}, "half": {"y": 2')
    assert paths(outline) == {"1": ("model", "neck", 0, "x"), "2": ("half", "y")}


def test_yaml():
    text = (
        "model:\n"
        "  backbone:\n"
        "    depth: 18  # deep\n"
        "  flow: {a: [1, {b: 2}]}\n"
        "hooks:\n"
        "- type: A\n"
        "  every: 3\n"
        "-  - 4\n"
        "text: |\n"
        "  depth: 99\n"
        "last: 5\n"
    )
    found = paths(outline_of(Path("a.yaml"), text))
    assert found["18"] == ("model", "backbone", "depth")
    assert found["2"] == ("model", "flow", "a", 1, "b")
    assert found["3"] == ("hooks", 0, "every")
    assert found["4"] == ("hooks", 1, 0)
    assert found["5"] == ("last",)
    assert "99" not in found


def test_every_word_of_a_text_is_one_token():
    text = "a = f'x{1}'  # 注释\nb = r\"\\\" '''open\n"
    tokens = tokens_of(text)
    ends = [0, *(one.end for one in tokens.words)]
    assert all(
        text[end : one.start].strip(" ") == ""
        for end, one in zip(ends, tokens.words, strict=False)
    )


def test_a_deep_text_is_no_trouble():
    deep = "a = " + "[" * 5_000
    assert len(list(outline_of(Path("a.py"), deep).items())) == 5_000
    assert outline_of(Path("a.yaml"), "a: " + "[" * 5_000).statements
