"""Whether output is coloured: NO_COLOR and FORCE_COLOR, as https://no-color.org asks.

What is set to an empty string counts as not set. Where both are set, NO_COLOR wins.
"""

from __future__ import annotations

import os
import sys


def chosen_colour() -> bool | None:
    """What the environment says; ``None`` where it leaves that to the terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def colours_output() -> bool:
    """Whether the standard output takes colours."""
    chosen = chosen_colour()
    return sys.stdout.isatty() if chosen is None else chosen
