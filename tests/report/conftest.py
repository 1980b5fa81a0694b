from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.browser import started_browser


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    with started_browser() as started:
        yield started
