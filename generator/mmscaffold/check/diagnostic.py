"""One finding of a rule."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from mmscaffold.config.origin import Origin


class Severity(enum.Enum):
    """How sure and how grave a finding is."""

    ERROR = "error"
    """The Runner refuses the config, or silently trains something else than written."""
    WARNING = "warning"
    """Probably not what was meant."""


@dataclass(frozen=True)
class Diagnostic:
    """What a rule found, and where.

    Attributes:
        message: What is wrong, with the values.
        origin: The expression to blame.
        hint: What to do.
    """

    message: str
    origin: Origin
    hint: str
