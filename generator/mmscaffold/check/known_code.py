"""The modules that ``custom_imports`` name, found and read without importing them."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mmscaffold.facts.classes import upstream
from mmscaffold.facts.classes.constructor import Constructor
from mmscaffold.project.code import ClassDefinition, Package
from mmscaffold.project.constructor import constructor_of
from mmscaffold.project.errors import ProjectError
from mmscaffold.project.registered import registered_classes
from mmscaffold.project.registrations import register_module_of, registrations

_MOST_FILES = 400


@dataclass(frozen=True)
class ImportedCode:
    """What importing some modules gives.

    Attributes:
        missing: Those that are nowhere to be found.
        unread: Those that were found and could not be read, or are not the project's own.
        registered: For each registry, the names that it gets, and the classes.
        package: The code that was read.
    """

    missing: tuple[str, ...]
    unread: tuple[str, ...]
    registered: dict[str, dict[str, ClassDefinition]]
    package: Package

    def knows(self, name: str) -> bool:
        """Whether anything registers a name."""
        return any(name in names for names in self.registered.values())

    def registries_of(self, name: str) -> frozenset[str]:
        """The registries in which a name is registered."""
        return frozenset(key for key, names in self.registered.items() if name in names)

    def may_register_otherwise(self, name: str) -> bool:
        """Whether the code may register a class in a way that reading it does not show.

        By a call within a function or a loop, under a name that is made at run time, or by a
        decorator of the class that is not ``register_module`` itself.
        """
        plain = {id(one.mark) for one in registrations(self.package) if not one.is_open}
        for module in self.package.modules.values():
            for node in ast.walk(module.tree):
                hidden = isinstance(node, ast.Attribute) and node.attr == "register_module"
                if hidden and id(node) not in plain:
                    return True
                marks = node.decorator_list if isinstance(node, ast.ClassDef) else []
                is_it = isinstance(node, ast.ClassDef) and node.name == name
                if is_it and any(register_module_of(mark) is None for mark in marks):
                    return True
        return False

    def constructor(self, name: str) -> Constructor | None:
        """What a registered class can be built with, if that can be told."""
        for names in self.registered.values():
            if name in names:
                return constructor_of(self.package, names[name], upstream().constructor)
        return None


class KnownCode:
    """Reads the packages of projects, each once."""

    def __init__(self) -> None:
        self._packages: dict[Path, Package | None] = {}
        self._imported: dict[tuple[Path, tuple[str, ...]], ImportedCode] = {}

    def imported(self, modules: tuple[str, ...], folder: Path) -> ImportedCode:
        """What ``custom_imports`` of a config give.

        A module is looked for in the folders above the config, in their ``src``, in the
        current folder and among the installed packages. Its whole top-level package is
        taken to be imported with it: which submodules an ``__init__`` imports is the
        business of MMS228.

        Args:
            modules: The dotted names.
            folder: The folder of the config.
        """
        key = (folder, modules)
        if key not in self._imported:
            self._imported[key] = self._read(modules, folder)
        return self._imported[key]

    def _read(self, modules: tuple[str, ...], folder: Path) -> ImportedCode:
        missing, unread = [], []
        registered: dict[str, dict[str, ClassDefinition]] = {}
        packages: list[Package] = []
        for module in modules:
            place = find_module(module, folder)
            if place is None:
                missing.append(module)
                continue
            if is_upstream_module(module):
                # Its classes are in the table.
                continue
            package = self._package(module, place)
            if package is None:
                unread.append(module)
                continue
            packages.append(package)
            for one in registered_classes(package):
                registered.setdefault(one.registry, {})[one.name] = one.definition
        joined = Package({k: v for package in packages for k, v in package.modules.items()})
        return ImportedCode(tuple(missing), tuple(unread), registered, joined)

    def _package(self, module: str, place: Path) -> Package | None:
        top = module.partition(".")[0]
        depth = module.count(".")
        folder = place if place.is_dir() else place.parent
        # The top of the package, `depth` folders up; a single module stands for itself.
        root = folder
        for _ in range(depth if place.is_dir() else depth - 1):
            root = root.parent
        single = not place.is_dir() and depth == 0
        key = place if single else root
        if key not in self._packages:
            try:
                if single:
                    self._packages[key] = Package.of_files([(top, place)])
                elif len(list(islice(root.rglob("*.py"), _MOST_FILES + 1))) > _MOST_FILES:
                    self._packages[key] = None
                else:
                    self._packages[key] = Package.read(root, top)
            except ProjectError:
                self._packages[key] = None
        return self._packages[key]


def find_module(module: str, folder: Path) -> Path | None:
    """The file, or the folder, of a module; ``None`` if it is nowhere to be found."""
    parts = module.split(".")
    for start in _search_path(folder):
        target = start.joinpath(*parts)
        if target.with_suffix(".py").is_file():
            return target.with_suffix(".py")
        if target.is_dir() and (len(parts) > 1 or any(target.glob("*.py"))):
            return target
    for installed in _installed(parts[0]):
        target = installed.joinpath(*parts[1:])
        if target.is_dir() or (target.is_file() and len(parts) == 1):
            return target
        if len(parts) > 1 and target.with_suffix(".py").is_file():
            return target.with_suffix(".py")
    return None


def _installed(name: str) -> Iterator[Path]:
    """The folders of an installed package, or the file of an installed module.

    No module is imported: a top-level name is looked up by the finders of Python, editable
    installations included.
    """
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        return
    if spec is None:
        return
    if spec.submodule_search_locations is not None:
        yield from map(Path, spec.submodule_search_locations)
    elif spec.origin is not None:
        # "built-in" and "frozen" name no file; such a module is there all the same.
        yield Path(spec.origin if spec.has_location else importlib.__file__)


def _search_path(folder: Path) -> Iterator[Path]:
    for parent in (folder, *folder.parents, Path.cwd()):
        yield parent
        yield parent / "src"


def is_upstream_module(module: str) -> bool:
    """Whether a module belongs to a package whose classes are in the table."""
    return module.partition(".")[0] in upstream().versions
