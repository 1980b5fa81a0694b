"""The arguments of one call in a config."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.evaluate.budget import Budget
from mmscaffold.config.evaluate.origin import Origin


class Args:
    """The arguments of one call, with the origins that dict and list keep.

    Attributes:
        positional: The positional arguments.
        keywords: The keyword arguments, in order.
        origins: The origin of each keyword argument, and under its index of each
            positional one.
        budget: What the call may still spend.
    """

    __slots__ = ("budget", "keywords", "origins", "positional")

    def __init__(
        self,
        positional: list[Any],
        keywords: dict[str, Any],
        origins: dict[Any, Origin],
        budget: Budget,
    ) -> None:
        self.positional = positional
        self.keywords = keywords
        self.origins = origins
        self.budget = budget
