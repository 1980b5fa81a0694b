from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.check import Place
from mmscaffold.cli.findings.excerpt import excerpt


@pytest.fixture
def file(tmp_path):
    def write(text: str, name: str = "a.py") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode())
        return path

    return write


def test_the_whole_expression_is_underlined(file):
    path = file("x = dict(a=1, b=2)\n")
    assert excerpt(Place(path, 1, 5, 1, 19)) == ("x = dict(a=1, b=2)", "    ^^^^^^^^^^^^^^")


def test_of_an_expression_over_several_lines_its_first_line_is_underlined(file):
    path = file("x = dict(  \n    a=1,\n)\n")
    assert excerpt(Place(path, 1, 5, 3, 2)) == ("x = dict(  ", "    ^^^^^")


def test_a_place_without_an_end_is_marked_by_a_caret(file):
    path = file("x = 1\n")
    assert excerpt(Place(path, 1, 5)) == ("x = 1", "    ^")
    assert excerpt(Place(path, 1, 6)) == ("x = 1", "     ^")


@pytest.mark.parametrize(
    ("line", "column", "end", "marks"),
    [
        ("名 = '热红外'; y = 1", 14, 15, " " * 17 + "^"),
        ("名 = '热红外'", 5, 10, "     ^^^^^^^^"),
        ("e\u0301 = 12", 6, 8, "    ^^"),
        ("\tx = 12", 6, 8, "\t    ^^"),
    ],
)
def test_marks_align_below_wide_and_combining_characters_and_tabs(file, line, column, end, marks):
    assert excerpt(Place(file(f"{line}\n"), 1, column, 1, end)) == (line, marks)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_the_parser(file, newline):
    # A form feed and a line separator end no line for Python's parser.
    path = file(f"\ufeffx = '\u2028\x0c'{newline}y = 2{newline}")
    assert excerpt(Place(path, 2, 5, 2, 6)) == ("y = 2", "    ^")


def test_without_the_line_there_is_no_excerpt(file, tmp_path):
    assert excerpt(Place(tmp_path / "gone.py", 1)) is None
    assert excerpt(Place(file(""), 1)) is None
