"""``${data_root}`` in the strings of a config, which the tools of 2.x replaced after loading it.

Those of 3.x do not, so an upgraded config has the values. Source: mmdet 2.28.2,
mmdet/utils/replace_cfg_vals.py.
"""

from __future__ import annotations

import re
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.walk import SCALARS

_CONTAINERS = (dict, list, tuple)
_KEY = re.compile(r"\$\{[a-zA-Z\d_.]*\}")


def filled_in(root: CfgDict, without: set[int] | None = None) -> CfgDict:
    """A config with the values of its own keys in its strings.

    What is not changed is shared with the old one. A key that is not there, or that cannot stand
    in a text, is left as it is: 2.x fails of it.

    Args:
        root: The config, its bases merged in.
        without: By ``id``, containers that are known to hold none; those of this config are added.
    """
    if not _has_placeholder(root, set() if without is None else without):
        return root
    found: CfgDict = _filled(root, root)
    return found


def _has_placeholder(root: CfgDict, without: set[int]) -> bool:
    # Without recursion: each config of a tree has thousands of values.
    pending: list[Any] = [root]
    looked_at: list[int] = []
    while pending:
        one = pending.pop()
        if id(one) in without:
            continue
        looked_at.append(id(one))
        for item in one.values() if isinstance(one, dict) else one:
            if isinstance(item, str):
                if "${" in item:
                    return True
            elif type(item) not in SCALARS and isinstance(item, _CONTAINERS):
                pending.append(item)
    without.update(looked_at)
    return False


def _filled(value: Any, root: CfgDict) -> Any:
    if isinstance(value, str):
        return _text(value, root) if "${" in value else value
    if isinstance(value, CfgDict):
        changed = {key: _filled(item, root) for key, item in value.items()}
        kept = all(changed[key] is item for key, item in value.items())
        if kept:
            return value
        made = CfgDict()
        for key, item in changed.items():
            made.put(key, item, origin_of(value, key) if _is_same(item, value[key]) else None)
        return made
    if isinstance(value, CfgList | CfgTuple):
        items = [_filled(item, root) for item in value]
        if all(one is other for one, other in zip(items, value, strict=True)):
            return value
        origins = [
            origin_of(value, index) if _is_same(one, value[index]) else None
            for index, one in enumerate(items)
        ]
        if isinstance(value, CfgTuple):
            return CfgTuple.make(items, origins)
        return CfgList(items, origins)
    return value


def _is_same(new: Any, old: Any) -> bool:
    """Whether the text of a value can be kept, at least in part."""
    return new is old or (isinstance(new, dict | list | tuple) and type(new) is type(old))


def _text(text: str, root: CfgDict) -> Any:
    keys = _KEY.findall(text)
    values = [_at(root, tuple(key[2:-1].split("."))) for key in keys]
    if len(keys) == 1 and keys[0] == text:
        return text if values[0] is _NOT_THERE else values[0]
    for key, value in zip(keys, values, strict=True):
        if isinstance(value, dict | list | tuple | Unknown) or value is _NOT_THERE:
            return text
        text = text.replace(key, str(value))
    return text


_NOT_THERE = object()


def _at(root: CfgDict, path: KeyPath) -> Any:
    value: Any = root
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return _NOT_THERE
        value = value[key]
    return value
