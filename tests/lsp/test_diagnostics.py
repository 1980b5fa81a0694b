from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from support.editor import CONFIG, Editor

pytestmark = [pytest.mark.subprocess, pytest.mark.asyncio(loop_scope="module")]


@pytest_lsp.fixture(config=CONFIG, scope="module")
async def editor(client: Editor, tree: Path) -> AsyncIterator[None]:
    await client.start(tree)
    yield
    await client.shutdown_session()


async def test_a_finding_is_shown_where_check_tells_it(editor: Editor, tree: Path):
    uri = editor.open(tree / "faster_rcnn" / "faster-rcnn_r50-caffe-dc5_ms-3x_coco.py")
    (found,) = await editor.findings(uri)
    assert found.code == "MMS102"
    assert found.source == "mmscaffold"
    assert found.severity is types.DiagnosticSeverity.Error
    assert found.code_description is not None
    assert found.code_description.href.endswith("/docs/rules/MMS102.md")
    start = editor.position(uri, "_base_.param_scheduler[1].milestones")
    assert found.range.start.line == start.line
