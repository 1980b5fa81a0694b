"""What the server makes of answers, of several features, and of workspaces that change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from mmscaffold.config import ConfigError
from mmscaffold.lsp.answering import joined
from mmscaffold.lsp.feature import Feature
from mmscaffold.lsp.session import Session
from support.editor import Editor


def feature(answer: Any) -> Feature:
    def give(session: Session, params: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Feature("textDocument/codeLens", give)


def test_lists_of_several_features_are_one():
    session = Session()
    several = [feature([1]), feature(None), feature(ConfigError("torn")), feature([2, 3])]
    assert joined(several, None, session) == [1, 2, 3]
    assert joined([feature("one")], None, session) == "one"
    with pytest.raises(ConfigError):
        joined([feature(ConfigError("torn"))], None, session)


@pytest.mark.subprocess
@pytest.mark.asyncio(loop_scope="session")
async def test_a_folder_that_joins_the_workspace_is_read(vscode: Editor, tmp_path: Path):
    (tmp_path / "base.py").write_text("model = dict(type='A')\n")
    (tmp_path / "heir.py").write_text("_base_ = './base.py'\n")
    folder = types.WorkspaceFolder(tmp_path.as_uri(), "joined")
    count = vscode.refreshed
    vscode.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent([folder], []))
    )
    await vscode.until(lambda: vscode.refreshed > count)
    uri = vscode.open(tmp_path / "base.py")
    params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
    lenses = await vscode.ask(types.TEXT_DOCUMENT_CODE_LENS, params)
    assert any("1 config" in one.command.title for one in lenses)
    vscode.close(uri)
    vscode.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent([], [folder]))
    )
