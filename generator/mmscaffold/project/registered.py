"""Find the classes that a package registers, and the upstream class each stands in for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from mmscaffold.facts.base_classes import RUNNER_NAME, is_abstract
from mmscaffold.facts.packages import TABLED_PACKAGES
from mmscaffold.project.class_map import ClassMap
from mmscaffold.project.code import ClassDefinition, Package
from mmscaffold.project.errors import ProjectError
from mmscaffold.project.registrations import registrations

_REGISTRIES = frozenset({"RUNNERS", "LOOPS", "MODELS", "HOOKS"})


@dataclass(frozen=True)
class RegisteredClass:
    """A class that a package registers.

    Attributes:
        name: The name that configs use.
        registry: The registry: ``LOOPS``, ``MODELS``...
        definition: The class.
    """

    name: str
    registry: str
    definition: ClassDefinition


def registered_classes(package: Package) -> Iterator[RegisteredClass]:
    """Every class that a package registers, once for each name that can be determined."""
    for one in registrations(package):
        if one.definition is not None:
            for name in one.names:
                yield RegisteredClass(name, one.kind, one.definition)


def scanned_class_map(folder: Path, decided: ClassMap) -> ClassMap:
    """The class map that a package's own registrations make.

    Args:
        folder: The folder of the package.
        decided: The package's name, and the classes that are settled already.

    Raises:
        ProjectError: If two classes stand in for the same upstream class, or a file of the
            package is not valid Python.
    """
    return _class_map(Package.read(folder, decided.package), decided)


def with_modules(folder: Path, class_map: ClassMap) -> ClassMap:
    """A class map that knows where its classes are defined, as far as the code shows.

    Args:
        folder: The folder of the package.
        class_map: The map.
    """
    try:
        code = Package.read(folder, class_map.package)
    except ProjectError:
        # Only pure-Python configs need to know.
        return class_map
    return replace(class_map, modules=_modules(code), own_names=_own_names(code))


def _modules(code: Package) -> dict[str, str]:
    return {one.name: one.definition.module.name for one in registered_classes(code)}


def _own_names(code: Package) -> dict[str, str]:
    found = {one.name: one.definition.node.name for one in registered_classes(code)}
    return {name: own for name, own in found.items() if own != name}


def _class_map(code: Package, decided: ClassMap) -> ClassMap:
    candidates: dict[str, list[RegisteredClass]] = {}
    for registered in registered_classes(code):
        if registered.registry not in _REGISTRIES:
            continue
        upstream = _upstream(code, registered.definition)
        found = candidates.setdefault(upstream, []) if upstream is not None else []
        # Of the names of one class, the first serves.
        known = {id(one.definition.node) for one in found}
        if upstream != registered.name and id(registered.definition.node) not in known:
            found.append(registered)
    candidates = {upstream: found for upstream, found in candidates.items() if found}
    for upstream, found in candidates.items():
        settled = decided.runner if upstream == RUNNER_NAME else decided.classes.get(upstream)
        if len({one.name for one in found}) > 1 and settled is None:
            raise _ambiguous(upstream, found)
    names = {upstream: found[0].name for upstream, found in sorted(candidates.items())}
    found_runner = names.pop(RUNNER_NAME, None)
    return ClassMap(
        decided.package,
        decided.runner or found_runner,
        {**names, **decided.classes},
        _modules(code),
        _own_names(code),
    )


def _upstream(package: Package, definition: ClassDefinition) -> str | None:
    """The OpenMMLab class that a class derives from, through classes of the project."""
    for base in package.ancestors(definition):
        top, name = base.partition(".")[0], base.rpartition(".")[2]
        # A base of torch is nothing that a config names, either.
        if base not in package.classes and top in TABLED_PACKAGES and not is_abstract(name):
            return name
    return None


def _ambiguous(upstream: str, found: list[RegisteredClass]) -> ProjectError:
    places = " and ".join(f"{one.name} ({one.definition.where})" for one in found)
    setting = (
        f'runner = "{found[0].name}" below [tool.mmscaffold]'
        if upstream == RUNNER_NAME
        else f'{upstream} = "{found[0].name}" below [tool.mmscaffold.classes]'
    )
    return ProjectError(
        f"more than one class could replace {upstream}: {places}",
        hint=f"Choose one in pyproject.toml: {setting}; or with --map {upstream}={found[0].name}.",
    )


def package_folder(root: Path, package: str) -> Path | None:
    """The folder of a project's package, beside ``pyproject.toml`` or below ``src``."""
    for parent in (root, root / "src"):
        folder = parent.joinpath(*package.split("."))
        if folder.is_dir():
            return folder
    return None
