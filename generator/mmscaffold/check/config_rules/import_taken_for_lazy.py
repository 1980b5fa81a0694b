"""An import of the standard library, for which mmengine takes the file for pure-Python style.

``os`` and some others have no file of their own under Python 3.11 and later, which build them in;
mmengine takes a module without a file for one from outside.

## Why it matters

The first telling statement decides on the style of a file: ``_base_`` makes it classic, an import
from outside makes it pure Python. Then what is imported is a mere name that cannot be called,
``_base_`` is refused, and so is every classic config that inherits from this file.

## Symptoms

``RuntimeError`` without a message; or ``ConfigParsingError: The configuration file type in the
inheritance chain must match the current configuration file type``.

## Before -> after

Set ``_base_`` before the import; a file without bases gets ``_base_ = []``.

## Fix safety

There is no automatic fix: what stands before ``_base_`` may be needed for it.

## Source in mmengine

mmengine/config/config.py, ``Config._is_lazy_import``; mmengine/config/utils.py,
``_is_builtin_module``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from mmscaffold.check.config_names import ConfigNames
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity, at
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.evaluate.containers import origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.resolve.bases import base_assignment
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.config.text.style import Style
from mmscaffold.facts.packages import FROZEN_MODULES


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each file at fault, at its first such import."""
    if config.config.style is not Style.CLASSIC:
        return
    for parsed in _files(config):
        if b"import" not in parsed.source.raw:
            continue
        found = _first_import(parsed.tree)
        if found is None:
            continue
        node, module = found
        is_base = parsed.path != config.path
        # Only what stands at the top level becomes a mere name.
        is_used = node in parsed.tree.body and _names(node) & ConfigNames.of(parsed).read
        if is_base or is_used or base_assignment(parsed.tree) is not None:
            yield at(
                Origin(parsed, node),
                f"under Python 3.11 and later, mmengine takes a file that imports {module} for "
                "pure-Python style, and refuses it",
                "Set _base_ before the import; without bases, _base_ = [].",
            )


def _files(config: ConfigView) -> list[ParsedSource]:
    """The file, and its bases as far as they set anything."""
    origins = [origin_of(config.root, key) for key in config.root]
    files = (config.config.parsed, *(origin.parsed for origin in origins if origin))
    found: dict[Path, ParsedSource] = {}
    for one in dict.fromkeys(files):
        if isinstance(one, ParsedSource):
            found.setdefault(one.path, one)
    return list(found.values())


def _first_import(tree: ast.Module) -> tuple[ast.Import | ast.ImportFrom, str] | None:
    """The import that decides on the style of a file, in the order in which mmengine looks."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            if isinstance(target, ast.Name) and target.id == "_base_":
                return None
        elif isinstance(node, ast.Import | ast.ImportFrom):
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else _modules(node)
            for module in named:
                if module.partition(".")[0] in FROZEN_MODULES:
                    return node, module
    return None


def _modules(node: ast.Import) -> list[str]:
    return [alias.name for alias in node.names]


def _names(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {alias.asname or alias.name.partition(".")[0] for alias in node.names}


RULE = Rule(
    id="MMS158",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                import os
                work_dir = os.path.join('work_dirs', 'a')
                """,
                "base.py": "model = dict(type='RetinaNet')",
            },
            because="_base_ comes first.",
        ),
        Valid(
            """
            import math
            import os
            model = dict(type='RetinaNet')
            """,
            because="Nothing uses os, and the file has no bases.",
        ),
    ],
    invalid=[
        Invalid(
            """
            import os
            model = dict(type='RetinaNet')
            work_dir = os.path.join('work_dirs', 'a')
            """,
            at=Spot(1, 1, 10),
            message=(
                "under Python 3.11 and later, mmengine takes a file that imports os for "
                "pure-Python style, and refuses it"
            ),
            after="""
            _base_ = []
            import os
            model = dict(type='RetinaNet')
            work_dir = os.path.join('work_dirs', 'a')
            """,
        ),
        Invalid(
            {
                "config.py": """
                from os.path import join
                _base_ = './base.py'
                """,
                "base.py": "model = dict(type='RetinaNet')",
            },
            at=Spot(1, 1, 25),
            message=(
                "under Python 3.11 and later, mmengine takes a file that imports os.path for "
                "pure-Python style, and refuses it"
            ),
        ),
    ],
)
