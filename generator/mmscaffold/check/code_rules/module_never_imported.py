"""A module registers classes, and nothing imports it.

A class gets into its registry when its module is imported (mmengine/registry/registry.py).
``custom_imports`` names modules, usually a package, whose ``__init__`` has to import the rest.
A file that it does not mention might as well not exist.

What one sees: ``KeyError: 'OwnLoop is not in the mmengine::loop registry. Please check whether
the value of OwnLoop is correct or it was registered as expected``.

How to mend it: import the module in the ``__init__`` of its package, or name it in
``custom_imports``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import Code, place
from mmscaffold.check.code.registration import (
    Imports,
    Registration,
    module_names_in_texts,
    registrations,
)
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS228"
SEVERITY = Severity.WARNING
_LOOP = (
    "from mmengine.registry import LOOPS\nfrom mmengine.runner import EpochBasedTrainLoop\n\n\n"
    "@LOOPS.register_module()\nclass {name}(EpochBasedTrainLoop):\n    pass\n"
)
_FIRST, _SECOND = _LOOP.format(name="FirstLoop"), _LOOP.format(name="SecondLoop")
VALID: list[Example] = [
    {
        "own/second.py": _SECOND,
        "own/first.py": _FIRST,
        "own/__init__.py": "from . import second\nfrom .first import FirstLoop\n",
    },
    # Imported by a module that is imported.
    {
        "own/second.py": _SECOND,
        "own/first.py": f"from own.second import SecondLoop\n{_FIRST}",
        "own/__init__.py": "from .first import FirstLoop\n",
    },
    # Nobody knows what a config names, where the package itself imports nothing.
    {"own/second.py": _SECOND, "own/first.py": _FIRST, "own/__init__.py": ""},
    # Whatever lies there.
    {
        "own/second.py": _SECOND,
        "own/first.py": _FIRST,
        "own/__init__.py": "import importlib\nfrom .first import FirstLoop\n"
        "for name in ('second',):\n    importlib.import_module(f'own.{name}')\n",
    },
]
INVALID: list[Example] = [
    {
        "own/second.py": _SECOND,
        "own/first.py": _FIRST,
        "own/__init__.py": "from .first import FirstLoop\n",
    },
]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each module that registers in vain."""
    by_module: dict[str, list[Registration]] = {}
    for one in registrations(code):
        by_module.setdefault(one.module.name, []).append(one)
    imports = Imports(code.package)
    checked = {module.name for module in code.modules}
    texts = module_names_in_texts(code.package)
    for top in sorted({name.partition(".")[0] for name in by_module}):
        inside = {name for name in code.package.modules if _is_in(name, top)}
        if top not in inside or len(inside) == 1:
            continue
        named = {name for name in code.imported if _is_in(name, top) and name != top}
        reached = imports.reached(_roots(code, top, inside, named) | texts)
        for name in sorted(inside & by_module.keys() & checked - reached):
            parent = name.rpartition(".")[0]
            if any(imports.is_dynamic(one) for one in _packages_around(name, code)):
                continue
            siblings = imports.direct(parent) & by_module.keys() if parent in inside else set()
            is_list = any(one.rpartition(".")[0] == parent for one in siblings)
            if is_list or any(_is_in(one, top) for one in code.imported):
                first = by_module[name][0]
                init = f"{parent.replace('.', '/')}/__init__.py"
                yield Diagnostic(
                    f"{name} registers {first.name}, and nothing imports this module",
                    place(first.module, first.node),
                    f"Import it in {init}, or name it in custom_imports.",
                )


def _is_in(name: str, top: str) -> bool:
    return name == top or name.startswith(f"{top}.")


def _roots(code: Code, top: str, inside: set[str], named: set[str]) -> set[str]:
    """What is imported first: what configs name, and all that is run itself.

    Where configs name nothing but the package, it is the package; where none is known, every
    package within it may be what they name.
    """
    modules = code.package.modules
    scripts = {name for name in inside if _is_script(modules[name].tree)}
    roots = {top, *named, *scripts, *(modules.keys() - inside)}
    if not any(_is_in(one, top) for one in code.imported):
        roots |= {name for name in inside if modules[name].path.name == "__init__.py"}
    return roots


def _is_script(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.If)
        and any(isinstance(one, ast.Name) and one.id == "__name__" for one in ast.walk(node.test))
        for node in tree.body
    )


def _packages_around(name: str, code: Code) -> list[str]:
    parts = name.split(".")
    names = [".".join(parts[:length]) for length in range(1, len(parts))]
    return [one for one in names if one in code.package.modules]
