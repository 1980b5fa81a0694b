"""The resolved config beside the file, kept up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from mmengine.config import Config
from support.editor import CONFIG, Editor

pytestmark = [pytest.mark.subprocess, pytest.mark.asyncio(loop_scope="module")]


@pytest_lsp.fixture(config=CONFIG, scope="module")
async def editor(client: Editor, tree: Path) -> AsyncIterator[None]:
    await client.start(tree, "emacs")
    yield
    await client.shutdown_session()


async def test_it_is_what_mmengine_makes_of_the_file(editor: Editor, tree: Path, tmp_path: Path):
    path = tree / "retinanet" / "retinanet_r50_fpn_1x_coco.py"
    answer = await editor.ask("mmscaffold/resolved", {"uri": path.as_uri()})
    assert answer.languageId == "python"
    resolved = tmp_path / "resolved.py"
    resolved.write_text(answer.text)
    assert Config.fromfile(resolved).to_dict() == Config.fromfile(path).to_dict()


async def test_it_follows_what_is_typed_here_and_in_bases(editor: Editor, tree: Path):
    heir = editor.open(tree / "retinanet" / "retinanet_r50_fpn_1x_coco.py")
    base = editor.open(tree / "_base_" / "schedules" / "schedule_1x.py")
    await editor.findings(heir)
    await editor.findings(base)
    editor.resolved_changed.clear()
    editor.replace(heir, "lr=0.01", "lr=0.02")
    await editor.until(lambda: heir in editor.resolved_changed)
    assert base not in editor.resolved_changed
    assert "lr=0.02" in (await editor.ask("mmscaffold/resolved", {"uri": heir})).text
    editor.resolved_changed.clear()
    editor.replace(base, "max_epochs=12", "max_epochs=13")
    await editor.until(lambda: {heir, base} <= set(editor.resolved_changed))
    answer = await editor.ask("mmscaffold/resolved", {"uri": heir})
    assert "max_epochs=13" in answer.text
    assert not hasattr(answer, "error")
    # Half-written, it is as it was, and says why.
    editor.replace(heir, "optim_wrapper = dict(", "optim_wrapper = dict((")
    answer = await editor.ask("mmscaffold/resolved", {"uri": heir})
    assert "max_epochs=13" in answer.text
    assert "syntax error" in answer.error
    editor.close(heir)
    editor.close(base)


async def test_code_has_none(editor: Editor, tree: Path):
    uri = editor.open(tree / "code.py", "class A:\n    pass\n")
    assert (await editor.ask("mmscaffold/resolved", {"uri": uri})).text is None
    editor.close(uri)
