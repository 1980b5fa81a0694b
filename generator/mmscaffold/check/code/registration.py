"""Who registers what where, and which modules the import of a package reaches."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from mmscaffold.check.code.classes import Code
from mmscaffold.facts.packages import TABLED_PACKAGES
from mmscaffold.project.code import Module, Package, nodes_of
from mmscaffold.project.registrations import registrations as package_registrations

_DYNAMIC = {"import_module", "__import__", "walk_packages", "iter_modules", "import_modules"}
_DYNAMIC |= {"import_modules_from_strings", "exec", "glob", "rglob"}


@dataclass(frozen=True)
class Registration:
    """One name that a registry gets when a module is imported.

    Attributes:
        name: The name.
        registry: The registry: ``mmengine.registry.LOOPS``, or where a package makes its own.
        module: The module that does it.
        node: The class or function, or the call where that is not in the same module.
        force: Whether it replaces what has the name already, or may do so.
        sure: Whether it happens on every import: it stands below no ``if`` or ``try``.
    """

    name: str
    registry: str
    module: Module
    node: ast.AST
    force: bool
    sure: bool

    @property
    def kind(self) -> str:
        """The last name of the registry, such as ``LOOPS``."""
        return self.registry.rpartition(".")[2]


def registrations(code: Code) -> Iterator[Registration]:
    """Every registration, in every module that was read, under a name that can be told."""
    for one in package_registrations(code.package):
        if one.registry:
            registry = _registry(code.package, one.registry)
            for name in one.names:
                yield Registration(name, registry, one.module, one.node, one.force, one.sure)


def registered_nodes(code: Code) -> set[int]:
    """The ids of the nodes of all that is registered, under whatever name."""
    return {id(one.node) for one in package_registrations(code.package)}


def _registry(package: Package, dotted: str) -> str:
    """One name for one registry, whatever it is imported from."""
    found = package.canonical(dotted)
    top, _, rest = found.partition(".")
    if top in TABLED_PACKAGES and top not in package.modules:
        return f"{top}.registry.{rest.rpartition('.')[2]}"
    return found


class Imports:
    """Which modules the import of others reaches.

    Args:
        package: All modules that were read.
        certain: Follow only what every import of a module does: no import within a function,
            an ``if`` or a ``try``.
    """

    def __init__(self, package: Package, *, certain: bool = False) -> None:
        self._package = package
        self._certain = certain
        self._direct: dict[str, set[str]] = {}

    def reached(self, start: set[str]) -> set[str]:
        """The modules that are imported when some are."""
        seen: set[str] = set()
        queue = [one for name in start for one in self.with_parents(name)]
        while queue:
            name = queue.pop()
            if name not in seen:
                seen.add(name)
                queue += self.direct(name)
        return seen

    def direct(self, name: str) -> set[str]:
        """The modules that a module itself imports, and their packages."""
        if name not in self._direct:
            module = self._package.modules[name]
            dotted = {*module.stars, *self._named(module)}
            self._direct[name] = {one for part in dotted for one in self.with_parents(part)}
        return self._direct[name]

    def is_dynamic(self, name: str) -> bool:
        """Whether a module imports others by names that only running it could tell."""
        return any(
            (isinstance(node, ast.Name) and node.id in _DYNAMIC)
            or (isinstance(node, ast.Attribute) and node.attr in _DYNAMIC)
            for node in nodes_of(self._package.modules[name].tree)
        )

    def _named(self, module: Module) -> Iterator[str]:
        for node in module.tree.body if self._certain else nodes_of(module.tree):
            if isinstance(node, ast.Import):
                # `import a.b.c` gives the module only the name `a`.
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                names = [alias.asname or alias.name for alias in node.names]
                yield from (module.names[name] for name in names if name in module.names)

    def with_parents(self, dotted: str) -> list[str]:
        """The modules that importing a dotted name imports: itself, and its packages."""
        parts = dotted.split(".")
        prefixes = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
        return [one for one in prefixes if one in self._package.modules]


def module_names_in_texts(package: Package) -> set[str]:
    """The modules that any text in the code names, such as ``locations`` of a registry."""
    return {
        node.value
        for module in package.modules.values()
        for node in nodes_of(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "." in node.value
        and node.value in package.modules
    }
