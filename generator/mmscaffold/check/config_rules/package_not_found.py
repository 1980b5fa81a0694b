"""``custom_imports`` names a package that is nowhere to be found.

It is looked for in the folders above the config, in their ``src``, in the current folder, and
among the packages installed beside mmscaffold. If the training finds it nowhere either, reading
the config ends with ``ImportError: Failed to import custom modules``
(mmengine/utils/misc.py, ``import_modules_from_strings``). It is the most common failure of
projects with code of their own. Packages of OpenMMLab are passed over: they are often installed
where the training runs only.

How to mend it: correct the name; or install the project (``pip install -e .``); or start the
training from the folder that holds the package, with ``PYTHONPATH=.``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_types import is_openmmlab, known_prefix
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS127"
SEVERITY = Severity.WARNING
VALID: list[Example] = [
    {"config.py": "custom_imports = dict(imports=['own_loops'])", "own_loops.py": "x = 1"},
    "custom_imports = dict(imports=['mmpretrain.models'], allow_failed_imports=False)",
    "custom_imports = dict(imports=['json', 'sys', 'ast'])",
]
INVALID: list[Example] = [
    "custom_imports = dict(imports=['no_such_project.engine'])",
    "custom_imports = dict(imports='no_such_project', allow_failed_imports=False)",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each module of such a package."""
    code = config.imported_code
    if config.get("custom_imports.allow_failed_imports") is True:
        return
    for module in code.missing if code is not None else ():
        if not is_openmmlab(module) and known_prefix(module, config.path.parent) is None:
            yield config.found(
                ("custom_imports", "imports"),
                f"{module!r} is found neither above the config nor among the installed packages",
                "Correct the name, install the project, or set PYTHONPATH.",
            )
