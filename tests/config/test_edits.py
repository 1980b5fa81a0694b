from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.config import ConfigError
from mmscaffold.config.edit.python import (
    add_element,
    add_keywords,
    add_statements,
    keyword_value,
    quote_like,
    remove_keyword,
    rename_keyword,
    replace,
)
from mmscaffold.config.edit.spans import Edit, apply_edits
from mmscaffold.config.text.source import ParsedSource, Source, Span


def parsed(text: str) -> ParsedSource:
    return ParsedSource(Source(Path("a.py"), text.encode()))


def value(file: ParsedSource) -> ast.expr:
    statement = file.tree.body[-1]
    assert isinstance(statement, ast.Assign)
    return statement.value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = dict()", "x = dict(t=1)"),
        ("x = {}", "x = {'t': 1}"),
        ("x = dict(a=1)", "x = dict(t=1, a=1)"),
        ("x = dict(\n    a=1,\n)", "x = dict(\n    t=1,\n    a=1,\n)"),
        ("x = dict(base)", "x = dict(base, t=1)"),
        ("x = dict(base, a=1)", "x = dict(base, t=1, a=1)"),
        ("x = dict(**base)", "x = dict(t=1, **base)"),
        ("x = {'a': 1}", "x = {'t': 1, 'a': 1}"),
        ("x = {** base}", "x = {'t': 1, ** base}"),
        ("é = dict(a='é')", "é = dict(t=1, a='é')"),
        ("x = dict(\n\ta=1)", "x = dict(\n\tt=1,\n\ta=1)"),
    ],
)
def test_a_key_is_added_in_front_in_the_layout_that_is_there(before, after):
    file = parsed(before)
    edit = add_keywords(file, value(file), {"t": "1"})
    assert apply_edits(file.source, [edit]).decode() == after


def test_only_a_dict_literal_takes_a_key():
    file = parsed("x = y")
    with pytest.raises(ConfigError, match="can only be added to a dict"):
        add_keywords(file, value(file), {"t": "1"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = []", "x = [9]"),
        ("x = [1]", "x = [1, 9]"),
        ("x = [\n    1,\n    2,  # two\n]", "x = [\n    1,\n    2,\n    9,  # two\n]"),
    ],
)
def test_an_element_follows_the_last_one(before, after):
    file = parsed(before)
    node = value(file)
    assert isinstance(node, ast.List)
    assert apply_edits(file.source, [add_element(file, node, "9")]).decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = dict(by_epoch=True, n=1)", "x = dict(type='T', n=1)"),
        ('x = {"by_epoch": True}', "x = {\"type\": 'T'}"),
    ],
)
def test_a_key_is_renamed_where_it_stands(before, after):
    file = parsed(before)
    edit = rename_keyword(file, value(file), "by_epoch", "type", "'T'")
    assert apply_edits(file.source, [edit]).decode() == after
    assert keyword_value(value(file), "nothing") is None
    with pytest.raises(ConfigError, match="'nothing' is not written there"):
        rename_keyword(file, value(file), "nothing", "type", "'T'")


@pytest.mark.parametrize(
    ("raw", "after"),
    [
        (b"x = 1\n", b"x = 1\ny = 2\nz = 3\n"),
        (b"x = 1", b"x = 1\ny = 2\nz = 3"),
        (b"x = 1\r\n", b"x = 1\r\ny = 2\r\nz = 3\r\n"),
        (b"", b"y = 2\nz = 3\n"),
        (b"\xef\xbb\xbf", b"\xef\xbb\xbfy = 2\nz = 3\n"),
    ],
)
def test_statements_go_to_the_end_in_the_file_s_own_line_ending(raw, after):
    source = Source(Path("a.py"), raw)
    assert apply_edits(source, [add_statements(source, ["y = 2", "z = 3"])]) == after


def test_quotes_are_kept():
    file = parsed('x = "a"')
    assert quote_like(file, value(file), "b") == '"b"'
    assert quote_like(parsed("x = 'a'"), value(parsed("x = 'a'")), "b") == "'b'"
    assert replace(file, value(file), "1") == Edit(Span(4, 7), "1")


def test_edits_must_not_overlap():
    source = Source(Path("a.py"), b"abcdef")
    with pytest.raises(ConfigError, match="overlap"):
        apply_edits(source, [Edit(Span(0, 3), "x"), Edit(Span(2, 4), "y")])


@given(st.lists(st.text(max_size=8), min_size=1, max_size=9), st.data())
def test_bytes_outside_the_edits_survive(pieces, data):
    """Cut a file into pieces, replace some of them; the others come through as they were."""
    raws = [piece.encode("utf-8", "surrogatepass") for piece in pieces]
    try:
        source = Source(Path("a.py"), b"".join(raws))
    except ConfigError:
        return
    edits, expected, start = [], b"", 0
    for raw in raws:
        if raw and data.draw(st.booleans()):
            edits.append(Edit(Span(start, start + len(raw)), "new"))
            expected += b"new"
        else:
            expected += raw
        start += len(raw)
    assert apply_edits(source, edits) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = dict(a=1, b=2, c=3)\n", "x = dict(a=1, c=3)\n"),
        ("x = dict(b=2, c=3)\n", "x = dict(c=3)\n"),
        ("x = dict(a=1, b=2)\n", "x = dict(a=1)\n"),
        ("x = dict(a=1, b=2,)\n", "x = dict(a=1,)\n"),
        ("x = dict(b=2)\n", "x = dict()\n"),
        ("x = {'a': 1, 'b': 2}\n", "x = {'a': 1}\n"),
        ("x = {'b': 2, **dict(a=1)}\n", "x = { **dict(a=1)}\n"),
        ("x = dict(\n    b=2,\n    # of a\n    a=1)\n", "x = dict(\n    # of a\n    a=1)\n"),
        ("x = dict(\n    a=1,  # of a\n    b=2)\n", "x = dict(\n    a=1,  # of a\n    )\n"),
    ],
)
def test_a_key_is_taken_out_and_comments_of_others_stay(text, expected):
    file = parsed(text)
    raw = apply_edits(file.source, [remove_keyword(file, value(file), "b")])
    assert raw.decode() == expected
    before, after = {}, {}
    exec(text, before)
    exec(raw, after)
    assert after["x"] == {key: value for key, value in before["x"].items() if key != "b"}
