"""Which comments an edit takes out of a config."""

from __future__ import annotations

import difflib
import io
import tokenize
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml

from mmscaffold.config.text.source import DATA_SUFFIXES


def lost_comments(path: Path, before: bytes, after: bytes) -> list[tuple[int, str]]:
    """The comments that a file had, and has no longer.

    Args:
        path: The file; its suffix tells the format.
        before: Its bytes before the edits.
        after: Its bytes with them.

    Returns:
        Each with the line on which it stood.
    """
    if path.suffix == ".json" or b"#" not in before or not _tails(before) - _tails(after):
        return []
    old = comments_of(path, before)
    new = [text for _, text in comments_of(path, after)]
    surplus = Counter(text for _, text in old) - Counter(new)
    matcher = difflib.SequenceMatcher(None, [text for _, text in old], new, autojunk=False)
    lost = []
    for tag, start, end, _, _ in matcher.get_opcodes():
        for line, text in old[start:end] if tag != "equal" else ():
            if surplus[text]:
                surplus[text] -= 1
                lost.append((line, text))
    return lost


def comments_of(path: Path, raw: bytes) -> tuple[tuple[int, str], ...]:
    """The comments of a config, each with its line.

    Args:
        path: The file; its suffix tells the format.
        raw: Its bytes.
    """
    return _comments(raw, path.suffix in DATA_SUFFIXES)


@lru_cache(maxsize=16)
def _comments(raw: bytes, is_data: bool) -> tuple[tuple[int, str], ...]:
    # A file is asked about after each attempt to write it, and once more for proof.
    read = data_comments if is_data else _python_comments
    return tuple(read(raw.decode("utf-8")))


def _tails(raw: bytes) -> Counter[bytes]:
    """What looks like a comment, found without reading the text."""
    return Counter(line[line.index(b"#") :].rstrip() for line in raw.splitlines() if b"#" in line)


def _python_comments(text: str) -> Iterator[tuple[int, str]]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    except (tokenize.TokenError, SyntaxError):
        # Placeholders may look like anything; such a file is proven by resolving it alone.
        return


def data_comments(text: str) -> Iterator[tuple[int, str]]:
    """The comments of a YAML text, each with its line: what stands between its tokens."""
    try:
        tokens = list(yaml.scan(text))
    except yaml.YAMLError:
        return
    ends = 0
    for token in tokens:
        start = token.start_mark.index
        if start > ends:
            line = text.count("\n", 0, ends) + 1
            for number, part in enumerate(text[ends:start].split("\n"), line):
                if "#" in part:
                    yield number, part[part.index("#") :].rstrip()
        ends = max(ends, token.end_mark.index)
