"""The arguments of one call in a config."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.evaluate.budget import Budget
from mmscaffold.config.evaluate.values import Slot


class Args:
    """The arguments of one call, with the slots that dict and list keep.

    Attributes:
        positional: The positional arguments.
        keywords: The keyword arguments, in order.
        slots: The slot of each keyword argument, and under its index of each
            positional one.
        budget: What the call may still spend.
    """

    __slots__ = ("budget", "keywords", "positional", "slots")

    def __init__(
        self,
        positional: list[Any],
        keywords: dict[str, Any],
        slots: dict[Any, Slot],
        budget: Budget,
    ) -> None:
        self.positional = positional
        self.keywords = keywords
        self.slots = slots
        self.budget = budget
