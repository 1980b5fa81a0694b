"""The modules that ``custom_imports`` name, found and read without importing them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from mmscaffold.check.import_names import installed_folder, is_fork
from mmscaffold.check.known_data import KnownData
from mmscaffold.check.shared_parts import SharedParts
from mmscaffold.config.kind import python_file
from mmscaffold.config.text.disk import is_file, is_folder
from mmscaffold.facts.classes import upstream
from mmscaffold.facts.packages import PACKAGES, TABLED_PACKAGES
from mmscaffold.facts.runner import RUNNER_KEYS
from mmscaffold.lazy import lazy_pattern
from mmscaffold.project.code import ClassDefinition, Package
from mmscaffold.project.errors import ProjectError
from mmscaffold.project.family import Family
from mmscaffold.project.packages_here import installed_places

if TYPE_CHECKING:
    from mmscaffold.check.imported_code import ImportedCode, LargeFork

_MOST_FILES = 400
_MOST_FILES_OF_FORK = 2000
_MOST_LOOKED_AT = 20
_KEYS = lazy_pattern(
    rb"^(?:" + "|".join(sorted({"_base_", *RUNNER_KEYS})).encode() + rb")[ \t]*=", re.MULTILINE
)


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
        self._around: dict[Path, frozenset[str]] = {}
        self._in_tree: dict[tuple[str, Path], Path | None] = {}
        self._forks_above: dict[Path, tuple[LargeFork, ...]] = {}

    def family(self, folder: Path) -> Family:
        """The classes of the packages of the family, as the configs of a folder see them."""
        if folder not in self._in_folder:
            self._in_folder[folder] = self._family(folder)
        return self._in_folder[folder]

    def _family(self, folder: Path) -> Family:
        places = {
            name: place
            for name in sorted(self._packages_around(folder))
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
        # Few configs import code of their own.
        from mmscaffold.check.imported_code import ImportedCode

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
            from mmscaffold.project.registered import registered_classes

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
        for package in sorted(TABLED_PACKAGES & self._packages_around(folder)):
            place = self._tree_package(package, folder)
            if place is not None:
                if place not in self._forks:
                    from mmscaffold.check.imported_code import LargeFork

                    table = partial(self.family(folder).table_here, package)
                    self._forks[place] = LargeFork(place, package, table)
                yield self._forks[place]

    def _packages_around(self, folder: Path) -> frozenset[str]:
        """The packages of the family that have a namesake where the configs of a folder look."""
        if folder not in self._around:
            above = folder.parent
            if above == folder:
                around = frozenset().union(*map(self._packages_in, _search_path(folder)))
            else:
                # Folders of a tree have most of their search paths in common.
                around = self._packages_around(above)
                around |= self._packages_in(folder) | self._packages_in(folder / "src")
            self._around[folder] = around
        return self._around[folder]

    def _tree_package(self, name: str, folder: Path) -> Path | None:
        """The folder of a package of OpenMMLab in the tree itself: a fork, or its home."""
        key = (name, folder)
        # Each answer looks into many folders.
        if key not in self._in_tree:
            self._in_tree[key] = next(
                (
                    start / name
                    for start in self._search_path(folder)
                    if name in self._packages_in(start)
                    and self._is_fork(start / name)
                    and installed_folder(start) is None
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
