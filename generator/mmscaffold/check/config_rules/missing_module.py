"""``custom_imports`` names a module that its package does not have.

Reading the config ends with ``ImportError: Failed to import custom modules``
(mmengine/utils/misc.py, ``import_modules_from_strings``). With ``allow_failed_imports=True`` it
may fail, and is no finding.

The package is looked for in the folders above the config, in their ``src``, in the current
folder, and among the installed ones. None of it is imported.

How to mend it: correct the name. It is the dotted name of a module or package, not a path, and
not the name of a class.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_types import is_openmmlab, known_prefix
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS126"
SEVERITY = Severity.ERROR
_LOOP = "class Loop:\n    pass"
VALID: list[Example] = [
    {
        "config.py": "custom_imports = dict(imports=['own.loops'])",
        "own/loops.py": _LOOP,
    },
    {
        "configs/config.py": "custom_imports = dict(imports='own')",
        "src/own/__init__.py": _LOOP,
    },
    {
        "config.py": "custom_imports = dict(imports=['own.extra'], allow_failed_imports=True)",
        "own/loops.py": _LOOP,
    },
    # Not installed here.
    "custom_imports = dict(imports=['mmpretrain.models'])",
]
INVALID: list[Example] = [
    {
        "config.py": "custom_imports = dict(imports=['own.loop'])",
        "own/loops.py": _LOOP,
        "own/__init__.py": "",
    },
    {
        "config.py": "custom_imports = dict(imports=['own.loops.Loop'])",
        "own/loops.py": _LOOP,
        "own/__init__.py": "",
    },
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each module that is missing from a package that is there."""
    code = config.imported_code
    if config.get("custom_imports.allow_failed_imports") is True:
        return
    for module in code.missing if code is not None else ():
        prefix = known_prefix(module, config.path.parent)
        if prefix is not None and not is_openmmlab(module):
            yield config.found(
                ("custom_imports", "imports"),
                f"there is no module {module!r}; {prefix!r} is there, and has none of that name",
                "Correct the name: that of a module or package, with dots.",
            )
