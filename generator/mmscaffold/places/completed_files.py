"""The files that could be named at a place: paths in ``_base_``, modules of configs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from mmscaffold.places.config_text import ConfigText
from mmscaffold.places.place import Place
from mmscaffold.places.suggestion import Kind, Suggestion, word_span

_SUFFIXES = (".py", ".yaml", ".yml", ".json")
_MOST_FILES = 500


def files_of_base(config: ConfigText, place: Place) -> Iterator[Suggestion]:
    """The configs and folders that a path in ``_base_`` could go on with."""
    if place.string is None:
        return
    written, start, end = place.string
    before = written[: place.offset - start]
    if "::" in before or "\0" in before:
        return
    folder = Path(os.path.normpath(config.path.parent / before.rpartition("/")[0]))
    start += len(before.rpartition("/")[0]) + ("/" in before)
    try:
        entries = sorted(os.scandir(folder), key=lambda one: one.name)[:_MOST_FILES]
    except OSError:
        return
    if not before.rpartition("/")[2].strip("."):
        yield Suggestion("../", "../", Kind.FOLDER, start, end, "the folder above", rank=6)
    for entry in entries:
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir():
            yield Suggestion(f"{entry.name}/", f"{entry.name}/", Kind.FOLDER, start, end)
        elif entry.name.endswith(_SUFFIXES) and Path(entry.path) != config.path:
            yield Suggestion(entry.name, entry.name, Kind.FILE, start, end, rank=4)


def modules_of_base(
    config: ConfigText, place: Place, dots: str, written: str
) -> Iterator[Suggestion]:
    """The configs that ``from .x import`` could name."""
    parts = [".."] * (len(dots) - 1) + written.split(".")[:-1]
    folder = Path(os.path.normpath(config.path.parent.joinpath(*parts)))
    start, end = word_span(config, place)
    try:
        entries = sorted(os.scandir(folder), key=lambda one: one.name)[:_MOST_FILES]
    except OSError:
        return
    for entry in entries:
        name = entry.name.removesuffix(".py")
        if not name.isidentifier() or name == "__init__" or Path(entry.path) == config.path:
            continue
        if entry.is_dir():
            yield Suggestion(name, name, Kind.FOLDER, start, end)
        elif entry.name.endswith(".py"):
            yield Suggestion(name, name, Kind.FILE, start, end, rank=4)
