"""What was found out about values that several configs of a run share."""

from __future__ import annotations

from mmscaffold.upgrade.known_data import KnownData
from mmscaffold.upgrade.models.known_parts import KnownParts


class Known:
    """What is known of the values of one run, all of whose configs stay as they are.

    Attributes:
        parts: What became of the parts of models.
        data: What became of data.
        without_placeholders: By ``id``, the containers of old configs that hold no ``${key}``.
    """

    def __init__(self) -> None:
        self.parts = KnownParts()
        self.data = KnownData(self.parts)
        self.without_placeholders: set[int] = set()
