"""The outline of YAML: what its indentation makes of a text, however unfinished."""

from __future__ import annotations

import re
from functools import lru_cache

from mmscaffold.places.outline import Bracket, Item, Outline, set_paths
from mmscaffold.places.python_outline import flow_brackets
from mmscaffold.places.tokens import tokens_of

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_DASH = re.compile(r"-(?=[ \t]|[\r\n]|$)[ \t]*")
_KEY = re.compile(
    r"""(?:("(?:\\.|[^"\\\r\n])*"|'[^'\r\n]*')[ \t]*"""
    r"""|([^\s'"#\[\]{},&*!|>%@`](?:[^#\r\n:]|:(?=[^ \t\r\n]))*))"""
    r""":(?=[ \t]|[\r\n]|$)[ \t]*"""
)
_WORD = re.compile(r"[\w.-]+(?=[ \t]*$)", re.MULTILINE)
_BLOCK_SCALAR = re.compile(r"[|>][-+\d]{0,2}[ \t]*(?:#[^\r\n]*)?$")
_PROPERTY = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]*)+")


@lru_cache(maxsize=16)
def yaml_outline(text: str) -> Outline:
    """The outline of a YAML config."""
    document = Bracket("", "", 0, (0, len(text)), len(text), is_closed=True, path=())
    _Builder(text, document).read()
    tokens = tokens_of(text)
    for item in document.items:
        item.target = (item.key,) if item.key is not None else None
    set_paths([item for item in document.items if item.target])
    return Outline(tokens, document.items, is_python=False, document=document)


class _Builder:
    def __init__(self, text: str, document: Bracket) -> None:
        self._text = text
        # The open blocks, each with the column of its keys or dashes.
        self._open: list[tuple[int, Bracket]] = [(-1, document)]
        self._owner: tuple[int, Item] | None = None

    def read(self) -> None:
        start, text = 0, self._text
        skip_deeper: int | None = None
        while start < len(text):
            line = _LINE.match(text, start)
            assert line is not None
            end = line.end()
            content = line.group().rstrip("\r\n")
            indent = len(content) - len(content.lstrip(" "))
            stripped = content.strip()
            if skip_deeper is not None and (not stripped or indent > skip_deeper):
                self._extend(start + len(content.rstrip()))
            elif stripped and not stripped.startswith(("#", "---", "...", "%")):
                skip_deeper = None
                flow_end = self._line(start, start + len(content), indent)
                if flow_end is not None:
                    end = max(end, flow_end)
                elif self._owner is not None and _BLOCK_SCALAR.match(
                    text[self._owner[1].value[0] : start + len(content)]
                ):
                    skip_deeper = self._owner[0]
            start = end

    def _line(self, start: int, end: int, indent: int) -> int | None:
        """Take in one line; where it opens a flow collection, return the end of that."""
        text, place, column = self._text, start + indent, indent
        while dash := _DASH.match(text, place, end):
            block = self._block(column, place, is_sequence=True)
            item = Item(place, dash.end(), value=(dash.end(), dash.end()))
            block.items.append(item)
            self._owner = (column, item)
            column += dash.end() - place
            place = dash.end()
        key = _KEY.match(text, place, end)
        if key is not None:
            block = self._block(column, place, is_sequence=False)
            quoted, plain = key.group(1), (key.group(2) or "").rstrip(" \t")
            name = quoted[1:-1] if quoted else plain
            span = (place, place + len(quoted or plain))
            item = Item(place, key.end(), name, span, (key.end(), key.end()))
            block.items.append(item)
            self._owner = (column, item)
            place = key.end()
        elif (word := _WORD.match(text, place, end)) and self._takes_key(column, start):
            # A key whose colon is still to come: no text goes on in the column of its key.
            block = self._block(column, place, is_sequence=False)
            block.items.append(Item(place, word.end(), value=word.span()))
            self._extend(word.end())
            return None
        if self._owner is None or place >= end:
            self._extend(min(place, end))
            return None
        item = self._owner[1]
        if mark := _PROPERTY.match(text, place, end):
            place = mark.end()
        if text[place : place + 1] in ("{", "[") and not text.startswith("{{", place):
            return self._flow(item, place)
        if item.value[0] == item.value[1]:
            item.value = (place, place)
        comment = re.search(r"(?:^|\s)#", text[place:end])
        last = place + comment.start() if comment else end
        self._extend(place + len(text[place:last].rstrip()))
        return None

    def _takes_key(self, column: int, line_start: int) -> bool:
        """Whether a key may stand in a column of a line: in an open block, or in a new one."""
        if any(at == column and block.opener == "" for at, block in self._open):
            return True
        if self._owner is None:
            return False
        at, item = self._owner
        is_empty = item.value[0] >= item.value[1] and not item.brackets
        return is_empty and item.key is not None and at < column and item.start < line_start

    def _block(self, column: int, place: int, *, is_sequence: bool) -> Bracket:
        """The block that a key or a dash in a column belongs to."""
        while len(self._open) > 1 and self._open[-1][0] > column:
            self._open.pop()
        at, block = self._open[-1]
        owner = self._owner[1] if self._owner else None
        if at == column:
            if is_sequence == (block.opener == "["):
                return block
            if is_sequence:
                # Dashes may stand in the column of the key that they belong to.
                owner = block.items[-1] if block.items else owner
            else:
                self._open.pop()
                at, block = self._open[-1]
                if at == column:
                    return block
        if at < 0 and not is_sequence:
            self._open.append((column, block))
            return block
        # A sequence is "[" here: a key that is unfinished does not make a dict of it.
        made = Bracket("[" if is_sequence else "", "", place, (place, place), place, True)
        if owner is not None and owner.start <= place:
            owner.brackets = [made]
            owner.is_plain = True
            owner.value = (place, place)
        self._open.append((column, made))
        return made

    def _flow(self, item: Item, start: int) -> int:
        found = flow_brackets(tokens_of(self._text, start=start))[:1]
        if not found:
            return start
        end = found[0].end
        item.brackets = found
        item.is_plain = True
        item.value = (start, end)
        self._extend(end)
        line = _LINE.match(self._text, end)
        return line.end() if line else end

    def _extend(self, end: int) -> None:
        """Let the open blocks, and their last items, reach to an offset."""
        for _, block in self._open[1:]:
            block.end = max(block.end, end)
            block.inside = (block.inside[0], block.end)
            if block.items:
                last = block.items[-1]
                last.end = max(last.end, end)
                last.value = (last.value[0], max(last.value[1], end))
