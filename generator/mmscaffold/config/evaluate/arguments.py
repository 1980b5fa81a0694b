"""The arguments of one call in a config."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mmscaffold.config.evaluate.budget import Budget
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Unknown


class Args:
    """The arguments of one call, with the origins that dict and list keep.

    Attributes:
        positional: The positional arguments.
        keywords: The keyword arguments, in order.
        origins: The origin of each keyword argument, and under its index of each
            positional one.
        budget: What the call may still spend.
        unknown: Why it is not known how many arguments there are, if it is not.
        find_unknown: What finds an ``Unknown`` in a value.
    """

    __slots__ = ("budget", "find_unknown", "keywords", "origins", "positional", "unknown")

    def __init__(
        self,
        positional: list[Any],
        keywords: dict[str, Any],
        origins: dict[Any, Origin],
        budget: Budget,
        unknown: Unknown | None = None,
        find_unknown: Callable[[Any], Unknown | None] = lambda _: None,
    ) -> None:
        self.positional = positional
        self.keywords = keywords
        self.origins = origins
        self.budget = budget
        self.unknown = unknown
        self.find_unknown = find_unknown
