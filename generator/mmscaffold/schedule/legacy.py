"""Configs written for mmcv's Runner (MMDetection 2.x), which mmengine's ignores."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from mmscaffold.facts.legacy import LEGACY_KEYS, LEGACY_OPTIMIZER_HOOKS, LegacyKey
from mmscaffold.facts.loops import UNIT_OF_MAXIMUM

REPLACEMENTS: Mapping[str, str] = {key: row.became for key, row in LEGACY_KEYS.items()}
"""What each 2.x key became in 3.x."""


def replacement(key: str, value: Any) -> str:
    """What a 2.x key became in 3.x, with what its value asks for.

    Args:
        key: The key.
        value: What a config holds there.
    """
    named = value.get("type") if isinstance(value, Mapping) else None
    hook = LEGACY_OPTIMIZER_HOOKS.get(str(named).rpartition(".")[2])
    return REPLACEMENTS[key] if hook is None else hook


_LOOP_KEYS = {"type", "by_epoch", *UNIT_OF_MAXIMUM}


def legacy_keys(config: Mapping[str, Any]) -> list[str]:
    """The 2.x keys of a config that has no 3.x training loop, in the config's order.

    A 3.x config may hold variables of the same names (``optimizer = dict(...)`` to be
    used in ``optim_wrapper``), so keys count only where ``train_cfg`` sets no loop. In
    old 2.x configs ``train_cfg`` belongs to the model.

    Args:
        config: A resolved config's top level.
    """
    if sets_loop(config):
        return []
    return [key for key in config if key in LEGACY_KEYS]


def holds_model_settings(loop: Mapping[str, Any], known: Container[str]) -> bool:
    """Whether a ``train_cfg`` or ``test_cfg`` sets no loop, but a model.

    Before MMDetection 2.8 these stood beside the model, with ``rpn`` and ``rcnn``, or
    ``nms_pre`` and ``nms``, in them.

    Args:
        loop: The value.
        known: The arguments of loops.
    """
    if "type" in loop or "by_epoch" in loop or any(key in known for key in loop):
        return False
    return any(isinstance(value, Mapping) for value in loop.values()) or "score_thr" in loop


def leftover_keys(config: Mapping[str, Any]) -> list[str]:
    """The 2.x keys that were left in a config that has a 3.x training loop.

    Such names are free for variables there, so only values count that mean something to
    mmcv's Runner.

    Args:
        config: A resolved config's top level.
    """
    if not sets_loop(config):
        return []
    return [key for key, row in LEGACY_KEYS.items() if key in config and _is_meant(row, config)]


def own_keys_of_2x(own: Mapping[str, Any]) -> list[str]:
    """The 2.x keys that mean something in a file which inherits from others.

    Over a base, any part of a value will do: ``optimizer = dict(lr=0.01)``.

    Args:
        own: What the file itself sets, its bases left out.
    """
    return [
        key
        for key, row in LEGACY_KEYS.items()
        if key in own
        and (_is_meant(row, own) or (not row.is_a and isinstance(own[key], Mapping) and own[key]))
    ]


def sets_loop(config: Mapping[str, Any]) -> bool:
    """Whether a config says how a loop of 3.x trains; ``train_cfg`` of a model does not."""
    train_cfg = config.get("train_cfg")
    return isinstance(train_cfg, Mapping) and not _LOOP_KEYS.isdisjoint(train_cfg.keys())


def _is_meant(row: LegacyKey, config: Mapping[str, Any]) -> bool:
    """Whether a value is one that mmcv's Runner understands under a key."""
    value = config[row.name]
    if row.is_a:
        return isinstance(value, row.is_a) and value is not False
    if not isinstance(value, Mapping):
        return False
    named = str(value.get("type")).endswith(row.types) if row.types else False
    return named or not value.keys().isdisjoint(row.holds)
