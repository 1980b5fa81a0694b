"""``custom_imports`` of a child replaces the list of its base.

A child with ``_delete_=True`` does so on purpose, and is not a finding.

## Why it matters

Dicts merge, lists replace: after ``custom_imports = dict(imports=['my_project'])`` in the child
the modules of the base are no longer imported, and what they register is missing.

## Symptoms

``KeyError: '... is not in the mmdet::model registry'`` when the part is built.

## Before -> after

Repeat the modules of the base in the list.

## Fix safety

``mmscaffold check --fix`` puts the modules of the base in front of those of the child. Modules are
imported that were not before: safe where they can be imported, as they can for the base. Remove
them again, and write ``_delete_=True``, if the child should not have them.

## Source in mmengine

mmengine/config/config.py, ``Config._merge_a_into_b``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.change import Change
from mmscaffold.config.evaluate.containers import origin_of


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if modules of a base are no longer imported."""
    named = config.custom_imports
    origin = origin_of(config.root.get("custom_imports"), "imports")
    if named is None or origin is None or origin.replaced is None:
        return
    before = _modules(origin.replaced.node)
    lost = [one for one in before if not any(_imports(other, one) for other in named)]
    if lost:
        fix = Change(("custom_imports", "imports"), [*lost, *named])
        yield config.found(
            ("custom_imports", "imports"),
            f"this list replaces that of {origin.replaced.where}: {', '.join(lost)} "
            f"{'is' if len(lost) == 1 else 'are'} no longer imported",
            f"Add {', '.join(map(repr, lost))} to it.",
            (fix,),
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


RULE = Rule(
    id="MMS130",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                custom_imports = dict(imports=['one.layers', 'two'])
                """,
                "base.py": "custom_imports = dict(imports=['one.layers'])",
            },
        ),
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                custom_imports = dict(imports=['one.layers.deep'])
                """,
                "base.py": "custom_imports = dict(imports=['one.layers'])",
            },
            because="Importing a package's own module imports the package.",
        ),
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                custom_imports = dict(_delete_=True, imports=['two'])
                """,
                "base.py": "custom_imports = dict(imports=['one.layers'])",
            },
        ),
    ],
    invalid=[
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                custom_imports = dict(imports=['two'])
                """,
                "base.py": "custom_imports = dict(imports=['one.layers'])",
            },
            at=Spot(2, 31, 38),
            message="this list replaces that of base.py:1:31: one.layers is no longer imported",
            fixed="""
            _base_ = './base.py'
            custom_imports = dict(imports=['two'])
            custom_imports = dict(custom_imports, imports=['one.layers', 'two'])
            """,
        ),
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                custom_imports = dict(imports='two')
                """,
                "base.py": """
                custom_imports = dict(imports=['one', 'three'], allow_failed_imports=False)
                """,
            },
            at=Spot(2, 31, 36),
            message="this list replaces that of base.py:1:31: one, three are no longer imported",
            fixed="""
            _base_ = './base.py'
            custom_imports = dict(imports=['one', 'three', 'two'])
            """,
        ),
    ],
)
