"""Trees of configs that tests may write in, and editors that stay open for all tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from mmscaffold.scaffold import new_project
from support.editor import CONFIG, Editor, copied_tree


@pytest.fixture(scope="session")
def tree(mmdet_configs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of some folders of mmdet's configs; what a test edits there, it edits unsaved."""
    return copied_tree(mmdet_configs, tmp_path_factory.mktemp("mmdet"))


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
