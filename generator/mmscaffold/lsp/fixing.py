"""The fixes of findings as an edit: planned and verified as ``check --fix`` does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lsprotocol import types

from mmscaffold.check.report import Finding
from mmscaffold.errors import MmscaffoldError
from mmscaffold.lsp.documents import Document
from mmscaffold.lsp.edits import edits_of_plan, workspace_edit
from mmscaffold.lsp.session import Session


def fix_edit(
    session: Session, document: Document, findings: list[Finding]
) -> Callable[[], types.WorkspaceEdit]:
    """A function, which takes its time, for the edit that fixes findings in a document.

    As on the command line, what inherits from the file elsewhere in the project is looked at,
    and a fix that would change it in another way is not made.

    Args:
        session: The session; the function itself does not use it.
        document: The document; only this file changes.
        findings: Findings in it.
    """
    settings = session.check_settings(document.path)
    buffers, documents = dict(session.buffers), dict(session.documents)
    capabilities, encoding = session.capabilities, session.encoding

    def plan() -> types.WorkspaceEdit:
        from mmscaffold.migrate.fix import plan_fixes

        planned = plan_fixes(findings, [document.path], [document.path], settings, buffers)
        if not planned.edited:
            reasons = [str(error) for _, error in planned.failed]
            reasons += [note for file in planned.files for note in file.notes]
            raise MmscaffoldError(
                "this cannot be fixed here" + "".join(f"; {one}" for one in reasons),
                where=str(document.path),
            )
        return workspace_edit(edits_of_plan(planned.edited, documents, encoding), capabilities)

    return plan


def key_of(finding: Finding) -> list[Any]:
    """What tells a finding of a document from others, in JSON."""
    place = finding.diagnostic.place
    return [finding.rule.id, place.line, place.column, finding.diagnostic.message]
