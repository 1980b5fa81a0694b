"""How long the lines of a config may be: as its project says, or as it writes itself."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.disk import read_file
from mmscaffold.config.text.source import Source

DEFAULT = 79
"""What OpenMMLab's own projects set (``column_limit`` and ``max-line-length``)."""
SHORTEST = 40
"""Shorter settings are taken for this."""
_MOST = 120
_MOST_BYTES = 1 << 20  # of a file of settings
_FILES = (
    "pyproject.toml",
    "ruff.toml",
    ".ruff.toml",
    "setup.cfg",
    ".style.yapf",
    ".flake8",
    "tox.ini",
)
_SETTING = re.compile(
    r"^[ \t]*(?:line[-_]length|column_limit|max[-_]line[-_]length)[ \t]*[=:][ \t]*(\d{2,3})\b",
    re.MULTILINE | re.IGNORECASE,
)


def line_length(source: Source) -> int:
    """The longest line to write into a file, in characters.

    The setting of ruff, black, yapf or flake8 in the nearest folder that has one; otherwise the
    file's own longest line, between 79 and 120. Longer lines, and those with a URL or ``noqa``,
    tell nothing.
    """
    set_to = _setting(source.path.parent)
    if set_to is not None:
        return set_to
    own = [
        len(line)
        for line in source.text.splitlines()
        if len(line) <= _MOST and "noqa" not in line and "://" not in line
    ]
    return max(own, default=0) if max(own, default=0) > DEFAULT else DEFAULT


@functools.lru_cache(maxsize=4096)
def _setting(folder: Path) -> int | None:
    for name in _FILES:
        try:
            text = read_file(folder / name, _MOST_BYTES).decode("utf-8")
        except (ConfigError, UnicodeDecodeError):
            continue
        found = _SETTING.search(text)
        if found:
            return max(int(found.group(1)), SHORTEST)
    return None if folder.parent == folder else _setting(folder.parent)
