"""Where migrated configs go with ``--output``: elsewhere, with the bases they need."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from mmscaffold.migrate.plan import MigrationPlan


def copies_of(plan: MigrationPlan) -> dict[Path, bytes]:
    """The files of a plan and all their bases, by path below their common folder.

    Relative ``_base_`` paths hold in the copy, because the layout stays the same.
    """
    contents: dict[Path, bytes] = {}
    for file in plan.files:
        contents.update(file.bases)
    contents.update((file.path, file.after) for file in plan.files)
    if not contents:
        return {}
    root = common_folder(contents)
    return {path.relative_to(root): raw for path, raw in contents.items()}


def common_folder(paths: Iterable[Path]) -> Path:
    """The deepest folder that holds all of some files."""
    return Path(os.path.commonpath([path.parent for path in paths]))
