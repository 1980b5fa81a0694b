"""What an offset in a text lies in: which dict, which key, which word."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from functools import cached_property

from mmscaffold.config.key_path import KeyPath
from mmscaffold.places.outline import Bracket, Item, Outline
from mmscaffold.places.tokens import Token, string_content

_PLACEHOLDER = re.compile(r"\{\{\s*(_base_\.[\w.]*)")
_REST = re.compile(r"[\w./:-]*")
_PLAIN = re.compile(r"[^\s#][^\r\n]*")


class Role(enum.Enum):
    """What is written, or would be, at a place."""

    KEY = "a key"
    VALUE = "a value"


@dataclass(frozen=True)
class Place:
    """A place in a text.

    Attributes:
        outline: What the text writes.
        offset: The place, in characters.
        brackets: The brackets that it lies in, outermost first.
        item: The innermost item that it lies in, or at whose end; ``None`` between items.
        role: What is written there.
    """

    outline: Outline
    offset: int
    brackets: tuple[Bracket, ...]
    item: Item | None
    role: Role

    @property
    def bracket(self) -> Bracket | None:
        """The innermost bracket, or block of YAML."""
        return self.brackets[-1] if self.brackets else self.outline.document

    @property
    def path(self) -> KeyPath | None:
        """The key path of the key or value here."""
        item = self.item
        if item is None:
            return None
        if item.path is None and self.role is Role.KEY and item.key is None:
            bracket = self.bracket
            around = () if bracket is None else bracket.path
            word = self.outline.text[slice(*item.value)].strip("\"'")
            return None if around is None else (*around, word)
        return item.path

    @property
    def key_part(self) -> KeyPath | None:
        """Where it lies in the target of a statement: the keys up to the one here."""
        item = self.item
        if item is None or item.path is None or item.key_span is None or item.target is None:
            return None
        if len(item.target) < 2 or not item.key_span[0] <= self.offset <= item.key_span[1]:
            return None
        inside = self.outline.text[item.key_span[0] : self.offset]
        count = len(re.findall(r"[.\[]", inside)) + 1
        part = item.target[:count]
        return part[1:] if part[0] == "_base_" else part

    @cached_property
    def token(self) -> Token | None:
        """The word here."""
        return self.outline.tokens.at(self.offset)

    @cached_property
    def string(self) -> tuple[str, int, int] | None:
        """The string here, without quotes, and where it stands; of YAML, plain ones, too."""
        text, token = self.outline.text, self.token
        if token is not None and token.kind == "string":
            start, end = string_content(text, token)
            if not start <= self.offset <= end:
                return None
            if end == token.end:
                # It is not closed: what stands behind the word was not meant to be in it.
                word = _REST.match(text, self.offset, end)
                end = word.end() if word else end
            return text[start:end], start, end
        if self.outline.document is not None and self.item is not None:
            start, end = self.item.value
            if not self.item.brackets and start <= self.offset <= end:
                found = _PLAIN.match(text, start, end)
                if found and found.group()[0] not in "\"'":
                    return found.group().rstrip(), start, start + len(found.group().rstrip())
        return None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The dotted name here, up to the part that the place lies in: ``_base_.model``."""
        tokens = self.outline.tokens
        index = tokens.index_before(self.offset)
        word = tokens.words[index] if index >= 0 else None
        if word is not None and word.end == self.offset and tokens.of(word) == ".":
            # Behind a dot, a name is still to come.
            return (*self._names_before(index + 1), "")
        token = self.token
        if token is None:
            return ()
        if token.kind == "placeholder":
            found = _PLACEHOLDER.match(tokens.text, token.start, token.end)
            if found is None:
                return ()
            last = min(max(self.offset, found.start(1)), found.end(1))
            while last < found.end(1) and tokens.text[last] != ".":
                last += 1
            return tuple(tokens.text[found.start(1) : last].split("."))
        if token.kind != "name":
            return ()
        return (*self._names_before(tokens.index_before(token.start + 1)), tokens.of(token))

    def _names_before(self, index: int) -> tuple[str, ...]:
        """The names that dots join to the word of a number."""
        tokens = self.outline.tokens
        parts: list[str] = []
        while index >= 2 and tokens.of(tokens.words[index - 1]) == ".":
            before = tokens.words[index - 2]
            if before.kind != "name":
                return ()
            parts.insert(0, tokens.of(before))
            index -= 2
        return tuple(parts)


def place_at(outline: Outline, offset: int) -> Place:
    """What an offset lies in.

    Args:
        outline: What the text writes.
        offset: In characters; one outside the text counts as its nearest end.
    """
    offset = min(max(offset, 0), len(outline.text))
    brackets: list[Bracket] = []
    item = _containing(outline.statements, offset)
    while item is not None:
        inner = next(
            (one for one in item.brackets if one.inside[0] <= offset <= one.inside[1]), None
        )
        if inner is None:
            break
        brackets.append(inner)
        item = _containing(inner.items, offset)
    document = outline.document
    if document is not None and document.opener == "" and item is None and not brackets:
        brackets = _blocks_of_blank(outline, offset)
    return Place(outline, offset, tuple(brackets), item, _role(brackets, item, offset, outline))


def _containing(items: list[Item], offset: int) -> Item | None:
    # Few have many; the one that ends here comes before the one that begins here.
    return next((one for one in items if one.start <= offset <= one.end), None)


def _blocks_of_blank(outline: Outline, offset: int) -> list[Bracket]:
    """The blocks of YAML that a key at an empty place would belong to, by its column."""
    text = outline.text
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    if text[start:offset].strip():
        return []
    found: list[Bracket] = []
    block = outline.document
    while block is not None:
        before = [one for one in block.items if one.start < start]
        if not before:
            break
        last = before[-1]
        column = last.start - max(text.rfind("\n", 0, last.start), -1) - 1
        if block is not outline.document:
            found.append(block)
        if column >= offset - start and block.opener == "":
            break
        if last.value[0] >= last.value[1] and not last.brackets and column < offset - start:
            # The first key of a block.
            found.append(Bracket("", "", offset, (offset, offset), offset, path=last.path))
            break
        block = last.bracket
        if block is not None and block.opener not in ("", "["):
            break
    return found


def _role(brackets: list[Bracket], item: Item | None, offset: int, outline: Outline) -> Role:
    bracket = brackets[-1] if brackets else outline.document
    if item is None:
        return Role.KEY if bracket is None or bracket.is_dict else Role.VALUE
    if item.key_span is not None:
        return Role.KEY if offset <= item.key_span[1] else Role.VALUE
    if bracket is not None and not bracket.is_dict:
        return Role.VALUE
    # Only a word so far: its sign is still to be written.
    words = outline.value_words(item) if item.words != (0, 0) else ["x"]
    is_word = len(words) == 1 and not item.brackets
    return Role.KEY if is_word and item.start <= offset <= item.end else Role.VALUE
