"""The Python code of a package, read without importing it: modules, classes, bases."""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.source import read_code
from mmscaffold.config.text.syntax_nodes import syntax_nodes
from mmscaffold.project.errors import ProjectError

_MOST_STEPS = 100


class ImportNames(Protocol):
    """Tells by what name a package knows what the code of a file imports."""

    def absolute(self, importer: Path, dotted: str) -> str:
        """The name of something that a file imports by a dotted name."""

    def relative(self, importer: Path, level: int, parts: Sequence[str]) -> str | None:
        """The name of something that a file imports by ``from .x import y``, where known."""


class ClassDefinition(NamedTuple):
    """A class of the package.

    Attributes:
        dotted: Where it is defined: ``my_project.models.detectors.MyRetinaNet``.
        node: Its syntax.
        module: The module that holds it.
    """

    dotted: str
    node: ast.ClassDef
    module: Module

    @property
    def where(self) -> str:
        """``path:line`` of its definition."""
        return f"{self.module.path}:{self.node.lineno}"


class Module:
    """One file of a package.

    Args:
        name: Its dotted name.
        path: The file.
        tree: Its syntax.
        import_names: Where the name of a module does not follow from that of its file alone,
            tells those of what is imported.
    """

    def __init__(
        self,
        name: str,
        path: Path,
        tree: ast.Module,
        import_names: ImportNames | None = None,
    ) -> None:
        self.name = name
        self.path = path
        self.tree = tree
        self.names: dict[str, str] = {}
        """What each imported name stands for, as a dotted name."""
        self.stars: list[str] = []
        """The modules whose names it imports all."""
        self.classes: dict[str, ClassDefinition] = {}
        """Its classes by name."""
        self.import_names = import_names
        for node in nodes_of(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    whole = alias.name if alias.asname else top
                    self.names[alias.asname or top] = self._known(whole)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if alias.name == "*":
                        self.stars.append(self._source(node))
                    else:
                        target = self._source(node, alias.name)
                        self.names[alias.asname or alias.name] = target
            elif isinstance(node, ast.ClassDef):
                dotted = f"{self.name}.{node.name}"
                self.classes[node.name] = ClassDefinition(dotted, node, self)

    def _known(self, dotted: str) -> str:
        return self.import_names.absolute(self.path, dotted) if self.import_names else dotted

    def _source(self, node: ast.ImportFrom, *names: str) -> str:
        """What ``from x import y`` names: ``x``, or ``x.y``."""
        inner = [*([node.module] if node.module else []), *names]
        if not node.level:
            return self._known(".".join(inner))
        if self.import_names is not None:
            parts = [part for one in inner for part in one.split(".")]
            found = self.import_names.relative(self.path, node.level, parts)
            if found is not None:
                return found
        parts = self.name.split(".")
        # A package is its own parent for `from . import x`.
        cut = node.level - (1 if self.path.name == "__init__.py" else 0)
        parent = parts[: len(parts) - cut] if cut else parts
        return ".".join([*parent, *inner])

    def dotted(self, expression: ast.expr) -> str | None:
        """What a name or attribute in this module stands for, before re-exports."""
        if isinstance(expression, ast.Name):
            if expression.id in self.names:
                return self.names[expression.id]
            return f"{self.name}.{expression.id}"
        if isinstance(expression, ast.Attribute):
            owner = self.dotted(expression.value)
            return None if owner is None else self._known(f"{owner}.{expression.attr}")
        return None


def nodes_of(tree: ast.Module) -> list[ast.AST]:
    """All that stands in a module, level by level, without contexts and operators.

    It is kept with the tree: several rules look at every node of a package, and walking down to
    them takes most of their time.
    """
    known: list[ast.AST] | None = tree.__dict__.get("_mmscaffold_nodes")
    if known is None:
        # Without the module itself, or it could not be freed before the next collection.
        known = syntax_nodes(tree)[1:]
        setattr(tree, "_mmscaffold_nodes", known)  # noqa: B010
    return known


class Package:
    """All modules of some Python package, or of single files, parsed once.

    Args:
        modules: The modules by dotted name.
    """

    def __init__(self, modules: Mapping[str, Module]) -> None:
        self.modules = modules

    @staticmethod
    def read(folder: Path, name: str, unread: list[ProjectError] | None = None) -> Package:
        """Read every module below a package's folder.

        Args:
            folder: The folder of the package itself.
            name: The package's dotted name.
            unread: Takes the errors of files that cannot be read, which are passed over then.

        Raises:
            ProjectError: If a file cannot be read or is not valid Python, without ``unread``.
        """
        modules = {}
        for dotted, path in named_modules(folder, name).items():
            try:
                modules[dotted] = Module(dotted, path, parse(path))
            except ProjectError as error:
                if unread is None:
                    raise
                unread.append(error)
        return Package(modules)

    @staticmethod
    def of_files(files: Iterable[tuple[str, Path]]) -> Package:
        """Read single modules.

        Args:
            files: The dotted name and the file of each.

        Raises:
            ProjectError: If a file cannot be read or is not valid Python.
        """
        return Package({name: Module(name, path, parse(path)) for name, path in files})

    @cached_property
    def classes(self) -> Mapping[str, ClassDefinition]:
        """Every class by the dotted name of its definition."""
        return {
            definition.dotted: definition
            for module in self.modules.values()
            for definition in module.classes.values()
        }

    def top(self, name: str) -> str:
        """The outermost package that a module is part of; a module in none stands for itself."""
        parts = name.split(".")
        starts = (".".join(parts[:length]) for length in range(1, len(parts)))
        return next((one for one in starts if one in self.modules), name)

    def canonical(self, dotted: str) -> str:
        """The name under which something is defined, re-exports followed."""
        for _ in range(_MOST_STEPS):
            target = self._step(dotted)
            if target is None:
                return dotted
            dotted = target
        return dotted

    def _step(self, dotted: str) -> str | None:
        owner, _, attribute = dotted.rpartition(".")
        rest: list[str] = [attribute]
        while owner and owner not in self.modules:
            owner, _, last = owner.rpartition(".")
            rest.insert(0, last)
        if not owner or dotted in self.modules:
            return None
        module = self.modules[owner]
        first, *others = rest
        if first in module.classes:
            return None
        target = module.names.get(first)
        if target is None:
            for star in module.stars:
                inner = self.modules.get(star)
                if inner and (first in inner.classes or first in inner.names or inner.stars):
                    target = f"{star}.{first}"
                    break
        if target is None or target == f"{owner}.{first}":
            return None
        return ".".join([target, *others])

    def bases(self, definition: ClassDefinition) -> list[str]:
        """The direct bases of a class, as dotted names of their definitions."""
        found = []
        for base in definition.node.bases:
            dotted = definition.module.dotted(base)
            if dotted is not None:
                found.append(self.canonical(dotted))
        return found

    def ancestors(self, definition: ClassDefinition) -> Iterator[str]:
        """All bases of a class, nearest first, down to those outside the package."""
        queue = self.bases(definition)
        seen = set()
        while queue:
            base = queue.pop(0)
            if base in seen:
                continue
            seen.add(base)
            yield base
            if base in self.classes:
                queue += self.bases(self.classes[base])


def named_modules(folder: Path, name: str) -> dict[str, Path]:
    """The files of a package that can be imported from it, by dotted name, sorted.

    Args:
        folder: The folder of the package itself.
        name: The package's dotted name.
    """
    found: list[list[str]] = []
    # With text: a Path for each of a thousand files takes ten times as long.
    top = str(folder)
    for parent, folders, files in os.walk(top):
        # Wheels of OpenMMLab hold their configs and tools in a folder `.mim`.
        folders[:] = [one for one in folders if not one.startswith(".")]
        above = [one for one in parent[len(top) :].split(os.sep) if one]  # noqa: PTH206
        found += [
            [*above, file] for file in files if file.endswith(".py") and not file.startswith(".")
        ]
    modules = {}
    for parts in sorted(found):
        inner = parts[:-1] if parts[-1] == "__init__.py" else [*parts[:-1], parts[-1][:-3]]
        modules[".".join([name, *inner])] = Path(top, *parts)
    return modules


def parse(path: Path, raw: bytes | None = None) -> ast.Module:
    """Parse one Python file.

    Args:
        path: The file.
        raw: Its contents, where they are not those on disk.

    Raises:
        ProjectError: If it cannot be read or is not valid Python.
    """
    try:
        with warnings.catch_warnings():
            # Of invalid escapes: Python tells the author, when the code runs.
            warnings.simplefilter("ignore")
            return ast.parse(read_code(path) if raw is None else raw, filename=str(path))
    except ConfigError as error:
        raise ProjectError(error.message, where=error.where, hint=error.hint) from None
    except SyntaxError as error:
        raise ProjectError(
            f"is not valid Python: {error.msg}", where=f"{path}:{error.lineno or 1}"
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise ProjectError(f"could not be read: {error}", where=str(path)) from None
