"""``custom_imports`` names a module that its package does not have.

The package is looked for in the folders above the config, in their ``src``, in the current
folder, and among the installed ones. None of it is imported. With ``allow_failed_imports=True``
an import may fail, and is not a finding.

## Why it matters

mmengine imports the modules while it reads the config: without them, nothing starts.

## Symptoms

``ImportError: Failed to import custom modules`` when the config is read.

## Before -> after

Correct the name. It is the dotted name of a module or package, not a path, and not the name of a
class.

## Fix safety

There is no automatic fix: which module is intended cannot be known.

## Source in mmengine

mmengine/utils/misc.py, ``import_modules_from_strings``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_types import known_prefix
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.packages import is_openmmlab


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each module that is missing from a package that is there."""
    code = config.imported_code
    if config.get("custom_imports.allow_failed_imports") is True:
        return
    for module in code.missing if code is not None else ():
        prefix = known_prefix(module, config.folder)
        if prefix is not None and not is_openmmlab(module):
            yield config.found(
                ("custom_imports", "imports"),
                f"there is no module {module!r}; {prefix!r} is there, but has nothing of that "
                "name",
                "Correct the name: it must be the dotted name of a module or package.",
            )


RULE = Rule(
    id="MMS126",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            {
                "config.py": "custom_imports = dict(imports=['own.loops'])",
                "own/loops.py": """
                class Loop:
                    pass
                """,
            },
        ),
        Valid(
            {
                "configs/config.py": "custom_imports = dict(imports='own')",
                "src/own/__init__.py": """
                class Loop:
                    pass
                """,
            },
        ),
        Valid(
            {
                "config.py": """
                custom_imports = dict(imports=['own.extra'], allow_failed_imports=True)
                """,
                "own/loops.py": """
                class Loop:
                    pass
                """,
            },
        ),
        Valid(
            "custom_imports = dict(imports=['mmpretrain.models'])",
            because="The package is not installed here.",
        ),
    ],
    invalid=[
        Invalid(
            {
                "config.py": "custom_imports = dict(imports=['own.loop'])",
                "own/loops.py": """
                class Loop:
                    pass
                """,
                "own/__init__.py": "",
            },
            at=Spot(1, 31, 43),
            message=(
                "there is no module 'own.loop'; 'own' is there, but has nothing of that name"
            ),
            after="custom_imports = dict(imports=['own.loops'])",
        ),
        Invalid(
            {
                "config.py": "custom_imports = dict(imports=['own.loops.Loop'])",
                "own/loops.py": """
                class Loop:
                    pass
                """,
                "own/__init__.py": "",
            },
            at=Spot(1, 31, 49),
            message=(
                "there is no module 'own.loops.Loop'; 'own.loops' is there, but has nothing of "
                "that name"
            ),
        ),
    ],
)
