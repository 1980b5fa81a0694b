"""Arguments of transforms and data sets that their classes of 3.x do not have."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.key_path import Key
from mmscaffold.upgrade.draft import Draft
from mmscaffold.upgrade.tables.mmdet_models import SCOPE, family_of_3x

ADVICE = "3.x refuses it when it builds the class: delete it, or write what does the same."


def untaken(draft: Draft, registry: str) -> Iterator[Key]:
    """The arguments of the old dict that are left, and that its class does not take.

    Args:
        draft: What the dict has become.
        registry: The registry that it is built from: ``TRANSFORMS`` or ``DATASETS``.

    Yields:
        The keys; none where the class is not known, or takes any argument.
    """
    name = draft.get("type")
    if not isinstance(name, str):
        return
    family = family_of_3x()
    taken = family.constructor(family.find(SCOPE, registry, name))
    if taken is None or taken.is_open:
        return
    for key in draft.values:
        if key != "type" and key in draft.part and key not in taken.arguments:
            yield key


def refusal(name: str, key: Key) -> str:
    """What the note on such an argument says."""
    return f"{name} takes no {key} in 3.x"
