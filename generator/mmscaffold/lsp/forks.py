"""Packages of the family that lie in the workspace: reading their classes takes seconds.

So they are read ahead, beside what the editor asks: when it starts, and when a file of theirs was
saved. Until then, what was known before is taken. What was read is kept in the user's cache,
where the next who asks finds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mmscaffold.check.import_names import is_fork
from mmscaffold.facts.packages import PACKAGES
from mmscaffold.project.class_cache import source_of


def forks_in(folders: Iterable[Path]) -> list[Path]:
    """The packages of the family in some folders of a workspace, or in their ``src``."""
    return [
        root / name
        for folder in folders
        for root in (folder, folder / "src")
        for name in sorted(PACKAGES)
        if is_fork(root / name)
    ]


def forks_around(files: Iterable[Path]) -> list[Path]:
    """The packages of the family that some files belong to, each once."""
    found = (next(filter(is_fork, file.parents), None) for file in files if file.suffix == ".py")
    return list(dict.fromkeys(fork for fork in found if fork is not None))


def read_ahead(forks: Iterable[Path]) -> None:
    """Read the classes of some packages, so that they are at hand.

    Args:
        forks: Their folders.
    """
    for fork in forks:
        source_of(fork, fork.name)
