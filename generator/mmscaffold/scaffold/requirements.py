"""Which packages must be installed for a module of a project to be imported."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from mmscaffold.facts.packages import is_openmmlab
from mmscaffold.project.code import Module, Package

# Whatever is built on mmengine has these.
_ALWAYS = frozenset({"mmengine", "torch", "numpy"})
# Who has any package of the family has this one.
_BROUGHT = "mmcv"


def required_packages(code: Package, module: str) -> frozenset[str]:
    """The packages without which importing a module fails, those of mmengine aside.

    Counted is what runs whenever the module is imported: not what stands in a function, nor
    below an ``if`` or ``try``, which is how projects guard what may be missing.

    Args:
        code: The project's package.
        module: The module, by its dotted name.
    """
    own = {name.partition(".")[0] for name in code.modules}
    found: set[str] = set()
    seen: set[str] = set()
    queue = [module]
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        known = code.modules.get(name)
        for dotted in _imported(known) if known else ():
            top = dotted.partition(".")[0]
            if top in own:
                parts = dotted.split(".")
                # From the module itself on: what lies above it has been imported already.
                inner = (".".join(parts[:end]) for end in range(2, len(parts) + 1))
                queue += [one for one in inner if one in code.modules]
            else:
                found |= with_those_it_brings(top)
    return frozenset(found)


def with_those_it_brings(package: str) -> set[str]:
    """A package that may be missing, and those that are there where it is."""
    if package in _ALWAYS or package in sys.stdlib_module_names:
        return set()
    return {package, _BROUGHT} if is_openmmlab(package) else {package}


def guards(missing: frozenset[str]) -> list[str]:
    """Of packages that may be missing, those to ask for: the others come with them."""
    bringing = any(is_openmmlab(one) and one != _BROUGHT for one in missing)
    return sorted(missing - {_BROUGHT} if bringing else missing)


def _imported(module: Module) -> Iterator[str]:
    for node in module.tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            source = Module(module.name, module.path, ast.Module([node], []))
            yield from source.stars
            yield from source.names.values()
