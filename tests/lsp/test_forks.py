"""A clone of mmdet in the workspace: what its classes are is read beside what the editor asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from mmscaffold.lsp import forks as forks_module
from mmscaffold.lsp.forks import forks_around, forks_in, read_ahead
from mmscaffold.project.class_cache import cache_folder
from support.editor import CONFIG, Editor

FILES = {
    "mmdet/__init__.py": "",
    "mmdet/version.py": "__version__ = '3.3.0+mine'\n",
    "mmdet/registry.py": (
        "from mmengine.registry import Registry\nMODELS = Registry('model', scope='mmdet')\n"
    ),
    "mmdet/models/__init__.py": "",
    "src/mmseg/__init__.py": "",
    "src/mmseg/registry/__init__.py": "",
    "mmnothing/__init__.py": "",
    "mine/code.py": "",
    "configs/a.py": (
        "default_scope = 'mmdet'\nmodel = dict(type='QuiteNewNet')\nval_dataloader = dict()\n"
    ),
}
NEW = (
    "from mmdet.registry import MODELS\n\n\n"
    "@MODELS.register_module()\nclass QuiteNewNet:\n    pass\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def test_which_packages_lie_in_a_workspace(root: Path):
    assert forks_in([root]) == [root / "mmdet", root / "src" / "mmseg"]
    assert forks_in([root / "configs"]) == []


def test_which_packages_files_belong_to(root: Path):
    inside = [root / "mmdet/models/new.py", root / "mmdet/version.py", root / "mmdet/a.json"]
    assert forks_around(inside) == [root / "mmdet"]
    assert forks_around([root / "mine/code.py", root / "configs/a.py"]) == []
    assert forks_around([root / "src/mmseg/registry/__init__.py"]) == [root / "src" / "mmseg"]


def test_what_was_read_ahead_is_at_hand(root: Path, monkeypatch, tmp_path_factory):
    monkeypatch.setenv("MMSCAFFOLD_CACHE", str(tmp_path_factory.mktemp("cache")))
    read_ahead([root / "mmdet"])
    [kept] = cache_folder().iterdir()
    (root / "mmdet/models/new.py").write_text(NEW)
    read_ahead([root / "mmdet"])
    [newer] = cache_folder().iterdir()
    assert newer != kept
    assert "QuiteNewNet" in newer.read_text()
    assert forks_module.source_of(root / "mmdet", "mmdet").table.registered["MODELS"]


@pytest_lsp.fixture(config=CONFIG)
async def in_fork(client: Editor, root: Path) -> AsyncIterator[None]:
    await client.start(root)
    yield
    await client.shutdown_session()


@pytest.mark.subprocess
@pytest.mark.asyncio
async def test_a_class_that_was_saved_becomes_known(root: Path, in_fork: Editor):
    uri = in_fork.open(root / "configs/a.py")
    assert [one.code for one in await in_fork.findings(uri)] == ["MMS129"]
    file = root / "mmdet/models/new.py"
    file.write_text(NEW)
    changed = types.FileEvent(file.as_uri(), types.FileChangeType.Created)
    in_fork.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
    await in_fork.until(lambda: not in_fork.diagnostics[uri])
