"""The code around what is checked: what its classes derive from, where it lies in the tree.

A fork that carries its own ``mmdet/`` or ``mmengine/`` is what Python imports there: its files
are read, and what the table knows about those packages does not count for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from mmscaffold.check.import_names import installed_folder, is_fork
from mmscaffold.config.text.disk import is_file, is_folder
from mmscaffold.facts.packages import TABLED_PACKAGES
from mmscaffold.project.code import Package


def missing_modules(package: Package, tried: set[tuple[Path, str]]) -> set[Path]:
    """The files that define, or hand on, bases of the classes of a package, not read so far.

    Args:
        package: The code.
        tried: What was looked for already; what is looked for now is added.
    """
    read = {module.path for module in package.modules.values()}
    found: set[Path] = set()
    for definition in list(package.classes.values()):
        for dotted in package.bases(definition):
            if dotted in package.classes:
                continue
            folder = definition.module.path.parent
            for name in (dotted, *_handed_on(package, dotted)):
                if (folder, name) in tried:
                    continue
                tried.add((folder, name))
                file = file_in_tree(name, folder)
                if file is not None and file not in read:
                    found.add(file)
                    break
    return found


def _handed_on(package: Package, dotted: str) -> Iterator[str]:
    """Where a name may come from that a module which was read imports by a star."""
    owner, _, name = dotted.rpartition(".")
    module = package.modules.get(owner)
    for star in module.stars if module is not None else ():
        yield f"{star}.{name}"
        if star in package.modules:
            yield from (f"{inner}.{name}" for inner in package.modules[star].stars)


def forks(files: Iterable[Path]) -> frozenset[str]:
    """The packages of OpenMMLab that lie above some files, and so are what these import."""
    folders = {file.parent for file in files}
    above = {
        root
        for folder in folders
        for start in (folder, *folder.parents)
        for root in (start, start / "src")
    }
    return frozenset(
        name
        for root in above
        if installed_folder(root) is None
        for name in TABLED_PACKAGES
        if is_fork(root / name)
    )


def file_in_tree(dotted: str, folder: Path) -> Path | None:
    """The file of the module, or of the module with the class, that a dotted name means.

    It is looked for in the folders above, and in their ``src``; installed packages are none of
    the tree.

    Args:
        dotted: The name.
        folder: The folder of the file that imports it.
    """
    parts = dotted.split(".")
    for start in (folder, *folder.parents):
        for root in (start, start / "src"):
            if not _may_hold(root, parts[0]):
                continue
            for length in range(len(parts), 0, -1):
                target = root.joinpath(*parts[:length])
                for file in (target.with_suffix(".py"), target / "__init__.py"):
                    if is_file(file):
                        return file
    return None


def _may_hold(root: Path, top: str) -> bool:
    is_there = is_folder(root / top) or is_file(root / f"{top}.py")
    return is_there and installed_folder(root) is None
