"""Where a class is defined, found by its dotted name, without importing anything."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.known_code import find_module
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.source import read_code

_MOST_STEPS = 10


@dataclass(frozen=True)
class ClassSource:
    """A class in a file that is here.

    Attributes:
        dotted: Its module and name.
        path: The file.
        node: Its syntax.
    """

    dotted: str
    path: Path
    node: ast.ClassDef


def source_of(view: ConfigView, dotted: str) -> ClassSource | None:
    """The definition of a class, imports of it followed."""
    for _ in range(_MOST_STEPS):
        module, _, name = dotted.rpartition(".")
        file = _module_file(view, module) if module else None
        tree = _tree_of(file) if file is not None else None
        if tree is None or file is None:
            return None
        node = next(
            (one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == name), None
        )
        if node is not None:
            return ClassSource(dotted, file, node)
        target = _imported_from(tree, name, module, file)
        if target is None or target == dotted:
            return None
        dotted = target
    return None


def _imported_from(tree: ast.Module, name: str, module: str, file: Path) -> str | None:
    """What a module imports under a name, as a dotted name."""
    for node in tree.body:
        if not isinstance(node, ast.ImportFrom):
            continue
        for alias in node.names:
            if (alias.asname or alias.name) == name:
                source = node.module or ""
                if node.level:
                    parts = module.split(".")
                    cut = node.level - (file.name == "__init__.py")
                    parts = parts[: len(parts) - cut] if cut else parts
                    source = ".".join([*parts, *([source] if source else [])])
                return f"{source}.{alias.name}"
    return None


def _module_file(view: ConfigView, module: str) -> Path | None:
    return _found_module(module, view.path.parent)


@lru_cache(maxsize=512)
def _found_module(module: str, folder: Path) -> Path | None:
    place = find_module(module, folder)
    if place is None:
        return None
    return place if place.suffix == ".py" else place / "__init__.py"


def _tree_of(path: Path) -> ast.Module | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return _parsed(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=32)
def _parsed(path: Path, _modified: int, _size: int) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            # Of invalid escapes: Python tells the author.
            warnings.simplefilter("ignore")
            return ast.parse(read_code(path))
    except (ConfigError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def dotted_in(source: ClassSource, node: ast.expr) -> str | None:
    """What a name stands for in the module of a class, as a dotted name."""
    if not isinstance(node, ast.Name):
        return None
    tree = _tree_of(source.path)
    module = source.dotted.rpartition(".")[0]
    if tree is not None:
        target = _imported_from(tree, node.id, module, source.path)
        if target is not None:
            return target
    return f"{module}.{node.id}"
