"""Processes whose coverage nobody wants: they train, and none of the tool's code runs in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

# What coverage sets, so that the processes started below measure themselves.
_VARIABLES = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")


@contextmanager
def unmeasured_processes() -> Iterator[None]:
    """Within it, processes are started unmeasured: a training takes a quarter longer otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        for name in _VARIABLES:
            patch.delenv(name, raising=False)
        yield
