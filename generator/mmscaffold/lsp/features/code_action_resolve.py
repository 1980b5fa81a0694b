"""The edit of a quick fix, planned when it is chosen."""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from mmscaffold.errors import MmscaffoldError
from mmscaffold.lsp.diagnostics import diagnose
from mmscaffold.lsp.feature import Feature, Later
from mmscaffold.lsp.fixing import fix_edit, key_of
from mmscaffold.lsp.session import Session


def resolve(session: Session, action: types.CodeAction) -> Later | types.CodeAction:
    """The action with its edit.

    Raises:
        MmscaffoldError: If what it was to fix is not there any more.
    """
    data: Any = action.data
    if not isinstance(data, dict) or "findings" not in data:
        return action
    path = session.path(str(data.get("uri")))
    document = session.documents.get(path) if path else None
    if document is not None:
        diagnose(session, document.path)
    known = session.findings.get(document.path) if document else None
    found = [one for one in (known[1] if known else []) if key_of(one) in data["findings"]]
    if document is None or not found:
        raise MmscaffoldError("the file was changed meanwhile: ask for the fix again")
    plan = fix_edit(session, document, found)

    def with_edit() -> types.CodeAction:
        action.edit = plan()
        return action

    return Later(with_edit)


FEATURE = Feature(types.CODE_ACTION_RESOLVE, resolve)
