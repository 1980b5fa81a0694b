"""Trees of configs to edit, copied where tests may write; one server for each module of tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from mmscaffold.scaffold import new_project

_FOLDERS = ("_base_", "faster_rcnn", "retinanet", "rtmdet")


@pytest.fixture(scope="module")
def tree(mmdet_configs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of some folders of mmdet's configs; what a test edits there, it edits unsaved."""
    root = tmp_path_factory.mktemp("mmdet") / "configs"
    for folder in _FOLDERS:
        shutil.copytree(mmdet_configs / folder, root / folder)
    return root


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as the template makes it, with its own loops, Runner and model."""
    return new_project(tmp_path_factory.mktemp("made") / "my-project", {})
