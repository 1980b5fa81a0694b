"""The arguments of one call in a config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mmscaffold.config.evaluate.budget import Budget
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Unknown

if TYPE_CHECKING:
    from mmscaffold.config.evaluate.evaluation import Evaluation


class Args:
    """The arguments of one call, with the origins that dict and list keep.

    Attributes:
        positional: The positional arguments.
        keywords: The keyword arguments, in order.
        origins: The origin of each keyword argument, and under its index of each
            positional one.
        budget: What the call may still spend.
        unknown: Why it is not known how many arguments there are, if it is not.
        run: The state in which functions among the arguments are called.
    """

    __slots__ = ("budget", "keywords", "origins", "positional", "run", "unknown")

    def __init__(
        self,
        positional: list[Any],
        keywords: dict[str, Any],
        origins: dict[Any, Origin],
        budget: Budget,
        unknown: Unknown | None = None,
        run: Evaluation | None = None,
    ) -> None:
        self.positional = positional
        self.keywords = keywords
        self.origins = origins
        self.budget = budget
        self.unknown = unknown
        self.run = run
