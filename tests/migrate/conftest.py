from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from mmscaffold.project import ClassMap

Tree = Callable[..., Path]


@pytest.fixture
def class_map() -> ClassMap:
    return ClassMap(
        "my_project",
        "MyRunner",
        {
            "EpochBasedTrainLoop": "MyEpochBasedTrainLoop",
            "IterBasedTrainLoop": "MyIterBasedTrainLoop",
            "ValLoop": "MyValLoop",
            "TestLoop": "MyTestLoop",
            "RetinaNet": "MyRetinaNet",
            "FasterRCNN": "MyFasterRCNN",
        },
    )


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Write files below a folder and return it: ``tree(a="x = 1")`` makes ``a.py``."""

    def write(**files: str) -> Path:
        folder = tmp_path / "configs"
        for name, text in files.items():
            path = folder / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
        return folder

    return write
