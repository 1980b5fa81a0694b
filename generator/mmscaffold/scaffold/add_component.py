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
from mmscaffold.facts.packages import PACKAGES, ROOT_SCOPE
from mmscaffold.project.code import Package
from mmscaffold.project.packages_here import family_of
from mmscaffold.project.registrations import registrations
from mmscaffold.scaffold.ancestry import Ancestry
from mmscaffold.scaffold.base_class import USUAL_SCOPE, BaseClass, BaseFinder, scopes_of
from mmscaffold.scaffold.component import Component
from mmscaffold.scaffold.errors import ComponentError
from mmscaffold.scaffold.exports import Export, new_package, with_export
from mmscaffold.scaffold.kinds import KINDS, Kind
from mmscaffold.scaffold.likeness import home_of
from mmscaffold.scaffold.loop_family import loop_family
from mmscaffold.scaffold.manner import manner_of
from mmscaffold.scaffold.requirements import guards, required_packages, with_those_it_brings
from mmscaffold.scaffold.whereabouts import dotted_name, folder_of_package, tests_folder
from mmscaffold.writing import write_files

# The detectors of mmdet come through `extract_feat` in every mode; their base only declares it.
_DETECTOR = "mmdet.models.detectors.base.BaseDetector"
# What mmengine itself has next to nothing in.
_OF_A_PACKAGE = frozenset({"DATASETS", "METRICS", "MODELS", "TRANSFORMS"})


@dataclass(frozen=True)
class Addition:
    """What adding a component writes.

    Attributes:
        component: The component.
        package: The dotted name of the project's package.
        test: The test of the component.
        new: The files to make, by path.
        changed: The new contents of files that exist, by path; nothing is taken out of them.
        before: What those hold now.
    """

    component: Component
    package: str
    test: Path
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
    root: Path, kind: str, name: str, base: str | None = None, package: str | None = None
) -> Addition:
    """Plan a new component; nothing is written.

    Args:
        root: The folder of the project.
        kind: A key of ``KINDS``.
        name: The name of the new class.
        base: What it derives from: a name as in configs, or ``package.module:Class``; by default
            what such classes of the project's scope usually derive from.
        package: The project's package; found automatically if there is only one.

    Raises:
        ComponentError: If the name is taken or not a valid class name, the package is not
            found, or the base is not, or is of another kind.
        ProjectError: If a module of the package is not valid Python.
    """
    if not re.fullmatch(r"[A-Z][A-Za-z0-9_]*", name):
        raise ComponentError(
            f"{name!r} is not a valid class name", hint="Write it in CamelCase, like WarmLoop."
        )
    folder = folder_of_package(root, package)
    top = dotted_name(root, folder)
    code = Package.read(folder, top)
    taken = [one for one in code.classes.values() if one.node.name == name]
    if taken:
        raise ComponentError(f"{name} already exists", where=taken[0].where)
    ancestry = Ancestry(code, family_of(root))
    component = _component(root, KINDS[kind], name, base, ancestry)
    return _plan(root, folder, top, ancestry, component)


def _component(
    root: Path, kind: Kind, name: str, base: str | None, ancestry: Ancestry
) -> Component:
    code = ancestry.code
    own_registry = _registry_module(kind, code)
    scopes = scopes_of(code, _home_scope(code))
    wanted = base or kind.default_base(scopes[0])
    found = BaseFinder(root, ancestry, scopes).find(kind, wanted)
    if found.name == name:
        raise ComponentError(
            f"{name} is the name of its base", hint="Two classes of one name replace each other."
        )
    lineage = list(ancestry.of(found.dotted))
    return Component(
        kind,
        name,
        found,
        own_registry or _registry_of_base(kind, found, ancestry),
        loop_family(ancestry, found.dotted) if kind.name == "loop" else None,
        is_detector=_DETECTOR in lineage[1:] and kind.name == "model",
        upstream=next(filter(_is_of_a_package, lineage), scopes[0]),
    )


def _is_of_a_package(dotted: str) -> bool:
    """Whether a class is of a package that has models: not of mmengine, mmcv or the project."""
    row = PACKAGES.get(dotted.partition(".")[0])
    return row is not None and row.scope != ROOT_SCOPE


def _home_scope(code: Package) -> str:
    """The scope of a project whose code uses no package but mmengine and mmcv.

    One that has models or data of its own does without; another one takes them from elsewhere.
    """
    own = {one.kind for one in registrations(code)}
    own |= {name for module in code.modules.values() for name in module.names}
    return ROOT_SCOPE if own & _OF_A_PACKAGE else USUAL_SCOPE


def _registry_module(kind: Kind, code: Package) -> str | None:
    """Where the project's other classes of this kind take their registry from."""
    found = Counter(
        one.registry.rpartition(".")[0] for one in registrations(code) if one.kind == kind.registry
    )
    if not found:
        # None is registered yet, but a module may import the registry already.
        imported = [module.names.get(kind.registry) for module in code.modules.values()]
        found.update(one.rpartition(".")[0] for one in imported if one is not None)
    return found.most_common(1)[0][0] if found else None


def _registry_of_base(kind: Kind, base: BaseClass, ancestry: Ancestry) -> str:
    """The registry of the base's package, or mmengine's: what is in that, every scope finds."""
    top = base.dotted.partition(".")[0]
    tables = ancestry.family.tables(top) if top in PACKAGES else ()
    has_it = any(kind.registry in one.registries for one in tables)
    return f"{top if has_it else ROOT_SCOPE}.registry"


def _plan(
    root: Path, folder: Path, top: str, ancestry: Ancestry, component: Component
) -> Addition:
    code, kind = ancestry.code, component.kind
    home = home_of(folder, ancestry, kind, component.base.dotted)
    target = home / component.file_name
    tests = tests_folder(root)
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
            new[init] = manner.with_header(new_package(export, doc)).encode()
    before = {path: path.read_bytes() for path in changed}
    return Addition(component, top, test, new, changed, before)


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
    for module in (component.base.module, component.registry_module):
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
