"""Where in a project things are: its root, its package, its tests."""

from __future__ import annotations

import difflib
from pathlib import Path

from mmscaffold.project.registered import package_folder
from mmscaffold.project.table import find_table
from mmscaffold.scaffold.errors import ComponentError

_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
_SKIPPED = frozenset({"tests", "test", "docs", "tools", "configs", "demo", "build", "dist"})


def project_root(start: Path) -> Path:
    """The project that a folder is part of: itself, or one above it.

    It is the nearest folder with a ``[tool.mmscaffold]`` table, or else with what makes a
    project for Python or git; a repository ends the search.

    Args:
        start: A folder.

    Raises:
        ProjectError: If a ``pyproject.toml`` on the way cannot be read.
    """
    nearest = None
    for folder in (start, *start.parents):
        if any((folder / name).exists() for name in _MARKS):
            nearest = nearest or folder
            table = find_table(folder)
            if table is not None and table.file.parent == folder:
                return folder
        if (folder / ".git").exists():
            break
    return nearest or start


def tests_folder(root: Path) -> Path:
    """The folder of the tests of a project."""
    found = next((root / name for name in ("tests", "test") if (root / name).is_dir()), None)
    return found or root / "tests"


def dotted_name(root: Path, folder: Path) -> str:
    """The name by which the package in a folder is imported."""
    inner = folder.relative_to(root).parts
    return ".".join(inner[1:] if inner[0] == "src" else inner)


def folder_of_package(root: Path, package: str | None) -> Path:
    """The folder of the package that takes a component.

    Args:
        root: The folder of the project.
        package: Its name; by default that in its table, or the only one there is.

    Raises:
        ComponentError: If there is none, or several.
    """
    if package is None:
        package = _named_in_table(root)
    if package is not None:
        folder = package_folder(root, package)
        if folder is None:
            raise ComponentError(
                f"there is no package {package} in it", where=str(root), hint=_meant(root, package)
            )
        return folder
    found = _packages(root)
    if len(found) != 1:
        names = ", ".join(folder.name for folder in found) or "none"
        raise ComponentError(
            f"it is unclear which package to use: found {names}",
            where=str(root),
            hint="Name it with --package.",
        )
    return found[0]


def _packages(root: Path) -> list[Path]:
    return [
        init.parent
        for parent in (root, root / "src")
        for init in sorted(parent.glob("*/__init__.py"))
        if init.parent.name not in _SKIPPED
    ]


def _meant(root: Path, package: str) -> str:
    names = [folder.name for folder in _packages(root)]
    near = difflib.get_close_matches(package, names, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    return f"It has {', '.join(names) or 'none: a package is a folder with an __init__.py'}."


def _named_in_table(root: Path) -> str | None:
    table = find_table(root)
    named = (
        table.values.get("package") if table is not None and table.file.parent == root else None
    )
    return named if isinstance(named, str) else None
