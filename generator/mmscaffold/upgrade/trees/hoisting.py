"""What all configs below a base need of a key that the base owns is written into the base.

A file with data says how images are normalised, and 3.x wants that in the model, which another
file defines. Neither base can know it; each whole config can. Instead of one override in each of
them, what most of them need becomes a part of the base, and only the others restate it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmscaffold.config.change import largest_group
from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.resolve.resolved import ResolvedConfig

_RUN_TIME = ("log_config", "log_level", "dist_params", "checkpoint_config")
_OF_RUN_TIME = ("default_scope",)


def hoist(
    configs: Mapping[Path, ResolvedConfig], goals: dict[Path, CfgDict], whole: set[Path]
) -> None:
    """Add to the goals of bases, in place, what the whole configs below them share.

    Args:
        configs: The configs of a run, bases before the configs that inherit from them.
        goals: What each must resolve to; of a base only what it owns.
        whole: Those that can be run.
    """
    heirs: dict[Path, list[Path]] = {}
    for path in goals:
        for base in configs[path].files[1:]:
            heirs.setdefault(base, []).append(path)
    for path in goals:
        below = [heir for heir in heirs.get(path, ()) if heir in whole]
        if path in whole or len(below) < 2:
            continue
        between = [heir for heir in heirs[path] if heir not in whole]
        for key, own in list(goals[path].items()):
            if isinstance(own, dict):
                added = _shared_items(own, [(heir, goals[heir].get(key)) for heir in below])
                for one in (path, *between):
                    _widen(goals, one, key, added)
        if any(name in configs[path].own for name in _RUN_TIME):
            for key in _OF_RUN_TIME:
                value = _shared_value(key, [goals[heir] for heir in below])
                if value is not None:
                    for one in (path, *between):
                        goals[one] = goals[one].copy()
                        goals[one].setdefault(key, value[0])


def _widen(goals: dict[Path, CfgDict], path: Path, key: str, added: CfgDict) -> None:
    """Add items to one dict of a goal, unless it has them."""
    own = goals[path].get(key)
    new = {name: value for name, value in added.items() if name not in (own or {})}
    if not isinstance(own, CfgDict) or not new:
        return
    widened = own.copy()
    widened.update(new)
    goals[path] = goals[path].copy()
    goals[path].put(key, widened, origin_of(goals[path], key))


def _shared_items(own: dict[Any, Any], heirs: list[tuple[Path, Any]]) -> CfgDict:
    """The items that every heir has beside those of the base, each with its commonest value."""
    added = CfgDict()
    if not all(isinstance(value, CfgDict) for _, value in heirs):
        return added
    for name in heirs[0][1]:
        if name in own or not all(name in value for _, value in heirs):
            continue
        # What a config says itself is no consequence of its bases.
        values = [value[name] for path, value in heirs if not _wrote(path, value, name)]
        value = _commonest(values) if len(values) * 2 > len(heirs) else None
        if value is not None:
            added.put(name, *value)
    return added


def _wrote(path: Path, container: CfgDict, name: Any) -> bool:
    """Whether a config says something itself."""
    origin = origin_of(container, name)
    return origin is not None and origin.path == path


def _shared_value(key: str, heirs: list[CfgDict]) -> tuple[Any, None] | None:
    """The commonest value of a key that all heirs have."""
    values = [heir[key] for heir in heirs if key in heir]
    return _commonest(values) if len(values) == len(heirs) else None


def _commonest(values: list[Any]) -> tuple[Any, None] | None:
    """The value that more than half of the heirs need, with no origin; ``None`` if none is."""
    largest = largest_group(values)
    return (largest[0], None) if len(largest) * 2 > len(values) else None
