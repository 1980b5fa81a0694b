"""The words of a config's text, finished or not: no text is refused."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

# Each alternative ends soon, whatever the text. A string that is not closed ends with its line,
# or with the text, if three quotes opened it.
_TOKEN = re.compile(
    r"(?P<blank>[ \t\f\ufeff]+|\\(?:\r\n|\r|\n))"
    r"|(?P<newline>\r\n|\r|\n)"
    r"|(?P<comment>\#[^\r\n]*)"
    r"|(?P<placeholder>\{\{[ \t]*(?:_base_\.[\w.]*|\$?\w+(?:[ \t]*:[^{}\r\n]*)?)?[ \t]*(?:\}\})?)"
    r"|(?P<string>[rRbBuUfF]{0,2}(?:"
    r"'''(?:\\.|(?!''').)*(?:'''|\Z)|\"\"\"(?:\\.|(?!\"\"\").)*(?:\"\"\"|\Z)"
    r"|'(?:\\(?:\r\n|.)|[^'\\\r\n])*(?:'|(?=[\r\n])|\Z|\\)"
    r"|\"(?:\\(?:\r\n|.)|[^\"\\\r\n])*(?:\"|(?=[\r\n])|\Z|\\)))"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<number>\d[\w.]*(?:(?<=[eE])[+-]?\d+)?|\.\d[\w.]*(?:(?<=[eE])[+-]?\d+)?)"
    r"|(?P<open>[(\[{])"
    r"|(?P<close>[)\]}])"
    r"|(?P<mark>==|!=|<=|>=|:=|\*\*=?|//=?|<<=?|>>=?|->|[-+*/%&|^@]=|.)",
    re.DOTALL,
)
_QUOTE = re.compile(r"([rRbBuUfF]{0,2})('''|\"\"\"|'|\")")


class Token(NamedTuple):
    """One word: its kind, and where it stands, in characters."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Tokens:
    """A text as words; blanks are left out.

    Attributes:
        text: The text.
        words: Its words, in order.
    """

    text: str
    words: tuple[Token, ...]

    def of(self, token: Token) -> str:
        """A word as it is written."""
        return self.text[token.start : token.end]

    def index_before(self, offset: int) -> int:
        """The number of the last word that begins before an offset; -1 if there is none."""
        return bisect_right(self.words, offset - 1, key=lambda one: one.start) - 1

    def at(self, offset: int) -> Token | None:
        """The word that an offset lies in, or at whose end; one that begins there comes second."""
        index = self.index_before(offset)
        if index >= 0 and offset <= self.words[index].end:
            before = self.words[index]
            following = self.words[index + 1] if index + 1 < len(self.words) else None
            if before.kind in _SPEAKING or following is None or following.start != offset:
                return before
            return following
        if index + 1 < len(self.words) and self.words[index + 1].start == offset:
            return self.words[index + 1]
        return None


_SPEAKING = frozenset({"name", "string", "number", "placeholder", "comment"})


def tokens_of(text: str, *, start: int = 0, end: int | None = None) -> Tokens:
    """The words of a text, or of a part of one."""
    return Tokens(text, tuple(_words(text, start, len(text) if end is None else end)))


def _words(text: str, start: int, end: int) -> Iterator[Token]:
    while start < end:
        found = _TOKEN.match(text, start, end)
        if found is None:
            return
        kind = found.lastgroup or ""
        if kind != "blank":
            yield Token(kind, start, found.end())
        start = found.end()


def string_content(text: str, token: Token) -> tuple[int, int]:
    """Where the content of a string stands, without its quotes; the end one may be missing."""
    opening = _QUOTE.match(text, token.start, token.end)
    if opening is None:
        return token.start, token.end
    start, quote = opening.end(), opening.group(2)
    end = token.end
    if end - len(quote) >= start and text.endswith(quote, start, end):
        end -= len(quote)
    return start, end
