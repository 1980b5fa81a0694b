"""What ``check`` finds in an open document, as the editor shows it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types

from mmscaffold.check.diagnostic import Severity
from mmscaffold.check.open_file import check_open_code, check_open_config
from mmscaffold.check.report import Finding
from mmscaffold.config.errors import ConfigError, ConfigSyntaxError, NotAConfigError
from mmscaffold.config.resolve.bases import base_assignment
from mmscaffold.config.text.source import DATA_SUFFIXES, MAX_BYTES
from mmscaffold.errors import MmscaffoldError
from mmscaffold.lsp.documents import Document
from mmscaffold.lsp.pages import rule_url
from mmscaffold.lsp.positions import Text
from mmscaffold.lsp.session import Session

SOURCE = "mmscaffold"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
# What a file of code mentions that registers a class, or derives from one of mmengine's.
_REGISTERS = re.compile(rb"\bregister_module\b")
_DERIVES = re.compile(rb"^[ \t]*class[ \t]+\w+[ \t]*\(", re.MULTILINE)
_IMPORTS_FAMILY = re.compile(rb"\b(?:from|import)[ \t]+mm\w+")
_PLACE = re.compile(r"(?P<path>.+?)(?::(?P<line>\d+))?(?::(?P<column>\d+))?")
_BASES = re.compile(r"^[ \t]*[\"']?_base_\b|\bread_base\b", re.MULTILINE)


@dataclass(frozen=True)
class Diagnosis:
    """What was found in one version of a document.

    Attributes:
        document: The document.
        diagnostics: What to show; ``None`` leaves what is shown, as in a half-written file.
        has_changed: Whether the config resolves to something else than at the last diagnosis.
        is_ours: Whether it is a config, or code that registers classes.
    """

    document: Document
    diagnostics: list[types.Diagnostic] | None
    has_changed: bool = False
    is_ours: bool = True


def diagnose(session: Session, path: Path) -> Diagnosis | None:
    """Look for findings in an open document; ``None`` if it is not open any more."""
    document = session.documents.get(path)
    if document is None:
        return None
    if not session.settings.diagnostics:
        return Diagnosis(document, [])
    try:
        if session.index.is_config(path):
            return _of_config(session, document)
        raw = session.buffers[path]
        if path.suffix != ".py" or len(raw) > MAX_BYTES or not _is_ours(raw):
            return Diagnosis(document, [], is_ours=False)
        return Diagnosis(document, _of_code(session, document, raw))
    except MmscaffoldError as error:
        # Of the project's pyproject.toml.
        return Diagnosis(document, [_of_error(session, document, error)])


def _is_ours(raw: bytes) -> bool:
    return bool(_REGISTERS.search(raw) or (_DERIVES.search(raw) and _IMPORTS_FAMILY.search(raw)))


def inherits(session: Session, path: Path, base: Path) -> bool:
    """Whether an open document is a config that inherits from a file."""
    return path != base and path in session.index.heirs(base)


def _of_config(session: Session, document: Document) -> Diagnosis:
    path = document.path
    try:
        config = session.resolve(path)
    except ConfigSyntaxError as error:
        if _path_of(error) == path:
            # Whatever edits the language says so, and the next key may mend it.
            return Diagnosis(document, None)
        return Diagnosis(document, [_of_error(session, document, error)])
    except NotAConfigError:
        return Diagnosis(document, [], is_ours=False)
    except ConfigError as error:
        return Diagnosis(document, [_of_error(session, document, error)])
    of, found = session.findings.get(path, (None, []))
    changed = config is not of
    if changed:
        settings = session.check_settings(path)
        found = check_open_config(config, session.resolver, session.known_code, settings)
        session.findings[path] = config, found
    return Diagnosis(document, [as_diagnostic(one, document.text) for one in found], changed)


def _of_code(session: Session, document: Document, raw: bytes) -> list[types.Diagnostic] | None:
    path = document.path
    if path not in session.trees:
        return None
    settings = session.check_settings(path)
    found = check_open_code(path, settings, session.trees, session.buffers)
    session.findings[path] = raw, found
    return [as_diagnostic(one, document.text) for one in found]


def as_diagnostic(finding: Finding, text: Text) -> types.Diagnostic:
    """A finding as the editor shows it, in the text in which it was found."""
    rule, found = finding.rule, finding.diagnostic
    return types.Diagnostic(
        range=text.range_of_place(found.place),
        message=f"{found.message}\n{found.hint}" if found.hint else found.message,
        severity=_SEVERITIES[rule.severity],
        code=rule.id,
        code_description=types.CodeDescription(rule_url(rule)),
        source=SOURCE,
    )


def _of_error(session: Session, document: Document, error: MmscaffoldError) -> types.Diagnostic:
    """An error where it stands in the document; what stands elsewhere, where it comes in."""
    related = None
    place = _PLACE.fullmatch(error.where or "")
    path = _path_of(error)
    if path == document.path and place is not None and place["line"]:
        line = int(place["line"]) - 1
        whole = document.text.line(line)
        start = document.text.line_starts[line] if line < len(document.text.line_starts) else 0
        first = int(place["column"]) - 1 if place["column"] else len(whole) - len(whole.lstrip())
        where = document.text.range_at(start + first, start + len(whole))
    else:
        where = _where_bases_are(document)
        if path is not None and path != document.path and place is not None:
            position = types.Position(int(place["line"] or 1) - 1, 0)
            location = types.Location(session.uri(path), types.Range(position, position))
            related = [types.DiagnosticRelatedInformation(location, error.message)]
    message = error.message if path == document.path else str(error).partition("\n")[0]
    return types.Diagnostic(
        range=where,
        message=f"{message}\n{error.hint}" if error.hint else message,
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
        related_information=related,
    )


def _path_of(error: MmscaffoldError) -> Path | None:
    place = _PLACE.fullmatch(error.where or "")
    return Path(place["path"]) if place else None


def _where_bases_are(document: Document) -> types.Range:
    """The entry of ``_base_``, or of the imports; the first line where there is none."""
    text = document.text
    if document.path.suffix not in DATA_SUFFIXES:
        try:
            statement = base_assignment(ast.parse(text.text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            statement = None
        if statement is not None:
            number = statement.lineno - 1
            start = text.line_starts[number]
            return text.range_at(start, start + len(text.line(number)))
    found = _BASES.search(text.text)
    start = found.start() if found else 0
    number = text.position_at(start).line
    return text.range_at(start, text.line_starts[number] + len(text.line(number)))
