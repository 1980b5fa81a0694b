"""Which files a config's text names as bases, told without parsing it.

For finding what inherits from a file among many: a file whose text rules that out need not be
parsed. What the text leaves open counts as possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ASSIGNED = re.compile(rb"_base_[\"']?\s*[=:](?!=)")
# A file name with an escape or a placeholder in it is not taken literally.
_TOKEN = re.compile(
    rb"(?P<blank>[ \t\f\r\n]+|#[^\r\n]*)|(?P<string>\"[^\"\\\r\n{]*\"|'[^'\\\r\n{]*')"
    rb"|(?P<mark>[\[\](),])"
)
_FROM = re.compile(rb"\bfrom\b")
_IMPORT = re.compile(rb"\bimport\b")
_WORD = re.compile(rb"\w+")
_BETWEEN_NAMES = re.compile(rb"[\s/\\\"':,\[\](){}]+")
_ENDING = re.compile(rb"\.(?:py|ya?ml|json)\b")


@dataclass(frozen=True)
class References:
    """The bases that a file's text seems to name.

    Attributes:
        names: The names of files, without folder and ending.
        is_open: Whether it may name others, too, because the text computes them.
    """

    names: frozenset[str] = frozenset()
    is_open: bool = False


def references(raw: bytes, *, is_python: bool) -> References:
    """What a file may inherit from.

    Args:
        raw: The file's bytes.
        is_python: Whether it is Python, not YAML or JSON.
    """
    names: set[bytes] = set()
    is_open = False
    if b"_base_" in raw:
        if is_python:
            for assigned in _ASSIGNED.finditer(raw):
                listed = _listed(raw, assigned.end())
                is_open = is_open or listed is None
                names.update(_stem(name) for name in listed or ())
        else:
            # A key may be written in many ways there; such configs are few.
            names.update(_file_names(raw))
            is_open = b"\\" in raw or b"{{" in raw
    if is_python and b"read_base" in raw:
        for before in _IMPORT.split(raw)[:-1]:
            starts = [found.end() for found in _FROM.finditer(before)]
            names.update(_WORD.findall(before[starts[-1] :])[-1:] if starts else ())
    return References(frozenset(name.decode("utf-8", "replace") for name in names), is_open)


def _file_names(raw: bytes) -> Iterator[bytes]:
    """All that looks like the name of a config, without its folder and ending."""
    for word in _BETWEEN_NAMES.split(raw):
        ends = [found.start() for found in _ENDING.finditer(word)]
        if ends and ends[-1]:
            yield word[: ends[-1]]


def _listed(raw: bytes, start: int) -> list[bytes] | None:
    """The strings of an expression that is one string or a list of strings.

    Returns:
        ``None`` if it is anything else, such as strings that are joined.
    """
    strings: list[bytes] = []
    depth = 0
    after_string = False
    while start < len(raw):
        token = _TOKEN.match(raw, start)
        if token is None or (token["string"] and after_string):
            return None
        start = token.end()
        if token["string"]:
            strings.append(token["string"][1:-1])
            after_string = True
        elif token["mark"]:
            after_string = False
            depth += {b"[": 1, b"(": 1, b"]": -1, b")": -1}.get(token["mark"], 0)
        elif depth <= 0 and strings and token["blank"].strip(b" \t\f")[:1] in (b"\r", b"\n"):
            return strings
    return strings


def _stem(name: bytes) -> bytes:
    return name.rpartition(b"/")[2].rpartition(b".")[0]
