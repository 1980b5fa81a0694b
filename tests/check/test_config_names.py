from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.check.config_names import ConfigNames, names_read
from mmscaffold.config.text.source import ParsedSource, Source


def names(text: str) -> ConfigNames:
    return ConfigNames(ParsedSource(Source(Path("a.py"), text.encode())))


@pytest.mark.parametrize(
    "text",
    [
        "y = x",
        "x.update(a=1)",
        "x += 1",
        "del x",
        "for i in x:\n    y = i",
        "y = f'{x}'",
        "x[0] = 1",
    ],
)
def test_names_that_are_read(text):
    assert "x" in names(text).read


@pytest.mark.parametrize("text", ["x = 1", "y = dict(x=1)", "y = 'x'", "y = a.x"])
def test_names_that_are_not_read(text):
    assert "x" not in names(text).read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("x = 1\ny = x", True),
        ("x = 1\nx += 1", True),
        ("x = 1\ny = 2", False),
        ("x = 1\ny = 'x'", False),
        # Python takes the wide letter for the plain one.
        ("x = 1\ny = \uff58", True),
    ],
)
def test_whether_a_file_reads_what_it_sets(text, read):
    assert names(text).reads("x") is read


STATEMENTS = [
    "x = 1", "xx = 2", "y = [\n    'x',\n    x]", "y = \'\'\'x\nx\'\'\'", "z = y", "# x", "x += 1",
    "a = 1; x; b = 2", "@x\ndef f(): pass",
]  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from(STATEMENTS), st.sampled_from(["\n", "\n\n\f", "\r\n", "\r"])),
        min_size=1,
    )
)
def test_it_is_told_without_reading_the_whole_file(lines):
    text = "x = xx = y = 0\n" + "".join(map("".join, lines))
    for name in ("x", "xx", "y"):
        assert names(text).reads(name) is (name in names(text).read)


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("x = 1\nx = 2", [1]),
        ("x = 1\nx = 2\nx = 3", [1, 2]),
        ("x = y = 1\nx = 2", [1]),
        ("x = 1\nz = x\nx = 2", []),
        ("x = 1\nx = x + 1", []),
        ("x = 1\nif z:\n    x = 2", []),
        ("x = 1\nfor x in [1]:\n    pass\nx = 3", []),
        ("x = dict()\nx.update(a=1)\nx = 2", []),
        ("x[0] = 1\nx[0] = 2", []),
    ],
)
def test_values_that_are_replaced_unread(text, dead):
    assert [first.lineno for first, _, _ in names(text).dead_assignments()] == dead


def test_an_expression_by_itself():
    assert names_read(ast.parse("a + b.c", mode="eval")) == {"a", "b"}


def test_the_names_of_a_file_are_found_once():
    parsed = ParsedSource(Source(Path("a.py"), b"a = 1\nb = a\n"))

    assert ConfigNames.of(parsed) is ConfigNames.of(parsed)
    assert ConfigNames.of(parsed).read == {"a"}
