"""How the code of a config leaves a loop or a function, for those who evaluate them."""

from __future__ import annotations

from typing import Any


class GiveUpError(Exception):
    """Code that was not evaluated may have left the loop or function around it."""


class BreakLoopError(Exception):
    """Leaves the innermost loop of the config."""


class ContinueLoopError(Exception):
    """Starts the next round of the innermost loop of the config."""


class ReturnError(Exception):
    """Leaves a function of the config.

    Args:
        value: What it returns.
    """

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value
