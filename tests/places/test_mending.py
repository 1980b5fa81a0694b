from __future__ import annotations

import ast
from pathlib import Path

import pytest
from mmscaffold.places.mending import mended
from mmscaffold.places.outlines import outline_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\nb = dict(x=1, y=", "a = 1\nb = dict(x=1, )"),
        ("a = 1\nb = dict(x=1, y=dict(z=[2, 3", "a = 1\nb = dict(x=1, y=dict(z=[2, 3]))"),
        ("b = dict(x=1, y=dict(\nc = 2\n", "b = dict(x=1, y=dict())\nc = 2\n"),
        ("b = dict(x=1, ty\r\nc = 2\r\n", "b = dict(x=1, )\r\nc = 2\r\n"),
        ("b = dict(type='Re, x=1)\nc = 2\n", "b = dict()\nc = 2\n"),
        ("a = 1\nb = = 2\nc = 3\n", "a = 1\n\nc = 3\n"),
        ("with read_base():\n    from .x import *\n\na = 1\nb = ", None),
    ],
)
def test_what_is_being_written_is_closed_or_left_out(text: str, expected: str | None):
    made = mended(outline_of(Path("a.py"), text))
    assert made is not None
    ast.parse(made)
    assert made.count("\n") == text.count("\n")
    if expected is not None:
        assert [one.rstrip() for one in made.split("\n")] == [
            one.rstrip() for one in expected.split("\n")
        ]


@pytest.mark.parametrize(
    "text",
    [
        *("a = 1\n", "", "# x", ")))", "\0"),
        # What it inherits is not known: it is as it was before.
        *("_base_ = 'ba\na = 1\n", "with read_base():\n    from .x impo\na = 1\n"),
    ],
)
def test_nothing_to_mend(text: str):
    made = mended(outline_of(Path("a.py"), text))
    assert made is None or not made.strip()


def test_data_are_not_mended():
    assert mended(outline_of(Path("a.yaml"), "a: [1")) is None
