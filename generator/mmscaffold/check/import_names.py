"""The names by which the code of a run is imported.

Python finds a module below a folder of ``sys.path``, which no file tells. It is taken to be the
folder around the outermost package; but the root of a repository is no package, whatever lies in
it, a fork of mmdet is ``mmdet`` wherever it lies, and of two packages with one short name
(``projects/a/models``, ``projects/b/models``) each is found by the code around it.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from mmscaffold.facts.packages import is_openmmlab
from mmscaffold.project.code import nodes_of

# What lies in the root of a repository, and not in a package.
_MARKS_OF_ROOT = (".git", "setup.py", "setup.cfg", "pyproject.toml")
# What a fork of a package of OpenMMLab has, and a folder of code for that package has not.
_MARKS_OF_FORK = ("version.py", "registry.py", "registry")


def package_folders(file: Path, strays: frozenset[Path] = frozenset()) -> list[Path]:
    """The folders of the packages around a file, the outermost first.

    Args:
        file: A Python file.
        strays: Folders that are no packages, though they have an ``__init__.py``.
    """
    found: list[Path] = []
    folder = file.parent
    while _is_package(folder) and folder not in strays:
        found.insert(0, folder)
        if is_fork(folder):
            break
        folder = folder.parent
    return found


def module_name(file: Path) -> str:
    """The dotted name by which a file is imported, as far as its folders tell."""
    return ".".join(_short_parts(file, package_folders(file)))


def _short_parts(file: Path, folders: Sequence[Path]) -> tuple[str, ...]:
    own = [] if file.name == "__init__.py" else [file.stem]
    return (*(one.name for one in folders), *own) or (file.parent.name,)


@cache
def _is_package(folder: Path) -> bool:
    if not (folder / "__init__.py").is_file():
        return False
    return not any((folder / mark).exists() for mark in _MARKS_OF_ROOT)


def is_fork(folder: Path) -> bool:
    """Whether a folder is a package of OpenMMLab, or a fork of one."""
    return is_openmmlab(folder.name) and any((folder / one).exists() for one in _MARKS_OF_FORK)


class RunNames:
    """The names of the modules of one run, each file under one, and what imports mean by them.

    Args:
        trees: The files, by absolute path, with their syntax.
        imported: What configs import, by dotted names.
    """

    def __init__(self, trees: Mapping[Path, ast.Module], imported: Iterable[str]) -> None:
        # A file may have come or gone since the last run.
        _is_package.cache_clear()
        self._folders = _folders_without_strays(trees, frozenset(imported))
        self.names = _distinct(self._folders)
        self._ending: dict[str, list[Path]] = defaultdict(list)
        for file in self.names:
            self._ending[_parts(file)[-1]].append(file)
        self._known: dict[tuple[Path, str], str] = {}

    def absolute(self, importer: Path, dotted: str) -> str:
        """The name in this run of something that a file imports; of others, the same.

        Args:
            importer: The file, or the config, that imports it.
            dotted: The name that it has there.
        """
        key = (importer.parent, dotted)
        if key not in self._known:
            parts = dotted.split(".")
            self._known[key] = dotted
            for length in range(len(parts), 0, -1):
                found = self._nearest(importer, tuple(parts[:length]))
                if found is not None:
                    self._known[key] = ".".join([self.names[found], *parts[length:]])
                    break
        return self._known[key]

    def everywhere(self, dotted: str) -> set[str]:
        """Every name in this run that a dotted name of a config may mean."""
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            found = self._matching(tuple(parts[:length]))
            if found:
                return {".".join([self.names[one], *parts[length:]]) for one in found}
        return {dotted}

    def relative(self, importer: Path, level: int, parts: Sequence[str]) -> str | None:
        """The name in this run of what ``from .x import y`` in a file means, if it has one."""
        folder = importer.parent
        for _ in range(level - 1):
            folder = folder.parent
        for length in range(len(parts), -1, -1):
            target = folder.joinpath(*parts[:length])
            for file in (target / "__init__.py", target.with_suffix(".py") if length else None):
                if file in self.names:
                    return ".".join([self.names[file], *parts[length:]])
        return None

    def _nearest(self, importer: Path, parts: tuple[str, ...]) -> Path | None:
        found = self._matching(parts, importer.parent)
        if not found:
            return None
        return max(found, key=lambda one: (_shared(one, importer), -len(one.parts)))

    def _matching(self, parts: tuple[str, ...], folder: Path | None = None) -> list[Path]:
        """The files that some dotted name may mean: all of their packages' names are in it.

        A script also imports what lies beside it.
        """
        if len(parts) == 1 and parts[0] in sys.stdlib_module_names:
            return []
        return [
            file
            for file in self._ending.get(parts[-1], ())
            if _parts(file)[-len(parts) :] == parts
            and (
                len(parts) >= len(_short_parts(file, self._folders[file]))
                or _root(file, len(parts)) == folder
            )
        ]


def _root(file: Path, length: int) -> Path:
    """The folder that would have to be in ``sys.path`` for a name of some length."""
    whole = file.parent if file.name == "__init__.py" else file
    return whole.parents[length - 1] if length <= len(whole.parents) else whole.parents[-1]


@cache
def _parts(file: Path) -> tuple[str, ...]:
    """The names of all folders on the way to a module, and its own."""
    whole = file.parent if file.name == "__init__.py" else file.with_suffix("")
    return whole.parts


def _shared(one: Path, other: Path) -> int:
    """How many folders two files have in common."""
    count = 0
    for first, second in zip(one.parts, other.parts, strict=False):
        if first != second:
            break
        count += 1
    return count


def _distinct(folders: Mapping[Path, list[Path]]) -> dict[Path, str]:
    """A name for each file.

    Where two packages have one name, so much of the path stands before it that it tells them
    apart.
    """
    tops: dict[str, dict[Path, None]] = defaultdict(dict)
    for file, around in folders.items():
        top = around[0] if around else file
        tops[_short_parts(file, around)[0]][top] = None
    before: dict[Path, tuple[str, ...]] = {}
    for same in tops.values():
        before.update(dict.fromkeys(same, ()))
        length = 0
        while len({(one.parts[-1 - length : -1], one.stem) for one in same}) < len(same):
            length += 1
        if len(same) > 1:
            for one in same:
                # An `__init__.py` that is part of no package is named after its folder.
                whole = one.parent if one.name == "__init__.py" else one
                before[one] = whole.parts[:-1][-max(length, 1) :]
    names: dict[Path, str] = {}
    taken: set[str] = set()
    for file, around in folders.items():
        parts = (*before[around[0] if around else file], *_short_parts(file, around))
        name = ".".join(part for part in parts if part != file.anchor)
        if name in taken:
            name = ".".join(_parts(file)[1:])
        taken.add(name)
        names[file] = name
    return names


def _folders_without_strays(
    trees: Mapping[Path, ast.Module], imported: frozenset[str]
) -> dict[Path, list[Path]]:
    """The packages around each file, less those folders whose ``__init__.py`` means nothing.

    The code below such a folder imports its parts by their own names, and nothing imports
    them by the name of the folder.
    """
    strays: frozenset[Path] = frozenset()
    wanted = {file: _absolute_imports(tree) for file, tree in trees.items()}
    everything = imported.union(*wanted.values()) if wanted else imported
    first_names = {one.partition(".")[0] for one in everything}
    while True:
        folders = {file: package_folders(file, strays) for file in trees}
        found = {
            around[0]
            for file, around in folders.items()
            if around
            and around[0].name not in first_names
            and any(_lies_in(around[0], one, trees) for one in wanted[file])
        }
        if not found - strays:
            return folders
        strays |= found


def _lies_in(folder: Path, dotted: str, trees: Mapping[Path, ast.Module]) -> bool:
    parts = dotted.split(".")
    if parts[0] in sys.stdlib_module_names:
        return False
    # `from utils import build`: the module has to have the name.
    target = folder.joinpath(*parts)
    if target / "__init__.py" in trees or target.with_suffix(".py") in trees:
        return len(parts) > 1
    module = folder.joinpath(*parts[:-1])
    for file in (module / "__init__.py", module.with_suffix(".py")):
        if len(parts) > 1 and file in trees:
            return len(parts) > 2 or _sets(trees[file], parts[-1])
    return False


def _sets(tree: ast.Module, name: str) -> bool:
    named = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return any(isinstance(node, named) and node.name == name for node in tree.body)


def _absolute_imports(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def installed_folder(path: Path) -> Path | None:
    """The ``site-packages`` that holds a path, if any: what lies there is not the project's."""
    for folder in (path, *path.parents):
        if folder.name in ("site-packages", "dist-packages"):
            return folder
    return None
