"""Start, migrate and check MMDetection projects that count their epochs correctly.

What others may rely on: ``mmscaffold.config``, ``.check``, ``.migrate``, ``.upgrade``,
``.schedule`` and ``.diagnose``, as far as their ``__all__`` goes. All else is internal.
"""

from __future__ import annotations

__all__ = ["__version__"]

__version__: str
"""The version that is installed."""


def __getattr__(name: str) -> str:
    # Few runs ask for it, and looking it up takes a tenth of the start.
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("mmscaffold")
    except PackageNotFoundError:
        # Run from a checkout that was not installed.
        return "0+unknown"
