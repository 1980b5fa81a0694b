"""How the commands word paths and counts."""

from __future__ import annotations

import os
from pathlib import Path


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


def skipped_line(path: Path, reason: str) -> str:
    """What to tell of a file or folder that was not looked at."""
    if path.is_dir():
        return f"skipped: {shorten(path)}/ ({reason})"
    return f"skipped: {shorten(path)}: {reason}"
