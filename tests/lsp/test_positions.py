"""Columns as editors count them; Python's own codecs are the oracle."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from mmscaffold.check.diagnostic import Place
from mmscaffold.config.text.source import Source, Span
from mmscaffold.lsp.positions import Text

_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
_TEXTS = st.text(st.sampled_from("aé训😀\t\f\u2028\x85 \r\n#'"), max_size=40)


def units(text: str, encoding: str) -> int:
    codec, size = _UNITS[encoding]
    return len(text.encode(codec)) // size


@given(_TEXTS, st.sampled_from(sorted(_UNITS)))
def test_every_place_comes_back(text: str, encoding: str):
    one = Text(text, encoding)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] == "\r\n":
            # Between these two there is no place.
            continue
        position = one.position_at(offset)
        start = one.line_starts[position.line]
        assert position.character == units(text[start:offset], encoding)
        assert one.offset_at(position) == offset
        byte = len(text[:offset].encode())
        assert one.byte_at(position) == byte
        assert one.position_of_byte(byte) == position


@given(_TEXTS)
def test_lines_are_those_of_the_house(text: str):
    one = Text(text)
    source = Source(Path("config.py"), one.raw)
    assert [len(text[:start].encode()) for start in one.line_starts] == source.line_starts
    for offset in range(len(text)):
        byte = len(text[:offset].encode())
        line, column = source.line_and_column(byte)
        if text[offset - 1 : offset + 1] == "\r\n":
            continue
        place = Place(Path("config.py"), line, column, line, column)
        assert one.range_of_place(place).start == one.position_of_byte(byte)


@pytest.mark.parametrize(
    ("line", "character", "offset"),
    [(0, 99, 3), (1, 0, 4), (1, 1, 4), (1, 2, 5), (1, 99, 6), (2, 0, 7), (9, 0, 7)],
)
def test_places_that_are_none_are_the_nearest(line: int, character: int, offset: int):
    # Half of the emoji is none of it.
    assert Text("abc\n😀d\n").offset_at(types.Position(line, character)) == offset


def test_a_mark_at_the_beginning_is_no_text():
    raw = b"\xef\xbb\xbfmodel = 1\n"
    source = Source(Path("config.py"), raw)
    on_disk = Text(source.text, bom_length=3)
    assert on_disk.raw == raw
    assert on_disk.position_of_byte(3) == types.Position(0, 0)
    assert on_disk.byte_at(types.Position(0, 5)) == 8
    assert on_disk.range_of_span(Span(3, 8)) == on_disk.range_at(0, 5)


def test_a_mark_that_an_editor_sends_counts_for_it():
    sent = Text("\ufeffmodel = 1\n")
    place = Place(Path("config.py"), 1, 1, 1, 6)
    assert sent.range_of_place(place) == types.Range(types.Position(0, 1), types.Position(0, 6))


def test_half_a_character_does_no_harm():
    text = Text("a = '\ud83d'\nb = 1\n")
    assert text.position_at(text.text.index("b")) == types.Position(1, 0)
    assert b"\xed\xa0\xbd" in text.raw


def test_new_lines_are_like_the_others():
    assert Text("a\r\nb\n").newline == "\r\n"
    assert Text("a").newline == "\n"
    assert Text("a\r\nb").end == types.Position(1, 1)
    assert Text("a").line(5) == ""
