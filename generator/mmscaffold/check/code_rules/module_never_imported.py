"""A module registers classes, and nothing imports it.

## Why it matters

A class gets into its registry when its module is imported. ``custom_imports`` names modules,
usually a package, whose ``__init__`` has to import the rest. A file that it does not mention
might as well not exist.

## Symptoms

``KeyError: 'OwnLoop is not in the mmengine::loop registry. Please check whether the value of
OwnLoop is correct or it was registered as expected``.

## Before -> after

Import the module in the ``__init__`` of its package, or name it in ``custom_imports``.

## Fix safety

There is no automatic fix: an import runs the module, which may need packages that are optional.

## Source in mmengine

mmengine/registry/registry.py, ``Registry.register_module``; mmengine/utils/misc.py,
``import_modules_from_strings``.
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
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each module that registers in vain."""
    by_module: dict[str, list[Registration]] = {}
    for one in registrations(code):
        by_module.setdefault(one.module.name, []).append(one)
    imports = Imports(code.package)
    checked = {module.name for module in code.modules}
    texts = module_names_in_texts(code.package)
    for top in sorted({code.package.top(name) for name in by_module}):
        inside = {name for name in code.package.modules if _is_in(name, top)}
        if top not in inside or len(inside) == 1:
            continue
        named = {name for name in code.imported if _is_in(name, top) and name != top}
        reached = imports.reached(_roots(code, top, inside, named) | texts)
        known = {(one.registry, one.name) for name in reached for one in by_module.get(name, ())}
        for name in sorted(inside & by_module.keys() & checked - reached):
            if all((one.registry, one.name) in known for one in by_module[name]):
                # A backup copy of what is imported.
                continue
            parent = name.rpartition(".")[0]
            if any(imports.is_dynamic(one) for one in _packages_around(name, code)):
                continue
            siblings = imports.direct(parent) & by_module.keys() if parent in inside else set()
            is_list = any(one.rpartition(".")[0] == parent for one in siblings)
            if is_list or any(_is_in(one, top) for one in code.imported):
                first = by_module[name][0]
                init = f"{parent.replace('.', '/')}/__init__.py"
                yield Diagnostic(
                    f"{name} registers {first.name}, but nothing imports this module",
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


RULE = Rule(
    id="MMS228",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            {
                "own/second.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class SecondLoop(EpochBasedTrainLoop):
                    pass
                """,
                "own/first.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class FirstLoop(EpochBasedTrainLoop):
                    pass
                """,
                "own/__init__.py": """
                from . import second
                from .first import FirstLoop
                """,
            },
        ),
        Valid(
            {
                "own/second.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class SecondLoop(EpochBasedTrainLoop):
                    pass
                """,
                "own/first.py": """
                from own.second import SecondLoop
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class FirstLoop(EpochBasedTrainLoop):
                    pass
                """,
                "own/__init__.py": "from .first import FirstLoop",
            },
            because="A module that is imported imports it.",
        ),
        Valid(
            {
                "own/second.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class SecondLoop(EpochBasedTrainLoop):
                    pass
                """,
                "own/first.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class FirstLoop(EpochBasedTrainLoop):
                    pass
                """,
                "own/__init__.py": "",
            },
            because="The package imports nothing itself, and what a config names is not known.",
        ),
        Valid(
            {
                "own/second.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class SecondLoop(EpochBasedTrainLoop):
                    pass
                """,
                "own/first.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class FirstLoop(EpochBasedTrainLoop):
                    pass
                """,
                "own/__init__.py": """
                import importlib
                from .first import FirstLoop
                for name in ('second',):
                    importlib.import_module(f'own.{name}')
                """,
            },
            because="It imports whatever is there.",
        ),
    ],
    invalid=[
        Invalid(
            {
                "own/second.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class SecondLoop(EpochBasedTrainLoop):
                    pass
                """,
                "own/first.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class FirstLoop(EpochBasedTrainLoop):
                    pass
                """,
                "own/__init__.py": "from .first import FirstLoop",
            },
            at=Spot(6, 7, 17),
            message="own.second registers SecondLoop, but nothing imports this module",
            after={
                "own/__init__.py": """
                from .first import FirstLoop
                from .second import SecondLoop
                """,
            },
        ),
    ],
)
