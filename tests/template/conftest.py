from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.scaffold import new_project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the default answers; tests must not change its files."""
    return new_project(tmp_path_factory.mktemp("made") / "my-project", {})
