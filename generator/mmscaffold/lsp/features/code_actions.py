"""Quick fixes, comments that suppress, explanations, and what can be done with a whole config."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types

from mmscaffold.check.report import Finding
from mmscaffold.lsp.diagnostics import as_diagnostic, diagnose
from mmscaffold.lsp.documents import Document
from mmscaffold.lsp.edits import FileEdit, workspace_edit
from mmscaffold.lsp.feature import Feature
from mmscaffold.lsp.fixing import fix_edit, key_of
from mmscaffold.lsp.operations import OPERATIONS
from mmscaffold.lsp.session import Session
from mmscaffold.lsp.suppressing import suppression

_QUICK_FIX = types.CodeActionKind.QuickFix.value
_FIX_ALL = "source.fixAll.mmscaffold"
_REWRITE = types.CodeActionKind.RefactorRewrite.value
_LONGEST = 60  # characters of a message, in a menu


def code_actions(session: Session, params: types.CodeActionParams) -> list[types.CodeAction]:
    """What can be done about the findings in a range, and with the config."""
    path = session.path(params.text_document.uri)
    document = session.documents.get(path) if path else None
    if document is None or diagnose(session, document.path) is None:
        return []
    known = session.findings.get(document.path)
    found = known[1] if known else []
    asked = params.context
    actions = [*_about_findings(session, document, found, params.range)]
    fixable = [one for one in found if one.diagnostic.fix]
    if fixable:
        title = "Fix all that mmscaffold can fix in this file"
        actions.append(_fixing(session, document, fixable, types.CodeAction(title, _FIX_ALL)))
    # Not a light bulb on every line.
    if asked.trigger_kind is not types.CodeActionTriggerKind.Automatic:
        actions += _with_the_config(session, document)
    return [one for one in actions if _is_wanted(str(one.kind), asked.only)]


def _is_wanted(kind: str, only: Iterable[types.CodeActionKind | str] | None) -> bool:
    wanted = [one.value if isinstance(one, types.CodeActionKind) else one for one in only or ()]
    return only is None or any(kind == one or kind.startswith(f"{one}.") for one in wanted)


def _about_findings(
    session: Session, document: Document, findings: list[Finding], where: types.Range
) -> Iterator[types.CodeAction]:
    for finding in findings:
        diagnostic = as_diagnostic(finding, document.text)
        if not (diagnostic.range.start <= where.end and where.start <= diagnostic.range.end):
            continue
        rule = finding.rule.id
        if finding.diagnostic.fix:
            message = finding.diagnostic.message
            short = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}..."
            action = types.CodeAction(
                f"Fix {rule}: {short}", _QUICK_FIX, [diagnostic], is_preferred=True
            )
            yield _fixing(session, document, [finding], action)
        comment = suppression(finding, document)
        if comment is not None:
            file = FileEdit(document.uri, document.version, [comment])
            yield types.CodeAction(
                f"Suppress {rule} with a comment",
                _QUICK_FIX,
                [diagnostic],
                edit=workspace_edit([file], session.capabilities),
            )
        title = f"Explain {rule}: {finding.rule.name}"
        command = types.Command(title, "mmscaffold.explainRule", arguments=[rule])
        yield types.CodeAction(title, _QUICK_FIX, [diagnostic], command=command)


def _fixing(
    session: Session, document: Document, findings: list[Finding], action: types.CodeAction
) -> types.CodeAction:
    """An action whose edit is planned when it is chosen, if the editor can wait so long."""
    if _resolves_later(session.capabilities):
        action.data = {"uri": document.uri, "findings": [key_of(one) for one in findings]}
    else:
        action.edit = fix_edit(session, document, findings)()
    return action


def _resolves_later(capabilities: types.ClientCapabilities) -> bool:
    can = capabilities.text_document.code_action if capabilities.text_document else None
    lazily = can.resolve_support if can else None
    return bool(can and can.data_support and lazily and "edit" in lazily.properties)


def _with_the_config(session: Session, document: Document) -> Iterator[types.CodeAction]:
    config = session.known(document.path) if session.index.is_config(document.path) else None
    if config is None:
        return
    for operation in OPERATIONS:
        title = operation.offer(session, config)
        if title is not None:
            command = types.Command(title, operation.command, arguments=[{"uri": document.uri}])
            yield types.CodeAction(title, _REWRITE, command=command)


FEATURE = Feature(
    types.TEXT_DOCUMENT_CODE_ACTION,
    code_actions,
    types.CodeActionOptions([_QUICK_FIX, _FIX_ALL, _REWRITE], resolve_provider=True),
)
