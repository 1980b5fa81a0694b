"""What a file itself must say, so that it resolves to its goal over its bases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmscaffold.config.change import first_difference, removed_keys
from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.resolve.merge import DELETE
from mmscaffold.upgrade.forms.old_text import OldText
from mmscaffold.upgrade.trees.seen_values import SeenValues


def own_part(
    wanted: CfgDict, below: Mapping[Any, Any], text: OldText, seen: SeenValues
) -> CfgDict:
    """The least that makes the wanted dict when it is merged over what the bases have.

    What the file wrote before, and is still wanted, counts as needed, whether or not a base
    says the same.

    Args:
        wanted: What the file must resolve to.
        below: What its bases have.
        text: The file as it is written.
        seen: What is known of values that other files share.

    Returns:
        A dict whose values keep their origins.
    """
    needed = CfgDict()
    for key, value in wanted.items():
        origin = origin_of(wanted, key)
        if key not in below:
            needed.put(key, value, origin)
        elif isinstance(value, dict):
            if _comes_from_below(value, below[key], origin, text, seen):
                continue
            part = _own_dict(value, below[key], origin, text, seen)
            if part is not None:
                needed.put(key, part, origin)
        elif text.wrote(origin) or first_difference(below[key], value) is not None:
            needed.put(key, value, origin)
    return needed


def _comes_from_below(
    wanted: dict[Any, Any], below: Any, origin: Origin | None, text: OldText, seen: SeenValues
) -> bool:
    """Whether a file wrote nothing of a dict, and its bases have it as it is wanted."""
    if type(wanted) is not CfgDict or (origin is not None and origin.parsed is text.parsed):
        return False
    return text.parsed not in seen.files_of(wanted) and seen.are_same(below, wanted)


def _own_dict(
    wanted: dict[Any, Any], below: Any, origin: Origin | None, text: OldText, seen: SeenValues
) -> dict[Any, Any] | None:
    """What to write of a dict over a value that the bases have; ``None`` is nothing."""
    wanted = wanted if isinstance(wanted, CfgDict) else CfgDict(wanted)
    replaced = text.value_of(origin)
    keeps_delete = isinstance(replaced, dict) and DELETE in replaced
    if not isinstance(below, dict) or keeps_delete or removed_keys(below, wanted):
        whole = CfgDict()
        whole.put(DELETE, True, origin_of(replaced, DELETE) if keeps_delete else None)
        whole.update(wanted)
        return whole
    part = own_part(wanted, below, text, seen)
    if part or (text.wrote(origin) and not wanted):
        return part
    return None
