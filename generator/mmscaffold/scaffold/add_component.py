"""Add one component to a project that exists: its module, its import, its test."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.config.text.source import read_source
from mmscaffold.project.code import Package, parse
from mmscaffold.project.registered import package_folder, registered_classes
from mmscaffold.project.registrations import registrations
from mmscaffold.scaffold.component import KINDS, Component, ComponentError, Kind
from mmscaffold.writing import write_files

_SKIPPED = frozenset({"tests", "test", "docs", "tools", "configs", "demo", "build", "dist"})


@dataclass(frozen=True)
class Addition:
    """What adding a component writes.

    Attributes:
        new: The files to make, by path.
        changed: The new contents of files that exist, by path; only lines are added.
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
    code = Package.read(folder, ".".join(_parts(root, folder)))
    component = _component(KINDS[kind], name, base, code)
    taken = [one for one in code.classes.values() if one.node.name == name]
    if taken:
        raise ComponentError(f"{name} already exists", where=taken[0].where)
    return _plan(root, folder, code, component)


def _component(kind: Kind, name: str, base: str, code: Package) -> Component:
    module, _, bare = base.replace(":", ".").rpartition(".")
    if not module:
        own = [one for one in code.classes.values() if one.node.name == bare]
        module = own[0].module.name if own else kind.bases.get(bare, kind.bases["*"])
    return Component(kind, name, bare, module, _registry_module(kind, code))


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


def _plan(root: Path, folder: Path, code: Package, component: Component) -> Addition:
    top = ".".join(_parts(root, folder))
    home = _home(folder, code, component.kind)
    target = home / component.file_name
    test = _tests_folder(root) / f"test_{component.file_name}"
    for path in (target, test):
        if path.exists():
            raise ComponentError("already exists; nothing was added", where=str(path))
    inner = ".".join([top, *home.relative_to(folder).parts])
    module = f"{inner}.{target.stem}"
    new = {
        target: component.code(top).encode(),
        test: component.test(module, top).encode(),
    }
    changed: dict[Path, bytes] = {}
    line = f"from .{target.stem} import {component.name}"
    init = home / "__init__.py"
    if init.is_file():
        changed[init] = with_import(init, line, component.name)
    else:
        doc = '"""Classes that are registered when this is imported."""'
        new[init] = f'{doc}\n\n{line}\n\n__all__ = ["{component.name}"]\n'.encode()
    for parent in _not_imported(folder, home, code, top):
        above = parent.parent / "__init__.py"
        below = f"from .{parent.name} import {component.name}"
        if above.is_file():
            changed[above] = with_import(above, below, component.name)
        else:
            new[above] = f"{below}\n".encode()
    return Addition(new, changed, {path: path.read_bytes() for path in changed})


def with_import(path: Path, line: str, name: str) -> bytes:
    """A module with one more import, and the name in its ``__all__``, if it has one.

    Lines are only added: a list on one line is left, and extended below.
    """
    source = read_source(path)
    tree = parse(path)
    lines = source.raw.decode("utf-8-sig").splitlines()
    last = 0
    for index, node in enumerate(tree.body):
        docstring = index == 0 and isinstance(node, ast.Expr)
        if docstring or isinstance(node, ast.Import | ast.ImportFrom):
            if isinstance(node, ast.ImportFrom) and node.level == 1 and _after(node, line):
                # The imports are in order, as far as one can see: stay so.
                last = node.lineno - 1
                break
            last = node.end_lineno or node.lineno
    first = next((n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)), None)
    gap = [""] if first is None and last else []
    additions = {last: [*gap, line]}
    exported = next((node for node in tree.body if _is_all(node)), None)
    if exported is not None:
        value = exported.value  # type: ignore[attr-defined]
        elements = value.elts
        spread = elements and elements[-1].lineno > value.lineno
        if spread and lines[elements[-1].lineno - 1].rstrip().endswith(","):
            indent = " " * elements[-1].col_offset
            additions.setdefault(elements[-1].lineno, []).append(f'{indent}"{name}",')
        else:
            end = exported.end_lineno or exported.lineno
            additions.setdefault(end, []).append(f'__all__ += ["{name}"]')
    result = []
    for number in range(len(lines) + 1):
        if number:
            result.append(lines[number - 1])
        result += additions.get(number, [])
    bom = source.raw[: source.bom_length]
    return bom + (source.newline.join(result) + source.newline).encode("utf-8")


def _after(node: ast.ImportFrom, line: str) -> bool:
    """Whether an import of a neighbour belongs behind a new one."""
    return bool(node.module) and f"from .{node.module} " > line


def _is_all(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "__all__"
        and isinstance(node.value, ast.List)
    )


def _home(folder: Path, code: Package, kind: Kind) -> Path:
    """The folder where such classes lie already, or where they should."""
    for registered in registered_classes(code):
        if registered.registry == kind.registry:
            return registered.definition.module.path.parent
    return folder / kind.folder


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
        if ".".join([top, *current.relative_to(folder).parts]) not in reached:
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
    from mmscaffold.project import ProjectError, load_project

    try:
        return load_project(root).class_map.package
    except ProjectError:
        return None
