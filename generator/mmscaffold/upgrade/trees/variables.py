"""What the variables of a file stand for once the values that are made of them are upgraded."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from mmscaffold.config.change import largest_group
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.upgrade.forms.old_text import OldText


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
        items = container.items() if isinstance(container, dict) else enumerate(container)
        for key, value in items:
            origin = origin_of(container, key)
            if origin is None or not old.wrote(origin) or old.is_wrapped(origin, value):
                pass
            elif isinstance(origin.node, ast.Name):
                yield origin.node.id, value
            if isinstance(value, CfgDict | CfgList | CfgTuple | dict | list | tuple):
                pending.append(value)
