"""``_scope_``: what mmengine adds to the dicts of a ``package::path`` base.

The scope of such a base is its package. mmengine 0.10 writes it into every outermost dict
that has a ``type``, so that the registry finds the class in that package whatever the
``default_scope`` of the child (``Config._dict_to_config_dict`` of 0.10.7). What the child
writes over such a dict keeps it.
"""

from __future__ import annotations

from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.containers import BaseDict, CfgDict, CfgList, CfgTuple
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Perhaps
from mmscaffold.config.registry_scope import SCOPE
from mmscaffold.config.resolve.merge import DELETE


def add_scope(root: CfgDict, scope: str, named: Origin) -> CfgDict:
    """The values of a base with ``_scope_`` in every outermost dict that has a ``type``.

    Args:
        root: The values of the base. They are changed: mmengine, too, marks the dicts
            themselves before it copies them, so that a dict in two places is marked in both.
        scope: The package.
        named: Where the child names the base.

    Raises:
        ConfigError: If the base has a top-level key ``type``, as mmengine refuses.
    """
    is_typed = "type" in root and not isinstance(root["type"], Perhaps)
    if is_typed and root.get(SCOPE) is None:
        raise ConfigError(
            "its base sets a top-level key 'type'",
            where=named.where,
            hint="mmengine cannot inherit such a file of a package: rename the key.",
        )
    scoped: CfgDict = _marked(root, scope, outermost=True)
    return scoped


def _marked(value: Any, scope: str, *, outermost: bool) -> Any:
    if isinstance(value, CfgDict):
        if outermost and "type" in value:
            outermost = False
            if value.get(SCOPE) is None:
                # Nobody wrote it: its origin is that of the dict.
                value.put(SCOPE, scope, None)
        made = BaseDict()
        items = {key: _marked(item, scope, outermost=outermost) for key, item in value.items()}
        dict.update(made, items)
        made.take_origins(value)
        return made
    if isinstance(value, CfgList):
        items_of_list = [_marked(item, scope, outermost=outermost) for item in value]
        return CfgList(items_of_list, value.shared_origins())
    if isinstance(value, CfgTuple):
        items_of_tuple = [_marked(item, scope, outermost=outermost) for item in value]
        return CfgTuple.make(items_of_tuple, value.shared_origins())
    return value


def copied_where_merged(child: CfgDict, base: CfgDict) -> CfgDict:
    """The child with those dicts copied that mmengine copies when it merges them.

    Only ``{{_base_.x}}`` puts the same dict in two places of a file. It stays the same
    below other dicts, and in lists (``Config._merge_a_into_b``).
    """
    copied = child.copy()
    for key, value in child.items():
        if isinstance(value, CfgDict):
            below = base.get(key)
            if isinstance(below, CfgDict) and not value.get(DELETE, False):
                fresh = copied_where_merged(value, below)
            else:
                fresh = value.copy()
            copied.put(key, fresh, child.origins.get(key))
    return copied
