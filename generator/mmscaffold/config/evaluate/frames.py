"""The names within one call of a function of a config."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.scan import Names


class Frame(dict[str, Any]):
    """The names of one call of a function.

    Args:
        names: Who they belong to.
    """

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names
        self.origins: dict[str, Origin | None] = {}

    def put(self, name: str, value: Any, origin: Origin | None) -> None:
        """Set one name."""
        self[name] = value
        self.origins[name] = origin
