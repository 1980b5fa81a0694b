"""What a text sets, as a tree, and which stretches of it can be folded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mmscaffold.config.key_path import format_key_path
from mmscaffold.places.outline import Bracket, Item, Outline
from mmscaffold.places.values_text import one_line

_DEEPEST = 30
_LONGEST_DETAIL = 40
_SECTION = re.compile(r"[\r\n]")


@dataclass(frozen=True)
class Symbol:
    """A key that the text sets.

    Attributes:
        name: The key.
        detail: Its class, or its value, in a few words.
        is_class: Whether it holds a dict with a ``type``.
        is_list: Whether it holds a list.
        is_dict: Whether it holds a dict.
        span: The whole of it, in characters.
        name_span: Its key.
        inner: The keys in it.
    """

    name: str
    detail: str
    is_class: bool
    is_list: bool
    is_dict: bool
    span: tuple[int, int]
    name_span: tuple[int, int]
    inner: tuple[Symbol, ...] = ()


def symbols_of(outline: Outline) -> tuple[Symbol, ...]:
    """The keys that a text sets, each with those in it."""
    return tuple(_symbols(outline, outline.statements, 0, is_top=True))


def _symbols(
    outline: Outline, items: list[Item], depth: int, *, is_top: bool = False
) -> Iterator[Symbol]:
    position = -1
    for item in items:
        position += 1
        bracket = item.bracket
        named = item.key is not None and item.key_span is not None
        if (is_top and not named) or (not named and (bracket is None or not bracket.is_dict)):
            continue
        if named and item.target is not None and outline.is_python:
            name = format_key_path(item.target)
        else:
            name = str(item.key) if named else f"[{position}]"
        kind = _type_in(outline, bracket)
        inner: tuple[Symbol, ...] = ()
        if bracket is not None and depth < _DEEPEST:
            inner = tuple(_symbols(outline, bracket.items, depth + 1))
        is_dict = bracket is not None and bracket.is_dict
        detail = kind
        if bracket is None:
            detail = one_line(outline.text[slice(*item.value)][:200], _LONGEST_DETAIL)
        yield Symbol(
            name or "?",
            detail,
            bool(kind),
            bracket is not None and bracket.opener == "[",
            is_dict,
            (item.start, item.end),
            item.key_span or (item.start, item.start),
            inner,
        )


def _type_in(outline: Outline, bracket: Bracket | None) -> str:
    item = bracket.item("type") if bracket is not None and bracket.is_dict else None
    return "" if item is None else outline.text[slice(*item.value)].strip("\"' ")[:100]


@dataclass(frozen=True)
class Fold:
    """A stretch that can be folded.

    Attributes:
        start: Where it begins, in characters.
        end: Where it ends: on the last line that is hidden.
        is_comment: Whether it is a block of comments.
        is_imports: Whether it lists the bases.
    """

    start: int
    end: int
    is_comment: bool = False
    is_imports: bool = False


def folds_of(outline: Outline) -> Iterator[Fold]:
    """The brackets and blocks of comments that go over several lines."""
    for item in outline.items():
        for bracket in item.brackets:
            if not _SECTION.search(outline.text, bracket.start, bracket.end):
                continue
            is_bases = item.target == ("_base_",)
            if bracket.opener == "":
                yield Fold(item.start, bracket.end, is_imports=is_bases)
            else:
                yield Fold(bracket.start, bracket.inside[1], is_imports=is_bases)
    yield from _comments(outline)


def _comments(outline: Outline) -> Iterator[Fold]:
    """Comments on lines of their own, right below each other."""
    first = last = None
    lines = 0
    text = outline.text
    for token in outline.tokens.words:
        if token.kind == "newline":
            continue
        line_start = max(text.rfind("\n", 0, token.start), text.rfind("\r", 0, token.start)) + 1
        if token.kind == "comment" and not text[line_start : token.start].strip():
            if last is not None and text.count("\n", last, token.start) <= 1:
                last = token.end
                lines += 1
                continue
            if first is not None and last is not None and lines > 1:
                yield Fold(first, last, is_comment=True)
            first, last, lines = token.start, token.end, 1
        else:
            if first is not None and last is not None and lines > 1:
                yield Fold(first, last, is_comment=True)
            first = last = None
            lines = 0
    if first is not None and last is not None and lines > 1:
        yield Fold(first, last, is_comment=True)
