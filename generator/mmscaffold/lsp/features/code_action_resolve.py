"""The edit of a quick fix, planned when it is chosen."""

from __future__ import annotations

from lsprotocol import types

from mmscaffold.lsp.feature import Feature, Later
from mmscaffold.lsp.fixing import chosen_fix
from mmscaffold.lsp.session import Session


def resolve(session: Session, action: types.CodeAction) -> Later | types.CodeAction:
    """The action with its edit.

    Raises:
        MmscaffoldError: If what it was to fix is not there any more.
    """
    if action.data is None:
        return action
    plan = chosen_fix(session, action.data)

    def with_edit() -> types.CodeAction:
        action.edit = plan()
        return action

    return Later(with_edit)


FEATURE = Feature(types.CODE_ACTION_RESOLVE, resolve)
