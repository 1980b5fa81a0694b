"""The outline of Python and JSON: what its brackets, commas and keys make of a text."""

from __future__ import annotations

import re
from functools import lru_cache

from mmscaffold.config.key_path import Key, KeyPath
from mmscaffold.places.outline import Bracket, Item, Outline, set_paths
from mmscaffold.places.tokens import Token, Tokens, string_content, tokens_of

_CLOSING = {"(": ")", "[": "]", "{": "}"}
# A line at the left margin that sets a name begins a statement, where brackets were left open.
_BEGINS_STATEMENT = re.compile(
    r"(?:[^\W\d]\w*(?:\.\w+|\[[^\]\r\n]{1,99}\]){0,20}[ \t]*=(?!=)|(?:from|import|with|del)[ \t])"
)
_COMPOUND = frozenset({"if", "for", "while", "def", "class", "with", "try", "else", "elif"})
_NO_VALUE = frozenset({"import", "from", "del", "return", *_COMPOUND})
_INTEGER = re.compile(r"-?\d{1,6}$")


@lru_cache(maxsize=16)
def python_outline(text: str) -> Outline:
    """The outline of a Python config, classic or pure."""
    tokens = tokens_of(text)
    builder = _Builder(tokens)
    builder.read()
    if builder.is_torn:
        builder = _Builder(tokens, mends=True)
        builder.read()
    set_paths(builder.statements)
    return Outline(tokens, builder.statements, is_python=True)


@lru_cache(maxsize=16)
def json_outline(text: str) -> Outline:
    """The outline of a JSON config."""
    tokens = tokens_of(text)
    builder = _Builder(tokens)
    builder.read()
    document = next((one for item in builder.statements for one in item.brackets), None)
    if document is None or document.opener != "{":
        document = Bracket("{", "", 0, (0, len(text)), len(text))
    for item in document.items:
        item.target = () if item.key is None else (item.key,)
    statements = [item for item in document.items if item.target]
    set_paths(statements)
    document.path = ()
    return Outline(tokens, document.items, is_python=False, document=document)


def flow_brackets(tokens: Tokens) -> list[Bracket]:
    """The outermost brackets of a piece of text, such as a flow collection of YAML."""
    builder = _Builder(tokens)
    builder.read()
    return [one for item in builder.statements for one in item.brackets]


class _Builder:
    """Goes through the words of a text once; no text is too deep, or refused.

    Args:
        tokens: The words.
        mends: Whether a statement may begin where brackets are still open.
    """

    def __init__(self, tokens: Tokens, *, mends: bool = False) -> None:
        self.statements: list[Item] = []
        self.is_torn = False
        self._tokens = tokens
        self._mends = mends
        self._open: list[tuple[Bracket, Item | None]] = []
        self._item: Item | None = None
        self._last_end = 0

    def read(self) -> None:
        """Go through all of them."""
        words = self._tokens.words
        for number, token in enumerate(words):
            kind = token.kind
            if kind == "newline":
                if not self._open:
                    self._end_item(number)
            elif kind == "comment":
                continue
            else:
                if self._mends and self._open and self._begins_statement(token):
                    while self._open:
                        self._close(number, token.start, is_closed=False)
                    self._end_item(number)
                self._word(number, token)
        end = len(self._tokens.text)
        while self._open:
            self.is_torn = True
            self._close(len(words), end, is_closed=False)
        self._end_item(len(words))

    def _begins_statement(self, token: Token) -> bool:
        text, start = self._tokens.text, token.start
        if token.kind != "name" or not (start == 0 or text[start - 1] in "\r\n"):
            return False
        return _BEGINS_STATEMENT.match(text, start) is not None

    def _word(self, number: int, token: Token) -> None:
        text = self._tokens.of(token)
        bracket = self._open[-1][0] if self._open else None
        if token.kind == "open":
            self._open_bracket(number, token, text)
        elif token.kind == "close":
            self._close_bracket(number, token, text)
        elif text == "," and bracket is not None:
            bracket.has_comma = True
            self._end_item(number)
        elif text == ";" and bracket is None:
            self._end_item(number)
        elif text in ("=", ":") and self._makes_key(number, text, bracket):
            return
        else:
            item = self._in_item(number, token)
            item.end = token.end
            if text == "for" or (text in ("*", "**") and number == item.words[0]):
                item.is_spread = bracket is not None
        self._last_end = token.end

    def _makes_key(self, number: int, sign: str, bracket: Bracket | None) -> bool:
        return (sign == "=" or bracket is not None) and self._takes_key(number, bracket)

    def _in_item(self, number: int, token: Token) -> Item:
        if self._item is None:
            self._item = Item(token.start, token.end, words=(number, number))
            self._item.value = (token.start, token.end)
        return self._item

    def _takes_key(self, number: int, bracket: Bracket | None) -> bool:
        """Make a key of what stands before ``=`` or ``:``, if it can be one."""
        item = self._item
        if item is None or item.key is not None or item.target is not None:
            return False
        words = [
            one
            for one in self._tokens.words[item.words[0] : number]
            if one.kind not in ("newline", "comment")
        ]
        if not words:
            return False
        if bracket is None:
            if self._tokens.of(words[0]) in _NO_VALUE:
                return False
            extends = self._tokens.text[self._last_end - 1 : self._last_end] in "+-*/|&"
            target = None if extends else _target(self._tokens, words)
            if target is None and not extends:
                return False
            # What `+=` adds lies behind what was there: how far, the text does not say.
            item.target = target if self._is_at_margin(item) else None
            item.key = target[-1] if target else None
        else:
            key = _key(self._tokens, words) if bracket.opener != "[" else None
            if key is None:
                return False
            item.key = key
        item.key_span = (words[0].start, words[-1].end)
        end = self._tokens.words[number].end
        item.brackets.clear()
        item.words = (number + 1, number + 1)
        item.value = (end, end)
        item.end = end
        return True

    def _is_at_margin(self, item: Item) -> bool:
        """Whether its line is not indented: then it is in no loop, function or block."""
        text = self._tokens.text
        before = max(text.rfind("\n", 0, item.start), text.rfind("\r", 0, item.start))
        return text[before + 1] not in " \t"

    def _open_bracket(self, number: int, token: Token, opener: str) -> None:
        item = self._in_item(number, token)
        callee, start = "", token.start
        if opener != "{":
            callee, start = self._callee(number, item)
        bracket = Bracket(opener, callee, start, (token.end, token.end), token.end)
        item.brackets.append(bracket)
        self._open.append((bracket, item))
        self._item = None

    def _callee(self, number: int, item: Item) -> tuple[str, int]:
        """The name right before a bracket, and where it begins."""
        words = self._tokens.words
        start = words[number].start
        first = number
        expects_name = True
        while first > item.words[0]:
            before = words[first - 1]
            text = self._tokens.of(before)
            if before.end != words[first].start and first != number:
                break
            if expects_name and before.kind == "name" and text not in ("in", "for", "if", "else"):
                expects_name = False
            elif not expects_name and text == ".":
                expects_name = True
            else:
                break
            first -= 1
        if expects_name:
            return "", start
        start = words[first].start
        return self._tokens.text[start : words[number - 1].end], start

    def _close_bracket(self, number: int, token: Token, text: str) -> None:
        depth = len(self._open)
        while depth and _CLOSING[self._open[depth - 1][0].opener] != text:
            depth -= 1
        if not depth:
            # It closes nothing.
            self.is_torn = True
            return
        while len(self._open) > depth:
            self.is_torn = True
            self._close(number, token.start, is_closed=False)
        self._close(number, token.start, is_closed=True)

    def _close(self, number: int, inside_end: int, *, is_closed: bool) -> None:
        self._end_item(number)
        bracket, item = self._open.pop()
        bracket.inside = (bracket.inside[0], inside_end)
        bracket.end = inside_end + 1 if is_closed else inside_end
        bracket.is_closed = is_closed
        self._item = item
        if item is not None:
            item.end = bracket.end
        self._last_end = bracket.end

    def _end_item(self, number: int) -> None:
        """Put away the item in work, which ends before a word."""
        item, self._item = self._item, None
        if item is None:
            return
        first = item.words[0]
        item.words = (first, number)
        words = self._tokens.words
        while first < number and words[first].kind in ("newline", "comment"):
            first += 1
        item.value = (words[first].start if first < number else item.end, item.end)
        if len(item.brackets) == 1:
            only = item.brackets[0]
            item.is_plain = item.value == (only.start, only.end)
        if self._open:
            self._open[-1][0].items.append(item)
        else:
            self.statements.append(item)


def _key(tokens: Tokens, words: list[Token]) -> Key | None:
    """The key of one item of a dict or a call."""
    if len(words) > 2:
        return None
    text = "".join(tokens.of(one) for one in words)
    if len(words) == 1 and words[0].kind == "name":
        return text
    if len(words) == 1 and words[0].kind == "string":
        start, end = string_content(tokens.text, words[0])
        return tokens.text[start:end]
    return int(text) if _INTEGER.match(text) else None


def _target(tokens: Tokens, words: list[Token]) -> KeyPath | None:
    """The keys of ``model['neck'].in_channels``; ``None`` for any other target."""
    keys: list[Key] = []
    number = 0
    while number < len(words):
        word = words[number]
        text = tokens.of(word)
        if word.kind == "name" and not keys:
            keys.append(text)
            number += 1
            # An annotation says nothing of the value.
            if number < len(words) and tokens.of(words[number]) == ":":
                break
        elif text == "." and keys and number + 1 < len(words):
            keys.append(tokens.of(words[number + 1]))
            number += 2
        elif text == "[" and keys:
            inner = []
            number += 1
            while number < len(words) and tokens.of(words[number]) != "]":
                inner.append(words[number])
                number += 1
            key = _key(tokens, inner) if inner else None
            if key is None or inner[0].kind == "name":
                return None
            keys.append(key)
            number += 1
        else:
            return None
    return tuple(keys) or None
