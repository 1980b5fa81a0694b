"""In which scope the registry looks up the class that a part of a config names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmscaffold.config.key_path import KeyPath

SCOPE = "_scope_"
"""The key by which a dict names the scope for itself and all that is built within it."""

_MAPPINGS = (dict, Mapping)


def written_scope(config: Any, path: KeyPath) -> Any:
    """The ``_scope_`` that holds for a part of a config, where one is written or inherited.

    mmengine builds a dict, and what its constructor builds of the dicts in it, in the scope
    that ``_scope_`` names (mmengine/registry/build_functions.py, ``build_from_cfg``).

    Args:
        config: The top level of a resolved config.
        path: Of the dict with the ``type``.

    Returns:
        The scope, or an ``Unknown``; ``None`` where ``default_scope`` holds.
    """
    scope = None
    value = config
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            break
        # The registry does not switch its scope for an explicit None.
        # Most are dicts, and a dict is told at once.
        if isinstance(value, _MAPPINGS) and value.get(SCOPE) is not None:
            scope = value[SCOPE]
    return scope
