"""The items of a dict, list or tuple literal, and the literal with other items."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mmscaffold.config.edit.python import is_dict_literal
from mmscaffold.config.text.source import ParsedSource, Span
from mmscaffold.upgrade.forms.layout import Place, place_at, without_first_comma


class Item(NamedTuple):
    """One item of a literal.

    Attributes:
        value: Its expression.
        span: Its bytes, those of its key included.
        key: Its key in a dict; ``None`` in a list, or if it stands for several.
        spreads: Whether it stands for the items of another container: ``**x``, ``*x``.
    """

    value: ast.expr
    span: Span
    key: object = None
    spreads: bool = False


def is_literal(node: ast.AST | None) -> bool:
    """Whether an expression is a dict, list or tuple whose items can be edited."""
    if isinstance(node, ast.List | ast.Tuple):
        return True
    return isinstance(node, ast.expr) and is_dict_literal(node)


def items_of(parsed: ParsedSource, node: ast.expr) -> list[Item] | None:
    """The items of a literal in order; ``None`` if a key is not a plain one."""
    return list(_items(parsed, node)) if _has_plain_keys(node) else None


def _has_plain_keys(node: ast.expr) -> bool:
    if isinstance(node, ast.Dict):
        return all(key is None or isinstance(key, ast.Constant) for key in node.keys)
    return True


def _items(parsed: ParsedSource, node: ast.expr) -> Iterator[Item]:
    if isinstance(node, ast.Call):
        for argument in node.args:
            yield Item(argument, parsed.span(argument), spreads=True)
        for keyword in node.keywords:
            spreads = keyword.arg is None
            yield Item(keyword.value, parsed.span(keyword), keyword.arg, spreads)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            span = parsed.span(value)
            if isinstance(key, ast.Constant):
                yield Item(value, Span(parsed.span(key).start, span.end), key.value)
            else:
                # The node of a spread begins behind its stars.
                start = parsed.source.raw.rindex(b"**", 0, span.start)
                yield Item(value, Span(start, span.end), spreads=True)
    elif isinstance(node, ast.List | ast.Tuple):
        for element in node.elts:
            if isinstance(element, ast.Starred):
                yield Item(element.value, parsed.span(element), spreads=True)
            else:
                yield Item(element, parsed.span(element))


def are_keywords(value: dict[Any, Any]) -> bool:
    """Whether all keys of a dict can stand in ``dict(key=...)``."""
    return all(
        isinstance(key, str) and key.isidentifier() and not keyword.iskeyword(key) for key in value
    )


def quoted_like(old: str, value: str) -> str:
    """A text as a literal, in the quotes of another one."""
    text = repr(value)
    if old.startswith('"') and not old.startswith('"""') and '"' not in value:
        return f'"{text[1:-1]}"'
    return text


def key_text(parsed: ParsedSource, node: ast.expr, key: object, quote: str = "'") -> str:
    """What stands before the value of a key in a dict literal."""
    if isinstance(node, ast.Call):
        return f"{key}="
    text = repr(key)
    return (f'"{text[1:-1]}"' if quote == '"' and isinstance(key, str) else text) + ": "


class Rewritten:
    """A literal whose items are kept, replaced, taken out or joined by more.

    Args:
        parsed: The file.
        node: The literal.
        items: Its items.
    """

    def __init__(self, parsed: ParsedSource, node: ast.expr, items: list[Item]) -> None:
        self._source = parsed.source
        self._span = parsed.span(node)
        self._items = items
        self._texts: list[str | None] = [self._source.text_of(item.span) for item in items]
        self._before: dict[int, list[str]] = {}

    def place_of(self, index: int) -> Place:
        """Where an item begins."""
        return place_at(self._source, self._items[index].span.start)

    def replace(self, index: int, text: str | None) -> None:
        """Give an item another text, or take it out."""
        self._texts[index] = text

    def insert(self, index: int, text: str) -> None:
        """Put an item before another one; behind the last one where the index is past it."""
        self._before.setdefault(index, []).append(text)

    @property
    def place_of_new(self) -> Place:
        """Where a new item will begin."""
        if not self._items:
            return place_at(self._source, self._span.end - 1)
        return self.place_of(len(self._items) - 1 if len(self._items) > 1 else 0)

    def text(self) -> str:
        """The whole literal."""
        raw = self._source.raw
        if not self._items:
            return self._of_empty()
        lead = raw[self._span.start : self._items[0].span.start].decode("utf-8")
        tail = raw[self._items[-1].span.end : self._span.end].decode("utf-8")
        parts = [lead]
        written = 0
        gap = ""
        for index, text in enumerate(self._texts):
            for new in self._before.get(index, ()):
                parts += [gap if written else "", new]
                written, gap = written + 1, self._separator(index)
            if text is not None:
                parts += [gap if written else "", text]
                written += 1
                gap = self._gap(index)
            else:
                gap = self._merged(gap if written else None, self._gap(index), parts)
        for new in self._before.get(len(self._items), ()):
            following = gap or self._separator(len(self._items) - 1)
            parts += [following if written else "", new]
            written, gap = written + 1, ""
        if not written:
            opening, closing = lead.rstrip()[:], tail.strip().lstrip(",").strip()
            return f"{opening.split('#')[0].rstrip()}{closing[-1:]}"
        return "".join(parts) + (gap + tail.lstrip(",") if "#" in gap else tail)

    def _of_empty(self) -> str:
        text = self._source.text_of(self._span)
        new = ", ".join(one for texts in self._before.values() for one in texts)
        return text[:-1].rstrip() + new + text[-1]

    def _gap(self, index: int) -> str:
        """What stands between an item and the next one."""
        if index + 1 >= len(self._items):
            return ""
        start, end = self._items[index].span.end, self._items[index + 1].span.start
        return self._source.raw[start:end].decode("utf-8")

    def _merged(self, before: str | None, after: str, parts: list[str]) -> str:
        """The gap where an item was taken out; the comments around it stay."""
        if "#" in after:
            rest = without_first_comma(after).lstrip(" \t")
            if before is None:
                parts.append(rest)
                return ""
            if before.rstrip(" \t").endswith("\n"):
                # The item stood alone on its line.
                rest = re.sub(r"^\r?\n[ \t]*", "", rest)
            return before + rest
        return "" if before is None else before

    def _separator(self, index: int) -> str:
        """What separates a new item from its neighbour."""
        place = self.place_of(min(index, len(self._items) - 1))
        own_line = len(place.indent) == place.column
        return f",\n{place.indent}" if own_line else ", "
