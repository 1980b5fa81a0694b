"""The fixes of findings as an edit: planned and verified as ``check --fix`` does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lsprotocol import types

from mmscaffold.check.report import Finding
from mmscaffold.errors import MmscaffoldError
from mmscaffold.lsp.diagnostics import diagnose
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


def chosen_fix(session: Session, data: Any) -> Callable[[], types.WorkspaceEdit]:
    """The same for findings that the user chose.

    Args:
        session: The session.
        data: What ``fix_data`` gave when the fix was offered.

    Raises:
        MmscaffoldError: If what it was to fix is not there any more.
    """
    uri = data.get("uri") if isinstance(data, dict) else None
    path = session.path(uri) if isinstance(uri, str) else None
    document = session.documents.get(path) if path else None
    diagnosis = diagnose(session, document.path) if document else None
    wanted = data.get("findings") if isinstance(data, dict) else None
    if document is None or diagnosis is None or not isinstance(wanted, list):
        raise MmscaffoldError("the file is not open any more")
    found = [one for one in diagnosis.findings if key_of(one) in wanted]
    if not found:
        raise MmscaffoldError("the file was changed meanwhile: ask for the fix again")
    return fix_edit(session, document, found)


def fix_data(document: Document, findings: list[Finding]) -> dict[str, Any]:
    """What tells later which findings of a document were to be fixed, in JSON."""
    return {"uri": document.uri, "findings": [key_of(one) for one in findings]}


def key_of(finding: Finding) -> list[Any]:
    """What tells a finding of a document from others, in JSON."""
    place = finding.diagnostic.place
    return [finding.rule.id, place.line, place.column, finding.diagnostic.message]
