"""The modules that ``custom_imports`` name, found and read without importing them."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path

from mmscaffold.check.import_names import installed_folder, is_fork
from mmscaffold.check.known_data import KnownData
from mmscaffold.check.mentions import PackageText
from mmscaffold.check.shared_parts import SharedParts
from mmscaffold.config.kind import python_file
from mmscaffold.config.text.disk import is_file, is_folder
from mmscaffold.facts.classes import upstream
from mmscaffold.facts.classes.constructor import Constructor
from mmscaffold.facts.packages import PACKAGES, TABLED_PACKAGES
from mmscaffold.facts.runner import RUNNER_KEYS
from mmscaffold.project.code import ClassDefinition, Package, named_modules, nodes_of
from mmscaffold.project.constructor import constructor_of
from mmscaffold.project.errors import ProjectError
from mmscaffold.project.family import Family
from mmscaffold.project.lazy_package import LazyPackage
from mmscaffold.project.packages_here import installed_places
from mmscaffold.project.registered import registered_classes
from mmscaffold.project.registrations import (
    register_module_of,
    registrations,
    registrations_in,
)

_MOST_FILES = 400
_MOST_FILES_OF_FORK = 2000
_MOST_LOOKED_AT = 20
_KEYS = re.compile(
    rb"^(?:" + "|".join(sorted({"_base_", *RUNNER_KEYS})).encode() + rb")[ \t]*=", re.MULTILINE
)


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
    _constructors: dict[str, Constructor | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def knows(self, name: str) -> bool:
        """Whether anything registers a name."""
        return any(name in names for names in self.registered.values())

    def registries_of(self, name: str) -> frozenset[str]:
        """The registries in which a name is registered."""
        return frozenset(key for key, names in self.registered.items() if name in names)

    def lineage(self, registry: str, name: str) -> Iterator[ClassDefinition | str]:
        """A registered class and its bases, nearest first; those outside by their names."""
        found = self.registered.get(registry, {}).get(name)
        if found is not None:
            yield found
            for dotted in self.package.ancestors(found):
                yield self.package.classes.get(dotted, dotted)

    def may_have(self, registry: str, name: str) -> bool:
        """Whether a name is in a registry, or may be, as far as the code shows."""
        return registry in self.registries_of(name) or self.may_register_otherwise(name)

    def may_register_otherwise(self, name: str) -> bool:
        """Whether the code may register a class in a way that reading it does not show.

        By a call within a function or a loop, under a name that is made at run time, or by a
        decorator of the class that is not ``register_module`` itself.
        """
        plain = {id(one.mark) for one in registrations(self.package) if not one.is_open}
        for module in self.package.modules.values():
            for node in nodes_of(module.tree):
                hidden = isinstance(node, ast.Attribute) and node.attr == "register_module"
                if hidden and id(node) not in plain:
                    return True
                marks = node.decorator_list if isinstance(node, ast.ClassDef) else []
                is_it = isinstance(node, ast.ClassDef) and node.name == name
                if is_it and any(register_module_of(mark) is None for mark in marks):
                    return True
        return False

    def upstream(self, name: str, overrides: tuple[str, ...] = ()) -> str | None:
        """The class of mmengine or mmdet from which a class of this code derives, nearest first.

        Args:
            name: The registered name, or the dotted path, of the class.
            overrides: Methods by which a class becomes something else: ``None`` for one that
                defines any of them itself.
        """
        dotted = self.package.canonical(name)
        found = next((one[name] for one in self.registered.values() if name in one), None)
        definition = found or self.package.classes.get(dotted)
        if definition is None:
            return None
        for one in (definition.dotted, *self.package.ancestors(definition)):
            own = self.package.classes.get(one)
            if own is None:
                known = upstream().canonical(one)
                return known if upstream().knows(known) else None
            if any(getattr(node, "name", None) in overrides for node in own.node.body):
                return None
        return None

    def constructor(self, name: str, family: Family) -> Constructor | None:
        """What a registered class can be built with, if that can be told.

        Args:
            name: The name in the registry.
            family: The classes from which it may derive.
        """
        if name not in self._constructors:
            found = next((one[name] for one in self.registered.values() if name in one), None)
            self._constructors[name] = (
                constructor_of(self.package, found, family.constructor_of) if found else None
            )
        return self._constructors[name]


class KnownCode:
    """Reads the packages of projects, each once.

    Args:
        data: What is known of the data that lie beside the configs.
    """

    def __init__(self, data: KnownData | None = None) -> None:
        self.data = data or KnownData()
        self._packages: dict[Path, Package | None] = {}
        self._imported: dict[tuple[Path, tuple[str, ...]], ImportedCode] = {}
        self._forks: dict[Path, LargeFork] = {}
        self.parts = SharedParts()
        """What configs that see the same code share of their parts."""
        self._families: dict[tuple[tuple[str, Path], ...], Family] = {}
        self._in_folder: dict[Path, Family] = {}
        self._packages_in = cache(_packages_in)
        self._is_fork = cache(is_fork)
        self._search_path = cache(_search_path)
        self._in_tree: dict[tuple[str, Path], Path | None] = {}
        self._forks_above: dict[Path, tuple[LargeFork, ...]] = {}

    def family(self, folder: Path) -> Family:
        """The classes of the packages of the family, as the configs of a folder see them."""
        if folder not in self._in_folder:
            self._in_folder[folder] = self._family(folder)
        return self._in_folder[folder]

    def _family(self, folder: Path) -> Family:
        around = frozenset().union(*map(self._packages_in, self._search_path(folder)))
        places = {
            name: place
            for name in sorted(around)
            if (place := self._tree_package(name, folder)) is not None
        }
        key = tuple(places.items())
        if key not in self._families:

            def locate(name: str) -> Path | None:
                return places.get(name) or next(
                    (one for one in installed_places(name) if is_file(one / "__init__.py")), None
                )

            self._families[key] = Family(locate)
        return self._families[key]

    @property
    def described(self) -> dict[str, str]:
        """For each package of the family that was asked for, where its classes were read."""
        found: dict[str, str] = {}
        for family in self._families.values():
            found.update(family.described)
        return found

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
            if is_upstream_module(module) and self._tree_package(_top(module), folder) is None:
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

    def fork(self, name: str, folder: Path) -> ImportedCode | None:
        """A package of OpenMMLab that lies in the tree itself; ``None`` if it does not.

        Args:
            name: What Python imports.
            folder: The folder of the config.
        """
        place = self._tree_package(name, folder)
        return self.imported((name,), place.parent) if place is not None else None

    def large_forks(self, folder: Path) -> tuple[LargeFork, ...]:
        """The packages of OpenMMLab in the tree itself, to be asked for single classes.

        Args:
            folder: The folder of the config.
        """
        if folder not in self._forks_above:
            self._forks_above[folder] = tuple(self._find_forks(folder))
        return self._forks_above[folder]

    def _find_forks(self, folder: Path) -> Iterator[LargeFork]:
        for package in sorted(TABLED_PACKAGES):
            place = self._tree_package(package, folder)
            if place is not None:
                if place not in self._forks:
                    self._forks[place] = LargeFork(place, package)
                yield self._forks[place]

    def _tree_package(self, name: str, folder: Path) -> Path | None:
        """The folder of a package of OpenMMLab in the tree itself: a fork, or its home."""
        key = (name, folder)
        # Each answer looks into many folders.
        if key not in self._in_tree:
            self._in_tree[key] = next(
                (
                    start / name
                    for start in self._search_path(folder)
                    if self._is_fork(start / name) and installed_folder(start) is None
                ),
                None,
            )
        return self._in_tree[key]

    def _package(self, module: str, place: Path) -> Package | None:
        top = module.partition(".")[0]
        depth = module.count(".")
        folder = place if is_folder(place) else place.parent
        # The top of the package, `depth` folders up; a single module stands for itself.
        root = folder
        for _ in range(depth if is_folder(place) else depth - 1):
            root = root.parent
        single = not is_folder(place) and depth == 0
        key = place if single else root
        most = _MOST_FILES_OF_FORK if is_fork(root) else _MOST_FILES
        if key not in self._packages:
            try:
                if single:
                    self._packages[key] = Package.of_files([(top, place)])
                elif len(list(islice(root.rglob("*.py"), most + 1))) > most:
                    self._packages[key] = None
                else:
                    self._packages[key] = Package.read(root, top)
            except ProjectError:
                self._packages[key] = None
        return self._packages[key]


class LargeFork:
    """A package that is read only where it registers what a config names."""

    def __init__(self, folder: Path, name: str) -> None:
        files = named_modules(folder, name)
        self._text = PackageText(files)
        self._package = LazyPackage(files)
        self._found: dict[str, ImportedCode | None] = {}

    def registering(self, name: str) -> ImportedCode | None:
        """What registers a class by a name; ``None`` if nothing in the package does."""
        if name not in self._found:
            registered: dict[str, dict[str, ClassDefinition]] = {}
            for module in self._text.registering(name):
                for one in registrations_in(self._package, module):
                    if name in one.names and one.definition is not None:
                        registered.setdefault(one.kind, {})[name] = one.definition
            code = ImportedCode((), (), registered, self._package)
            self._found[name] = code if registered else None
        return self._found[name]


def find_module(module: str, folder: Path) -> Path | None:
    """The file, or the folder, of a module; ``None`` if it is nowhere to be found.

    A package, with an ``__init__.py``, comes before a mere folder, wherever they lie; a folder
    of configs is no package.
    """
    parts = module.split(".")
    if not all(part.isidentifier() for part in parts):
        return None
    starts = _search_path(folder)
    for start in starts:
        target = start.joinpath(*parts)
        if is_file(target / "__init__.py"):
            return target
        file = target.with_suffix(".py")
        if is_file(file) and not _sets_keys(file):
            return file
    for start in starts:
        target = start.joinpath(*parts)
        if is_folder(target) and not _holds_configs(target, start):
            # A package of which this is a mere folder may lie elsewhere.
            is_part = any(is_file(one / parts[0] / "__init__.py") for one in starts)
            if is_file(start / parts[0] / "__init__.py") or not is_part:
                return target
    for installed in installed_places(parts[0]):
        target = installed.joinpath(*parts[1:])
        if is_folder(target) or (is_file(target) and len(parts) == 1):
            return target
        if len(parts) > 1 and is_file(target.with_suffix(".py")):
            return target.with_suffix(".py")
    return None


@cache
def _is_config(file: Path) -> bool:
    return python_file(file, file.read_bytes()).is_config


@cache
def _sets_keys(file: Path) -> bool:
    """Whether a file is a config by the keys that it sets; one of constants may be a module."""
    return _is_config(file) and _KEYS.search(file.read_bytes()) is not None


@cache
def _holds_configs(folder: Path, start: Path) -> bool:
    """Whether a folder holds configs, and nothing else that could be imported."""
    if folder == start:
        return False
    seen = list(islice(folder.rglob("*.py"), _MOST_LOOKED_AT))
    return all(is_file(file) and _is_config(file) for file in seen)


def _packages_in(folder: Path) -> frozenset[str]:
    """The packages of the family of which a folder has one that is called so."""
    try:
        inside = os.listdir(folder)  # noqa: PTH208 (names are all that is needed)
    except OSError:
        # Nor does Python import from a folder that it cannot list.
        return frozenset()
    return frozenset(name for name in PACKAGES.keys() & inside if is_folder(folder / name))


def _search_path(folder: Path) -> tuple[Path, ...]:
    parents = (folder, *folder.parents, Path.cwd())
    return tuple(dict.fromkeys(one for parent in parents for one in (parent, parent / "src")))


def _top(module: str) -> str:
    return module.partition(".")[0]


def is_upstream_module(module: str) -> bool:
    """Whether a module belongs to a package whose classes are in the table."""
    return module.partition(".")[0] in upstream().versions
