from __future__ import annotations

from pathlib import Path

import pytest


def old_of(path: Path) -> bytes:
    return b"old " + path.name.encode() * 50


def new_of(path: Path) -> bytes:
    return b"new " + path.name.encode() * 70


@pytest.fixture
def tree(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    paths = [folder / f"{number}.py" for number in range(20)]
    for path in paths:
        path.write_bytes(old_of(path))
    return paths
