"""What the variables of a file stand for once the values that are made of them are upgraded."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from mmscaffold.config.change import largest_group
from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.walk import SCALARS, dicts_in
from mmscaffold.facts.legacy import READ_BY_2X
from mmscaffold.facts.runner import KNOWN_KEYS
from mmscaffold.upgrade.forms.old_text import OldText, with_origins

_READ = READ_BY_2X | KNOWN_KEYS


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
    for name in names:
        if isinstance(after[name], dict) and name in old.spread:
            found = _spread_after(old, needed, after, name)
            after[name] = after[name] if found is None else found
    return after


def _spread_after(
    old: OldText, needed: CfgDict, after: dict[str, Any], name: str
) -> CfgDict | None:
    """What a dict becomes that is only spread into others, if all that need it need the same.

    Args:
        old: The file.
        needed: What it must say of the keys that the Runner reads.
        after: What its variables become.
        name: The variable of the dict.
    """
    wanted = list(_spreads(old, needed, name))
    if not wanted:
        return None
    for reader in old.readers(name):
        if reader.name in after:
            wanted += _spreads(old, after[reader.name], name)
        elif reader.name is None or reader.name not in _READ:
            return None
    group = largest_group(wanted)
    return group[0] if len(group) == len(wanted) else None


def _spreads(old: OldText, values: Any, name: str) -> Iterator[CfgDict]:
    """For each dict into which all of a variable is spread, the items that come from it."""
    size = len(old.config.own[name])
    for one in dicts_in(values, set()):
        if isinstance(one, CfgDict) and len(one) > size:
            found = CfgDict()
            for key, value in one.items():
                if old.comes_from(one.origins.get(key), name):
                    found.put(key, value, one.origins[key])
            if len(found) == size:
                yield found


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
