"""``custom_imports`` of a child replaces the list of its base.

Dicts merge, lists replace (mmengine/config/config.py, ``_merge_a_into_b``): after
``custom_imports = dict(imports=['my_project'])`` in the child the modules of the base are not
imported any more, and what they register is missing:
``KeyError: '... is not in the mmdet::model registry'``.

A child with ``_delete_=True`` means it, and is no finding.

How to mend it: repeat the modules of the base in the list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Fix, Severity
from mmscaffold.check.registry import Example
from mmscaffold.config.evaluate.containers import origin_of

ID = "MMS130"
SEVERITY = Severity.WARNING
FIXABLE = True
_BASE = "custom_imports = dict(imports=['one.layers'])"
VALID: list[Example] = [
    {
        "config.py": "_base_ = './base.py'\ncustom_imports = dict(imports=['one.layers', 'two'])",
        "base.py": _BASE,
    },
    # Importing a package's own module imports the package.
    {
        "config.py": "_base_ = './base.py'\ncustom_imports = dict(imports=['one.layers.deep'])",
        "base.py": _BASE,
    },
    {
        "config.py": "_base_ = './base.py'\ncustom_imports = dict(_delete_=True, imports=['two'])",
        "base.py": _BASE,
    },
]
INVALID: list[Example] = [
    {
        "config.py": "_base_ = './base.py'\ncustom_imports = dict(imports=['two'])",
        "base.py": _BASE,
    },
    {
        "config.py": "_base_ = './base.py'\ncustom_imports = dict(imports='two')",
        "base.py": "custom_imports = dict(imports=['one', 'three'], allow_failed_imports=False)",
    },
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if modules of a base are imported no more."""
    named = config.custom_imports
    slot = origin_of(config.root.get("custom_imports"), "imports")
    if named is None or slot is None or slot.replaced is None:
        return
    before = _modules(slot.replaced.node)
    lost = [one for one in before if not any(_imports(other, one) for other in named)]
    if lost:
        fix: Fix = ((("custom_imports", "imports"), [*lost, *named]),)
        yield config.found(
            ("custom_imports", "imports"),
            f"this list replaces that of {slot.replaced.where}: {', '.join(lost)} "
            f"{'is' if len(lost) == 1 else 'are'} imported no more",
            f"Add {', '.join(map(repr, lost))} to it.",
            fix,
        )


def _modules(node: Any) -> list[str]:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return []
    found = [value] if isinstance(value, str) else value
    return (
        [one for one in found if isinstance(one, str)] if isinstance(found, list | tuple) else []
    )


def _imports(module: str, other: str) -> bool:
    """Whether importing one module imports another: itself, or a package around it."""
    return module == other or module.startswith(f"{other}.")
