from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mmscaffold.scaffold import new_project
from support.unmeasured import unmeasured_processes


@pytest.fixture(scope="package", autouse=True)
def _unmeasured() -> Iterator[None]:
    with unmeasured_processes():
        yield


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the default answers; tests must not change its files."""
    return new_project(tmp_path_factory.mktemp("made") / "my-project", {})
