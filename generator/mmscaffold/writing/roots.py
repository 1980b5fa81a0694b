"""Which tree some files belong to."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from mmscaffold.writing.errors import UNCHANGED, WriteError

# By the first of them in or above a folder: the tree of a project.
_MARKS = (".git", "pyproject.toml")


def tree_root(paths: Iterable[Path]) -> Path:
    """The folder of the tree that some files belong to, as their names lead to it.

    It is the nearest folder with a repository or a ``pyproject.toml``, and without one
    the folder of the files; for files of several, the folder that holds all.

    Raises:
        WriteError: If no folder holds all of them (on drives of Windows).
    """
    folders = {Path(os.path.abspath(path)).parent for path in paths}  # noqa: PTH100
    roots = {_marked(folder) or folder for folder in folders}
    try:
        return Path(os.path.commonpath(roots))
    except ValueError:
        raise WriteError(
            f"the files lie on different drives; {UNCHANGED}", hint="Run once for each drive."
        ) from None


def is_related(root: Path, place: Path) -> bool:
    """Whether a place lies in a tree, or the tree in it."""
    return place.is_relative_to(root) or root.is_relative_to(place)


def _marked(folder: Path) -> Path | None:
    for parent in (folder, *folder.parents):
        if any(os.path.lexists(parent / mark) for mark in _MARKS):
            return parent
    return None
