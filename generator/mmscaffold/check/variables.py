"""Variables of a child config that look as if they changed what its bases compute."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mmscaffold.check.config_names import ConfigNames, names_read
from mmscaffold.check.config_view import ConfigView
from mmscaffold.config.evaluate.containers import origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.config.text.style import Style
from mmscaffold.facts.runner import KNOWN_KEYS

_WITH_PARTS = (ast.Dict, ast.List, ast.Tuple, ast.Call)


class Rebinding(NamedTuple):
    """A variable that a child reassigns, while its bases have used the old value.

    Attributes:
        name: The variable.
        origin: Where the child sets it.
        used: A key that still has what the base made of the old value.
        old: Where the base made it.
    """

    name: str
    origin: Origin
    used: KeyPath
    old: Origin


def idle_rebindings(config: ConfigView) -> Iterator[Rebinding]:
    """Variables that a config sets, does not read, and whose old value is still in use.

    A file of a classic chain is run on its own: expressions of a base have been computed
    before the child sets anything (mmengine/config/config.py, ``_file2dict``).
    """
    resolved = config.config
    parsed = resolved.parsed
    if resolved.style is not Style.CLASSIC or not isinstance(parsed, ParsedSource):
        return
    root = resolved.root
    overriding: dict[str, Origin] = {}
    for name in resolved.own:
        origin = root.origins.get(name)
        if name not in KNOWN_KEYS and origin is not None and origin.replaced is not None:
            overriding[name] = origin
    if not overriding:
        return
    names = ConfigNames.of(parsed)
    for name, origin in overriding.items():
        old = origin.replaced
        if names.reads(name) or old is None or not isinstance(old.parsed, ParsedSource):
            continue
        if _is_same(old.node, origin.node, overriding):
            continue
        for path, use in _uses(root, name, old.parsed):
            # The new value may come to the same.
            if isinstance(use.node, ast.Name) and to_plain(resolved.get(path)) == to_plain(
                root[name]
            ):
                continue
            yield Rebinding(name, origin, path, use)
            break


def _is_same(old: Any, new: Any, overriding: Mapping[str, Origin]) -> bool:
    """Whether two expressions are the same, and the child changes nothing that they read."""
    if not isinstance(old, ast.AST) or not isinstance(new, ast.AST):
        return False
    if ast.dump(old) != ast.dump(new):
        return False
    changed = {
        name
        for name, origin in overriding.items()
        if origin.replaced is not None and not _is_same(origin.replaced.node, origin.node, {})
    }
    return changed.isdisjoint(names_read(new))


def _uses(root: Any, name: str, parsed: ParsedSource) -> Iterator[tuple[KeyPath, Origin]]:
    """Keys of what the Runner reads whose expression, in a certain file, reads a name."""
    if not ConfigNames.of(parsed).reads(name):
        return
    for key, value in root.items():
        if key in KNOWN_KEYS:
            yield from _below(root.origins.get(key), value, (key,), name, parsed)


def _below(
    origin: Origin | None, value: Any, path: KeyPath, name: str, parsed: ParsedSource
) -> Iterator[tuple[KeyPath, Origin]]:
    if origin is not None and origin.parsed is parsed:
        node = origin.node
        # Of a literal or a call, the parts have origins of their own.
        is_whole = isinstance(node, ast.expr) and not isinstance(node, _WITH_PARTS)
        if is_whole and name in names_read(node):  # type: ignore[arg-type]
            yield path, origin
            return
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _below(origin_of(value, key), item, (*path, key), name, parsed)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _below(origin_of(value, index), item, (*path, index), name, parsed)
