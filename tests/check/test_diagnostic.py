from __future__ import annotations

import ast
from pathlib import Path

import pytest
from mmscaffold.check import Place
from mmscaffold.config import resolve


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_columns_of_code_are_counted_in_characters(tmp_path, bom, newline):
    path = tmp_path / "a.py"
    path.write_bytes(f"{bom}x = '深度'; y = 1{newline}z = '热红外'; w = 2{newline}".encode())
    tree = ast.parse(path.read_bytes())
    places = [Place.at(path, node) for node in tree.body]
    assert [(one.line, one.column) for one in places] == [(1, 1), (1, 11), (2, 1), (2, 12)]


def test_a_file_that_is_gone_still_has_places():
    (node,) = ast.parse("if x: y = 1").body[0].body
    assert Place.at(Path("/gone.py"), node) == Place(Path("/gone.py"), 1, 7, 1, 12)
    (node,) = ast.parse("class A:\n    pass").body
    assert Place.at(Path("/gone.py"), node) == Place(Path("/gone.py"), 1, 1, 1, 8)


def test_a_place_without_an_end_is_a_point():
    place = Place(Path("/a.py"), 3, 4)
    assert (place.end_line, place.end_column) == (3, 4)
    assert str(place) == "/a.py:3:4"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x = f('深度',\n      2)", "x = f('深度',\n      2)"),
        ("class  Loop(Base):\n    x = 1", "class  Loop"),
        ("def run(self):\n    pass", "def run"),
        ("async def run(self):\n    pass", "async def run"),
        ("@deco\ndef run(self):\n    pass", "def run"),
        ("for 批 in data:\n    pass", "for 批 in data"),
        ("while self._epoch < 3:\n    pass", "while self._epoch < 3"),
        ("if x:\n    pass\nelse:\n    pass", "if x"),
        ("with open(p) as f, g as 子:\n    pass", "with open(p) as f, g as 子"),
        ("match x:\n    case 1:\n        pass", "match x"),
        ("with open(p):\n    pass", "with open(p)"),
    ],
)
def test_a_place_ends_with_its_expression_or_the_head_of_its_statement(tmp_path, text, shown):
    path = tmp_path / "a.py"
    path.write_text(text, encoding="utf-8")
    place = Place.at(path, ast.parse(text).body[0])
    lines = text.split("\n")[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    assert "\n".join(lines) == shown


@pytest.mark.parametrize(
    ("name", "text", "key", "shown"),
    [
        ("a.py", "x = '深度'; a = dict(b=[\n    1])\n", "a", (1, 15, 2, 8)),
        ("a.py", "a = '{{ fileBasename }}'\n", "a", (1, 5, 1, 25)),
        ("a.yaml", "a:\n  b: [1,\n    2]\n\n\nc: 3\n", "a", (2, 3, 3, 7)),
        ("a.json", '{"深": 1, "a": {"b": 2}}', "a", (1, 15, 1, 23)),
    ],
)
def test_the_place_of_a_value_of_a_config_is_all_of_it(tmp_path, name, text, key, shown):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert Place.of(resolve(path).origin(key)) == Place(path, *shown)
