from __future__ import annotations

import ast
from pathlib import Path

import pytest
from mmscaffold.check import Place


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
    assert str(Place.at(Path("/gone.py"), node)) == "/gone.py:1:7"
