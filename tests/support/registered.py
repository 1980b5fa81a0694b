"""Modules that register classes with mmengine, for as long as a test needs them.

Many of them have classes of one name, and several tests of one process may want the same
module: so no registration may outlive its test, nor be made twice.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import mmengine.registry
from mmengine.registry import Registry

_Entries = dict[tuple[Registry, str], Any]
_known: dict[Path, tuple[ModuleType, _Entries]] = {}


@contextmanager
def loaded(path: Path) -> Iterator[ModuleType]:
    """Import a module of its own name; within the block, its classes are registered.

    A class of another module that has the same name is back in its place afterwards.
    """
    before = _entries()
    if path not in _known:
        module = _imported(path)
        new = {key: one for key, one in _entries().items() if one.__module__ == path.stem}
        _known[path] = (module, new)
    module, new = _known[path]
    for (registry, name), one in new.items():
        registry.module_dict[name] = one
    try:
        yield module
    finally:
        for registry, name in new:
            if (registry, name) in before:
                registry.module_dict[name] = before[registry, name]
            else:
                registry.module_dict.pop(name, None)


def _imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    register = Registry._register_module

    def forced(self: Registry, module: Any, module_name: Any = None, force: bool = False) -> None:
        register(self, module, module_name, force=True)

    with mock.patch.object(Registry, "_register_module", forced):
        spec.loader.exec_module(module)
    return module


def _entries() -> _Entries:
    registries = [one for one in vars(mmengine.registry).values() if isinstance(one, Registry)]
    return {(one, name): cls for one in registries for name, cls in one.module_dict.items()}
