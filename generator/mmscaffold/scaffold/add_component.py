"""Add one component to a project that exists: its module, its import, its test."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.source import read_source
from mmscaffold.project import ProjectError, load_project
from mmscaffold.project.code import Package
from mmscaffold.project.registered import package_folder
from mmscaffold.project.registrations import registrations
from mmscaffold.project.table import find_table
from mmscaffold.scaffold.component import KINDS, Component, ComponentError, Kind
from mmscaffold.scaffold.exports import Export, new_package, with_export
from mmscaffold.scaffold.likeness import home_of
from mmscaffold.scaffold.loop_family import loop_family
from mmscaffold.scaffold.manner import manner_of
from mmscaffold.scaffold.requirements import guards, required_packages, with_those_it_brings
from mmscaffold.writing import write_files

_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
_SKIPPED = frozenset({"tests", "test", "docs", "tools", "configs", "demo", "build", "dist"})


@dataclass(frozen=True)
class Addition:
    """What adding a component writes.

    Attributes:
        new: The files to make, by path.
        changed: The new contents of files that exist, by path; nothing is taken out of them.
        before: What those hold now.
    """

    new: dict[Path, bytes]
    changed: dict[Path, bytes]
    before: dict[Path, bytes]

    def write(self, *, command: str = "") -> list[Path]:
        """Write everything, or nothing.

        Args:
            command: What to call the run in ``migrate --history``.

        Raises:
            WriteError: If a file cannot be written; all is as it was.
        """
        return write_files({**self.new, **self.changed}, self.before, command=command)


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


def plan_addition(
    root: Path, kind: str, name: str, base: str, package: str | None = None
) -> Addition:
    """Plan a new component; nothing is written.

    Args:
        root: The folder of the project.
        kind: A key of ``KINDS``.
        name: The name of the new class.
        base: What it derives from: a bare name, or ``package.module:Class``.
        package: The project's package; found automatically if there is only one.

    Raises:
        ComponentError: If the name is taken or not a valid class name, or the package is not
            found.
        ProjectError: If a module of the package is not valid Python.
    """
    if not re.fullmatch(r"[A-Z][A-Za-z0-9_]*", name):
        raise ComponentError(
            f"{name!r} is not a valid class name", hint="Write it in CamelCase, like WarmLoop."
        )
    folder = _package_folder(root, package)
    top = ".".join(_parts(root, folder))
    code = Package.read(folder, top)
    component = _component(KINDS[kind], name, base, code)
    taken = [one for one in code.classes.values() if one.node.name == name]
    if taken:
        raise ComponentError(f"{name} already exists", where=taken[0].where)
    return _plan(root, folder, top, code, component)


def _component(kind: Kind, name: str, base: str, code: Package) -> Component:
    module, _, bare = base.replace(":", ".").rpartition(".")
    if not module:
        own = [one for one in code.classes.values() if one.node.name == bare]
        module = own[0].module.name if own else kind.bases.get(bare, kind.bases["*"])
    family = loop_family(code, f"{module}.{bare}") if kind.name == "loop" else None
    return Component(kind, name, bare, module, _registry_module(kind, code), family)


def _registry_module(kind: Kind, code: Package) -> str:
    """Where the project's other classes of this kind take their registry from."""
    found = Counter(
        one.registry.rpartition(".")[0] for one in registrations(code) if one.kind == kind.registry
    )
    if not found:
        # None is registered yet, but a module may import the registry already.
        imported = [module.names.get(kind.registry) for module in code.modules.values()]
        found.update(one.rpartition(".")[0] for one in imported if one is not None)
    return found.most_common(1)[0][0] if found else f"{kind.scope}.registry"


def _plan(root: Path, folder: Path, top: str, code: Package, component: Component) -> Addition:
    base = f"{component.base_module}.{component.base}"
    kind = component.kind
    home = home_of(folder, code, kind.registry, base, kind.folder)
    target = home / component.file_name
    tests = _tests_folder(root)
    test = tests / f"test_{component.file_name}"
    for path in (target, test):
        if path.exists():
            raise ComponentError("already exists; nothing was added", where=str(path))
    module = f"{_dotted(top, folder, home)}.{target.stem}"
    manner = manner_of(_texts(one.path for one in code.modules.values()))
    tested = manner_of(_texts(sorted(tests.rglob("*.py"))), otherwise=manner)
    new = {
        target: manner.apply(component.code(top)).encode(),
        test: tested.apply(component.test(module, top)).encode(),
    }
    changed: dict[Path, bytes] = {}
    needed = _needed(code, component)
    missing = _not_imported(folder, home, code, top)
    for place, below in ((home, target.stem), *((one.parent, one.name) for one in missing)):
        init = place / "__init__.py"
        there = required_packages(code, _dotted(top, folder, place))
        export = Export(f".{below}", component.name, (), manner.quote)
        if init.is_file():
            # What could be imported without the packages that the class needs still can be.
            export = replace(export, guards=guards(needed - there))
            changed[init] = with_export(init, export)
        else:
            doc = '"""Classes that are registered when this is imported."""\n\n'
            new[init] = (manner.header + new_package(export, doc)).encode()
    return Addition(new, changed, {path: path.read_bytes() for path in changed})


def _texts(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        with contextlib.suppress(ConfigError):
            yield read_source(path).text


def _dotted(top: str, folder: Path, inner: Path) -> str:
    """The name of a folder of the package."""
    return ".".join([top, *inner.relative_to(folder).parts])


def _needed(code: Package, component: Component) -> frozenset[str]:
    """The packages without which a component cannot be imported."""
    found: set[str] = set()
    for module in (component.base_module, component.registry_module):
        if module in code.modules:
            found |= required_packages(code, module)
        else:
            found |= with_those_it_brings(module.partition(".")[0])
    return frozenset(found)


def _not_imported(folder: Path, home: Path, code: Package, top: str) -> list[Path]:
    """The folders down to a component that the package does not import yet."""
    reached = {top}
    queue = [top]
    while queue:
        module = code.modules.get(queue.pop())
        if module is None:
            continue
        targets = [*module.names.values(), *module.stars]
        for dotted in targets:
            # `from .engine.loops import X` runs engine/__init__.py on its way.
            parts = dotted.split(".")
            for end in range(1, len(parts) + 1):
                name = ".".join(parts[:end])
                if name in code.modules and name not in reached:
                    reached.add(name)
                    queue.append(name)
    missing = []
    current = home
    while current != folder:
        if _dotted(top, folder, current) not in reached:
            missing.append(current)
        current = current.parent
    return missing


def _tests_folder(root: Path) -> Path:
    found = next((root / name for name in ("tests", "test") if (root / name).is_dir()), None)
    return found or root / "tests"


def _parts(root: Path, folder: Path) -> tuple[str, ...]:
    inner = folder.relative_to(root).parts
    return inner[1:] if inner[0] == "src" else inner


def _package_folder(root: Path, package: str | None) -> Path:
    if package is None:
        package = _named_in_table(root)
    if package is not None:
        folder = package_folder(root, package)
        if folder is None:
            raise ComponentError(f"there is no package {package}", where=str(root))
        return folder
    found = [
        init.parent
        for parent in (root, root / "src")
        for init in sorted(parent.glob("*/__init__.py"))
        if init.parent.name not in _SKIPPED
    ]
    if len(found) != 1:
        names = ", ".join(folder.name for folder in found) or "none"
        raise ComponentError(
            f"it is unclear which package to use: found {names}",
            where=str(root),
            hint="Name it with --package.",
        )
    return found[0]


def _named_in_table(root: Path) -> str | None:
    try:
        return load_project(root).class_map.package
    except ProjectError:
        return None
