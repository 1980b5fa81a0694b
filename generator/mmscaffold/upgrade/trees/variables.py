"""What the variables of a file stand for once the values that are made of them are upgraded."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from mmscaffold.config.change import largest_group
from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.walk import SCALARS
from mmscaffold.upgrade.forms.old_text import OldText, with_origins


def variables_after(old: OldText, needed: CfgDict, names: list[str]) -> dict[str, Any]:
    """The value of each variable that a file sets itself.

    A variable takes the value that is needed where it is named: of several, that which is needed
    most often. Where another is needed, it is written out.

    Args:
        old: The file.
        needed: What it must say of the keys that the Runner reads, with origins.
        names: Its variables.
    """
    wanted: dict[str, list[Any]] = {}
    for name, value in _uses(old, needed):
        wanted.setdefault(name, []).append(value)
    after = {}
    for name in names:
        own = old.config.own[name]
        after[name] = largest_group(wanted[name])[0] if name in wanted else own
    return after


def _uses(old: OldText, needed: CfgDict) -> Iterator[tuple[str, Any]]:
    """Each place at which a variable alone gives a value, with what is needed there."""
    pending: list[Any] = [needed]
    seen: set[int] = set()
    while pending:
        container = pending.pop()
        if id(container) in seen:
            continue
        seen.add(id(container))
        for value, origin in with_origins(container):
            node = origin.node if origin is not None else None
            if (
                isinstance(node, ast.Name)
                and old.wrote(origin)
                and not old.is_wrapped(origin, value)
            ):
                yield node.id, value
            if type(value) not in SCALARS and isinstance(value, dict | list | tuple):
                pending.append(value)
