"""What a file itself must say, so that it resolves to its goal over its bases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmscaffold.config.change import first_difference, removed_keys
from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.resolve.merge import DELETE
from mmscaffold.upgrade.forms.old_text import OldText


def own_part(wanted: CfgDict, below: Mapping[Any, Any], text: OldText) -> CfgDict:
    """The least that makes the wanted dict when it is merged over what the bases have.

    What the file wrote before, and is still wanted, counts as needed, whether or not a base
    says the same.

    Args:
        wanted: What the file must resolve to.
        below: What its bases have.
        text: The file as it is written.

    Returns:
        A dict whose values keep their origins.
    """
    needed = CfgDict()
    for key, value in wanted.items():
        origin = origin_of(wanted, key)
        if key not in below:
            needed.put(key, value, origin)
        elif isinstance(value, dict):
            part = _own_dict(value, below[key], origin, text)
            if part is not None:
                needed.put(key, part, origin)
        elif text.wrote(origin) or first_difference(below[key], value) is not None:
            needed.put(key, value, origin)
    return needed


def _own_dict(
    wanted: dict[Any, Any], below: Any, origin: Origin | None, text: OldText
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
    part = own_part(wanted, below, text)
    if part or (text.wrote(origin) and not wanted):
        return part
    return None
