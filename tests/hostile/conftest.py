from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.measured import Worker


@pytest.fixture(scope="session")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """Runs commands and measures them."""
    made = Worker(tmp_path_factory.mktemp("worker"))
    yield made
    made.close()
