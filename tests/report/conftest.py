from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.browser import started_browser


# No longer than one module: while Playwright runs, no other test of the process may use asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with started_browser() as started:
        yield started
