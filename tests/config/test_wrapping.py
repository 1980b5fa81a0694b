from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.config.edit.spans import Edit, apply_edits
from mmscaffold.config.edit.wrapping import apply_wrapped
from mmscaffold.config.text.source import Source, Span

LONG = (
    "type='IterBasedTrainLoop', max_iters=100000, val_interval=10000, dynamic_intervals=[(1, 2)], "
)


def added(text: str, at: str, new: str) -> str:
    """A text with something put in front of a part of it, as a file of lines of 79."""
    source = Source(Path("/nowhere/a.py"), text.encode())
    start = source.raw.index(at.encode())
    return apply_wrapped(source, [Edit(Span(start, start), new)]).decode()


def test_items_line_up_behind_their_bracket():
    after = added("train_cfg = dict(val_begin=3)\n", "val_begin", LONG)
    assert after == (
        "train_cfg = dict(type='IterBasedTrainLoop', max_iters=100000,\n"
        "                 val_interval=10000, dynamic_intervals=[(1, 2)], val_begin=3)\n"
    )


def test_a_bracket_far_to_the_right_is_broken_behind():
    line = f"a_variable_with_a_name_of_some_length = optimizer_config['x'].update({LONG}a=1)\n"
    after = apply_wrapped(
        Source(Path("/nowhere/a.py"), b"x = 1\n"), [Edit(Span(6, 6), line)]
    ).decode()
    assert ".update(\n    type='IterBasedTrainLoop'," in after
    assert max(map(len, after.splitlines())) <= 79


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("train_cfg = dict(a={{_base_.a}})\n", "a="),
        ("train_cfg = dict(a=1)  # noqa\n", "a="),
        ("train_cfg = 'a'\n", "'a'"),
        ("x = 1\rtrain_cfg = dict(a=1)\n", "a="),
    ],
    ids=["placeholder", "noqa", "no bracket", "lone carriage return"],
)
def test_what_cannot_be_broken_safely_stays_on_its_line(text, at):
    new = LONG if "'a'" not in text else "'y' + " * 20
    start = text.index(at)
    assert added(text, at, new) == text[:start] + new + text[start:]


def test_a_line_that_was_too_long_already_stays(tmp_path):
    text = f"train_cfg = dict({LONG}max_epochs=12, more=1)  # as it always was, and longer\n"
    source = Source(Path("/nowhere/a.py"), text.encode())
    start = text.index("12,")
    after = apply_wrapped(source, [Edit(Span(start, start + 2), "120")]).decode()
    assert after == text.replace("12,", "120,")


VALUES = st.recursive(
    st.integers() | st.text(max_size=30) | st.none(),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=12), inner, max_size=4)
    ),
    max_leaves=25,
)


@given(VALUES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_the_meaning_stays_whatever_is_broken(value, newline, comment):
    text = f"before = 1{newline}x = [0]{'  # é, (' if comment else ''}{newline}after = 2{newline}"
    source = Source(Path("/nowhere/a.py"), text.encode())
    at = text.index("[0]") + 1
    edits = [Edit(Span(at, at), f"{value!r}, ")]
    plain, wrapped = apply_edits(source, edits).decode(), apply_wrapped(source, edits).decode()
    assert ast.dump(ast.parse(wrapped)) == ast.dump(ast.parse(plain))
    assert wrapped.count("#") == plain.count("#")
    assert (newline == "\n") or "\n" not in wrapped.replace("\r\n", "")
