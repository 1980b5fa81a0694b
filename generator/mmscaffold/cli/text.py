"""How the commands word paths and counts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

# Of the files that were skipped for one reason.
_FILES_SHOWN = 3


def shorten(text: str | Path) -> str:
    """Name files below the current folder from there."""
    try:
        here = f"{Path.cwd()}{os.sep}"
    except OSError:
        # The current folder was deleted.
        return str(text)
    return str(text).replace(here, "")


def count(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def skipped_lines(skipped: Iterable[tuple[Path, str]]) -> Iterator[str]:
    """What to say about files and folders that were not looked at; many of a kind on one line."""
    files: dict[str, list[Path]] = {}
    for path, reason in skipped:
        if path.is_dir():
            yield f"skipped: {shorten(path)}/ ({reason})"
        else:
            files.setdefault(reason, []).append(path)
    for reason, paths in files.items():
        shown = paths if len(paths) <= _FILES_SHOWN else paths[:1]
        for path in shown[:-1]:
            yield f"skipped: {shorten(path)}: {reason}"
        more = f" and {len(paths) - len(shown)} more" if len(shown) < len(paths) else ""
        yield f"skipped: {shorten(shown[-1])}{more}: {reason}"
