"""The error of this room."""

from __future__ import annotations

from mmscaffold.errors import MmscaffoldError


class ComponentError(MmscaffoldError):
    """A component cannot be added; nothing was written."""
