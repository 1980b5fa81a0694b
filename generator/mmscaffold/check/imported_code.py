"""What importing code registers, read without importing it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from mmscaffold.check.mentions import PackageText
from mmscaffold.facts.classes import upstream
from mmscaffold.facts.classes.constructor import Constructor
from mmscaffold.facts.classes.package_table import PackageTable
from mmscaffold.project.code import ClassDefinition, Package, named_modules, nodes_of
from mmscaffold.project.constructor import constructor_of
from mmscaffold.project.family import Family
from mmscaffold.project.lazy_package import LazyPackage
from mmscaffold.project.registrations import (
    register_module_of,
    registrations,
    registrations_in,
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


class LargeFork:
    """A package that is read only where it registers what a config names.

    Args:
        folder: Of the package itself.
        name: What Python imports.
        table: What is known of the classes of this very package, if anything.
    """

    def __init__(self, folder: Path, name: str, table: Callable[[], PackageTable | None]) -> None:
        self._folder = folder
        self._name = name
        self._table = table
        self._found: dict[str, ImportedCode | None] = {}

    def registering(self, name: str) -> ImportedCode | None:
        """What registers a class by a name; ``None`` if nothing in the package does."""
        if name not in self._found:
            self._found[name] = self._registering(name)
        return self._found[name]

    def _registering(self, name: str) -> ImportedCode | None:
        table = self._table()
        if table is None:
            return self._registered(self._text.registering(name), name)
        classes = {names[name] for names in table.registered.values() if name in names}
        if not classes:
            return None
        # Most classes are registered where they are defined.
        modules = {one.rpartition(".")[0] for one in classes}
        found = self._registered([one for one in modules if one in self._files], name)
        return found or self._registered(self._text.registering(name), name)

    def _registered(self, modules: Iterable[str], name: str) -> ImportedCode | None:
        registered: dict[str, dict[str, ClassDefinition]] = {}
        for module in modules:
            for one in registrations_in(self._package, module):
                if name in one.names and one.definition is not None:
                    registered.setdefault(one.kind, {})[name] = one.definition
        return ImportedCode((), (), registered, self._package) if registered else None

    @cached_property
    def _files(self) -> dict[str, Path]:
        return named_modules(self._folder, self._name)

    @cached_property
    def _text(self) -> PackageText:
        return PackageText(self._files)

    @cached_property
    def _package(self) -> LazyPackage:
        return LazyPackage(self._files)
