r"""How the commands print: paths and counts, and nothing that a terminal would act on.

Names of files, values of configs and lines of logs come from others. What a terminal would
take for a command (escape sequences, carriage returns), what would look like a line of our own
(line breaks), and what would show text in another order than it has (marks of direction) is
printed as Python would write it: ``\x1b``.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from mmscaffold.cli.loudness import is_quiet

# Of the files that were skipped for one reason.
_FILES_SHOWN = 3

# Patterns are made when they are needed: most text is printable.
# C1, invisible marks, separators, directions, lone surrogates, tags.
_INVISIBLE = (
    "\\x7f-\\x9f\\xad\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb"
    "\\ud800-\\udfff\\U000e0000-\\U000e007f"
)
_ALL = f"[\\x00-\\x1f{_INVISIBLE}]"
# Text of several lines keeps its line breaks and tabs.
_IN_LINES = f"[\\x00-\\x08\\x0b-\\x1f{_INVISIBLE}]"
_IN_JSON = f"[{_INVISIBLE}]"


def visible(text: object) -> str:
    """A text of one line, with what a terminal would act on written out."""
    text = str(text)
    return text if text.isprintable() else re.sub(_ALL, _escaped, text)


def visible_lines(text: object) -> str:
    """The same of a text that may have several lines, and tabs."""
    text = str(text)
    if all(map(str.isprintable, text.split("\n"))):
        return text
    return re.sub(_IN_LINES, _escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


def say(text: object, *, err: bool = False, **style: Any) -> None:
    """Print a line, or several; nothing in it acts on the terminal.

    Args:
        text: What to print.
        err: Whether it goes to the standard error.
        **style: Colours and weight, as ``click.style`` takes them.
    """
    click.secho(visible_lines(text), err=err, **style)


def remark(text: object, **style: Any) -> None:
    """Print a line, or several, unless ``-q`` was given."""
    if not is_quiet():
        say(text, **style)


def say_json(
    document: Any, default: Callable[[Any], Any] | None = None, *, indent: int | None = 2
) -> None:
    """Print a document as JSON: legible, and safe to show in a terminal.

    Args:
        document: What to print.
        default: Makes JSON of other values, as ``json.dumps`` takes it.
        indent: ``None`` for all of it on one line.
    """
    text = json.dumps(document, indent=indent, ensure_ascii=False, default=default)
    # These occur in strings only.
    click.echo(re.sub(_IN_JSON, _escaped_in_json, text))


def _escaped_in_json(found: re.Match[str]) -> str:
    # ASCII to json.dumps, as printable as the rest of it.
    return "\\u007f" if found[0] == "\x7f" else json.dumps(found[0])[1:-1]


def shorten(text: str | Path) -> str:
    """Name files below the current folder from there; a path becomes one line."""
    shown = visible(text) if isinstance(text, Path) else visible_lines(text)
    try:
        here = f"{visible(Path.cwd())}{os.sep}"
    except OSError:
        # The current folder was deleted.
        return shown
    return shown.replace(here, "")


def count(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def skipped_lines(skipped: Iterable[tuple[Path, str]]) -> Iterator[str]:
    """What to say about files and folders that were not looked at; many of a kind on one line."""
    files: dict[str, list[Path]] = {}
    for path, reason in skipped:
        if path.is_dir():
            yield f"skipped: {shorten(path)}/ ({visible(reason)})"
        else:
            files.setdefault(reason, []).append(path)
    for reason, paths in files.items():
        shown = paths if len(paths) <= _FILES_SHOWN else paths[:1]
        for path in shown[:-1]:
            yield f"skipped: {shorten(path)}: {visible(reason)}"
        more = f" and {len(paths) - len(shown)} more" if len(shown) < len(paths) else ""
        yield f"skipped: {shorten(shown[-1])}{more}: {visible(reason)}"
