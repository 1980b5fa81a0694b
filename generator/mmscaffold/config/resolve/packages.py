"""Find installed packages that hold configs, without importing them."""

from __future__ import annotations

from importlib.machinery import PathFinder
from pathlib import Path


def installed_package(module: str) -> Path | None:
    """The folder of an installed top-level package, or ``None``.

    Only the path finder is asked: it looks for files and runs none.
    """
    spec = PathFinder.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))
