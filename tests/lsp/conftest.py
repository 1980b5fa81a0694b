"""Trees of configs that tests may write in, and editors that stay open for all tests."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from mmscaffold.scaffold import new_project
from support.editor import CONFIG, Editor

_FOLDERS = ("_base_", "faster_rcnn", "retinanet", "rtmdet")


@pytest.fixture(scope="session")
def tree(mmdet_configs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of some folders of mmdet's configs; what a test edits there, it edits unsaved."""
    root = tmp_path_factory.mktemp("mmdet") / "configs"
    for folder in _FOLDERS:
        shutil.copytree(mmdet_configs / folder, root / folder)
    return root


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as the template makes it, with its own loops, Runner and model."""
    return new_project(tmp_path_factory.mktemp("made") / "my-project", {})


@pytest_lsp.fixture(config=CONFIG, scope="session")
async def editor(client: Editor, tree: Path) -> AsyncIterator[None]:
    """Neovim, on a copy of mmdet's configs; it counts columns in UTF-8."""
    await client.start(tree, "neovim")
    yield
    await client.shutdown_session()


@pytest_lsp.fixture(config=CONFIG, scope="session")
async def vscode(client: Editor, tree: Path) -> AsyncIterator[None]:
    """VS Code on the same; it counts columns in UTF-16, and shows pages itself."""
    pages = {"mmscaffold": {"pages": True}}
    client.hello = await client.start(tree, "visual-studio-code", experimental=pages)
    yield
    await client.shutdown_session()
