"""``custom_imports`` names a package that cannot be found.

It is looked for in the folders above the config, in their ``src``, in the current folder, and
among the packages installed beside mmscaffold. Packages of OpenMMLab are skipped: they are
often installed only where training runs.

## Why it matters

If the training run does not find it either, the config cannot be read. It is the most common
failure of projects with code of their own.

## Symptoms

``ImportError: Failed to import custom modules`` when the config is read.

## Before -> after

Correct the name; or install the project (``pip install -e .``); or start the training from the
folder that holds the package, with ``PYTHONPATH=.``.

## Fix safety

There is no automatic fix: the package may be installed where training runs.

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
    """Yield one finding for each module of such a package."""
    code = config.imported_code
    if config.get("custom_imports.allow_failed_imports") is True:
        return
    for module in code.missing if code is not None else ():
        if not is_openmmlab(module) and known_prefix(module, config.folder) is None:
            yield config.found(
                ("custom_imports", "imports"),
                f"{module!r} is found neither above the config nor among the installed packages",
                "Correct the name, install the project, or set PYTHONPATH.",
            )


RULE = Rule(
    id="MMS127",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            {
                "config.py": "custom_imports = dict(imports=['own_loops'])",
                "own_loops.py": "x = 1",
            },
        ),
        Valid(
            """
            custom_imports = dict(imports=['mmpretrain.models'], allow_failed_imports=False)
            """,
        ),
        Valid(
            "custom_imports = dict(imports=['json', 'sys', 'ast'])",
        ),
    ],
    invalid=[
        Invalid(
            "custom_imports = dict(imports=['no_such_project.engine'])",
            at=Spot(1, 31, 57),
            message=(
                "'no_such_project.engine' is found neither above the config nor among the "
                "installed packages"
            ),
            after={
                "config.py": "custom_imports = dict(imports=['my_project.engine'])",
                "my_project/engine.py": """
                class MyLoop:
                    pass
                """,
            },
        ),
        Invalid(
            """
            custom_imports = dict(imports='no_such_project', allow_failed_imports=False)
            """,
            at=Spot(1, 31, 48),
            message=(
                "'no_such_project' is found neither above the config nor among the installed "
                "packages"
            ),
        ),
    ],
)
