"""Which versions of what are at work here, read without importing any of it."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, distribution

import mmscaffold

# What decides how configs are read and runs go wrong; each may be missing.
_DISTRIBUTIONS = ("mmengine", "mmcv", "mmcv-full", "mmcv-lite", "mmdet", "torch", "numpy")
_OWN = ("click", "copier", "rich", "PyYAML", "pygls", "matplotlib")


def environment() -> dict[str, str | None]:
    """The versions, by name; ``None`` for what is not installed."""
    return {
        "mmscaffold": mmscaffold.__version__,
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "system": f"{platform.system()} {platform.release()} ({platform.machine()})",
        "executable": sys.executable,
        **{name: _version(name) for name in (*_DISTRIBUTIONS, *_OWN)},
    }


def _version(name: str) -> str | None:
    try:
        version: str | None = distribution(name).version
    except PackageNotFoundError:
        return None
    # A folder of metadata that is damaged has none.
    return version or None
