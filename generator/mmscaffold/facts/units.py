"""What training can be counted in."""

from __future__ import annotations

import enum


class Unit(enum.Enum):
    """What a loop, a scheduler or a hook counts."""

    EPOCHS = "epochs"
    ITERATIONS = "iterations"

    @property
    def other(self) -> Unit:
        """The other one of the two."""
        return Unit.ITERATIONS if self is Unit.EPOCHS else Unit.EPOCHS

    def count(self, number: float) -> str:
        """So many of them, for people: ``1 epoch``, ``12 epochs``."""
        return f"{number} {self.value[:-1] if number == 1 else self.value}"
