"""Values that a name gives: one of the bases, or a variable that is spread."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from mmscaffold.config.change import MISSING, first_difference
from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.evaluate.evaluation import BASE
from mmscaffold.upgrade.forms.old_text import OldText

_PLACEHOLDER = re.compile(r"""["']?\{\{\s*_base_\.([\w.]+)\s*\}\}["']?""")


def base_path(node: ast.expr, text: str) -> tuple[str, ...] | None:
    """What of the bases an expression names: ``{{_base_.x.y}}`` or ``_base_.x.y``.

    Args:
        node: The expression.
        text: Its text.
    """
    found = _PLACEHOLDER.fullmatch(text)
    if found is not None:
        return tuple(found.group(1).split("."))
    path: list[str] = []
    while isinstance(node, ast.Attribute):
        path.append(node.attr)
        node = node.value
    is_base = isinstance(node, ast.Name) and node.id == BASE and path
    return tuple(reversed(path)) if is_base else None


def spread_of(old: OldText, names: Mapping[str, Any], here: int, value: Any) -> str | None:
    """The variable that gives several items of a new dict, as ``**name``; ``None`` if none does.

    Args:
        old: The file.
        names: What each of its variables stands for afterwards.
        here: The byte at which the dict is written: what is set further down has no value there.
        value: The dict.
    """
    if not isinstance(value, CfgDict):
        return None
    for name in sorted(old.spread):
        known, statement = names.get(name), old.variable(name)
        if (
            isinstance(known, dict)
            and statement is not None
            and statement.span.end <= here
            and 1 < len(known) < len(value)
            and all(
                old.comes_from(origin_of(value, key), name)
                and first_difference(value.get(key, MISSING), one) is None
                for key, one in known.items()
            )
        ):
            return name
    return None
