from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from support import corpora

# Timings on a shared machine say nothing about the code.
settings.register_profile("mmscaffold", deadline=None)
settings.load_profile("mmscaffold")


def _configs(version: str) -> Path:
    if corpora.offline():
        pytest.skip("MMSCAFFOLD_OFFLINE=1: the official configs are not downloaded")
    return corpora.mmdet_configs(version)


@pytest.fixture(scope="session")
def mmdet_configs() -> Path:
    """The ``configs`` folder of mmdet 3.3.0."""
    return _configs("3.3.0")


@pytest.fixture(scope="session")
def mmdet2_configs() -> Path:
    """The ``configs`` folder of mmdet 2.28.2."""
    return _configs("2.28.2")


@pytest.fixture(autouse=True)
def _state_folder(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Journals of the tests, away from the user's own."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("MMSCAFFOLD_STATE", str(folder))
