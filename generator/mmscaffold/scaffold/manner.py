"""How a project writes: its quotes, its ends of lines, and the header of its files."""

from __future__ import annotations

import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_LICENCE = re.compile(r"copyright|licen[cs]e|spdx|all rights reserved", re.IGNORECASE)
_SIMPLE = re.compile(r"""(?P<prefix>[A-Za-z]*)(?P<quote>["'])(?P<inner>[^"'\\\n]*)(?P=quote)""")


@dataclass(frozen=True)
class Manner:
    """How the files of a project are written.

    Attributes:
        header: The comment on its licence that its files begin with, and the blank lines
            behind it; empty if they have none.
        quote: The quote around its strings; docstrings aside.
        newline: What ends its lines.
    """

    header: str = ""
    quote: str = '"'
    newline: str = "\n"

    def apply(self, code: str) -> str:
        """Write code, which has double quotes and no header, in this manner."""
        quoted = _requoted(code, self.quote) if self.quote != '"' else code
        return self.with_header(quoted)

    def with_header(self, code: str) -> str:
        """Write code, whose quotes are this project's, under its header."""
        return (self.header + code).replace("\n", self.newline)

    def string(self, text: str) -> str:
        """A string without quotes or backslashes in it, as a literal."""
        return f"{self.quote}{text}{self.quote}"


def manner_of(texts: Iterable[str], otherwise: Manner | None = None) -> Manner:
    """The manner of most of some Python files.

    Args:
        texts: What they hold. Empty files tell nothing.
        otherwise: Taken for what they do not tell.
    """
    otherwise = otherwise or Manner()
    headers: Counter[str] = Counter()
    quotes: Counter[str] = Counter()
    newlines: Counter[str] = Counter()
    for text in texts:
        if text.strip():
            newlines["\r\n" if "\r\n" in text else "\n"] += 1
            headers[_header(text)] += 1
            quotes.update(_quotes(text))
    if not headers:
        return otherwise
    header, count = headers.most_common(1)[0]
    # Where the year or the author differs, no header is that of all.
    shared = header if 2 * count >= sum(headers.values()) else ""
    newline = newlines.most_common(1)[0][0]
    single, double = quotes["'"], quotes['"']
    if single == double:
        return Manner(shared, otherwise.quote, newline)
    return Manner(shared, "'" if single > double else '"', newline)


def _header(text: str) -> str:
    lines = text.replace("\r\n", "\n").removeprefix("\ufeff").splitlines(keepends=True)
    first = 1 if lines[0].startswith("#!") else 0
    end = first
    while end < len(lines) and lines[end].startswith("#"):
        end += 1
    comment = "".join(lines[first:end])
    if not _LICENCE.search(comment):
        return ""
    while end < len(lines) and not lines[end].strip():
        comment += "\n"
        end += 1
    return comment if comment.endswith("\n") else f"{comment}\n"


def _strings(text: str) -> list[tokenize.TokenInfo]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    return [token for token in tokens if token.type == tokenize.STRING]


def _quotes(text: str) -> list[str]:
    found = [_SIMPLE.fullmatch(token.string) for token in _strings(text)]
    return [match["quote"] for match in found if match is not None]


def _requoted(code: str, quote: str) -> str:
    lines = code.splitlines(keepends=True)
    for token in reversed(_strings(code)):
        match = _SIMPLE.fullmatch(token.string)
        if match is not None:
            row, start = token.start
            line = lines[row - 1]
            literal = f"{match['prefix']}{quote}{match['inner']}{quote}"
            lines[row - 1] = line[:start] + literal + line[token.end[1] :]
    return "".join(lines)
