"""A large package of which only those modules are read that a question leads to."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from mmscaffold.project.code import ClassDefinition, Module, Package, parse
from mmscaffold.project.errors import ProjectError


class LazyPackage(Package):
    """A package whose modules are parsed when they are asked for.

    A module that cannot be read, or is not valid Python, counts as an empty one.

    Args:
        files: The modules by dotted name, as ``named_modules`` finds them.
    """

    def __init__(self, files: Mapping[str, Path]) -> None:
        super().__init__(_Modules(files))

    @cached_property
    def classes(self) -> Mapping[str, ClassDefinition]:
        """Every class by the dotted name of its definition."""
        return _Classes(self.modules)


class _Modules(Mapping[str, Module]):
    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files
        self._read: dict[str, Module] = {}

    def __getitem__(self, name: str) -> Module:
        if name not in self._read:
            path = self._files[name]
            try:
                tree = parse(path)
            except ProjectError:
                tree = ast.Module([], [])
            self._read[name] = Module(name, path, tree)
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


class _Classes(Mapping[str, ClassDefinition]):
    def __init__(self, modules: Mapping[str, Module]) -> None:
        self._modules = modules

    def __getitem__(self, dotted: str) -> ClassDefinition:
        owner, _, name = dotted.rpartition(".")
        return self._modules[owner].classes[name]

    def __iter__(self) -> Iterator[str]:
        for module in self._modules.values():
            yield from (one.dotted for one in module.classes.values())

    def __len__(self) -> int:
        return sum(len(module.classes) for module in self._modules.values())
