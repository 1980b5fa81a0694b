"""From where a class of another package is imported: the shortest package that exports it."""

from __future__ import annotations

import ast
from pathlib import Path

from mmscaffold.facts.classes import upstream
from mmscaffold.project.code import Module, named_modules
from mmscaffold.project.lazy_package import LazyPackage
from mmscaffold.project.packages_here import package_here


def import_path(root: Path, dotted: str) -> str:
    """The module from which a class is imported.

    That is the outermost package below the top that exports it, as the package shows that the
    project sees; where it sees none, as the releases of mmengine and mmdet show that the tool
    knows; else the module that defines the class.

    Args:
        root: The folder of the project.
        dotted: The class, by the name of its definition.
    """
    module, _, name = dotted.rpartition(".")
    top, *inner = module.split(".")
    outer = [".".join([top, *inner[:end]]) for end in range(1, len(inner))]
    folder = package_here(root, top)
    if folder is None:
        known = upstream()
        exported = (one for one in outer if known.canonical(f"{one}.{name}") == dotted)
        return next(exported, module)
    package = LazyPackage(named_modules(folder, top))
    return next((one for one in outer if _exports(package, one, name, dotted)), module)


def _exports(package: LazyPackage, module: str, name: str, dotted: str) -> bool:
    """Whether a module of a package has a class, as importing it would show."""
    if module not in package.modules:
        return False
    here = package.modules[module]
    if name in here.classes:
        return f"{module}.{name}" == dotted
    if name in here.names:
        return package.canonical(here.names[name]) == dotted
    return any(
        star in package.modules
        and _brings(package.modules[star], name)
        and _exports(package, star, name, dotted)
        for star in here.stars
        if star != module
    )


def _brings(module: Module, name: str) -> bool:
    """Whether ``from module import *`` brings a name, if the module has it."""
    listed = _listed(module)
    return not name.startswith("_") if listed is None else name in listed


def _listed(module: Module) -> set[str] | None:
    """What ``__all__`` of a module lists; ``None`` without one, or where it is computed."""
    found: set[str] | None = None
    for node in module.tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AugAssign):
            targets = [node.target]
        if any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets):
            value = getattr(node, "value", None)
            if not isinstance(value, ast.List | ast.Tuple):
                return None
            texts = (one.value for one in value.elts if isinstance(one, ast.Constant))
            found = (found or set()) | {one for one in texts if isinstance(one, str)}
    return found
