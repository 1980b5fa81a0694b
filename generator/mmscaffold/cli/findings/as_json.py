"""Findings for scripts: one JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmscaffold.check import Report
from mmscaffold.cli.documents import say_document

if TYPE_CHECKING:
    from mmscaffold.cli.documents.shapes import Check


def show(report: Report) -> None:
    """Print the report as JSON; paths are absolute, lines and columns count from 1.

    An end is right after the last character.
    """
    document: Check = {
        "findings": [
            {
                "rule": finding.rule.id,
                "name": finding.rule.name,
                "severity": finding.rule.severity.value,
                "message": finding.diagnostic.message,
                "hint": finding.diagnostic.hint,
                "path": str(finding.diagnostic.place.path),
                "line": finding.diagnostic.place.line,
                "column": finding.diagnostic.place.column,
                "end_line": finding.diagnostic.place.end_line,
                "end_column": finding.diagnostic.place.end_column,
                "fixable": bool(finding.diagnostic.fix),
                "seen_in": [str(path) for path in finding.seen_in],
            }
            for finding in report.findings
        ],
        "configs": len(report.configs),
        "code_files": len(report.code),
        "not_understood": [
            {"path": str(path), "where": error.where, "message": error.message}
            for path, error in report.not_understood
        ],
        "not_known": [
            {"where": where, "message": message} for where, message in report.unknown.items()
        ],
        "without_base": {str(path): package for path, package in report.baseless.items()},
        "skipped": [{"path": str(path), "reason": reason} for path, reason in report.skipped],
    }
    say_document("check", document)
