"""Findings for code scanning: SARIF 2.1.0 (OASIS), as GitHub and editors read it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import mmscaffold
from mmscaffold.check import Finding, Report, Rule, Severity
from mmscaffold.check.pages import page
from mmscaffold.check.report import base_remedy
from mmscaffold.cli.text import say_json

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_SOURCE = "https://github.com/mmscaffold/mmscaffold"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT = "SRCROOT"


def show(report: Report) -> None:
    """Print the report as a SARIF log; paths count from the current folder."""
    say_json(document(report, Path.cwd()))


def document(report: Report, root: Path) -> dict[str, Any]:
    """The SARIF log of a report.

    Args:
        report: What was found.
        root: The folder that paths count from.
    """
    rules = list({finding.rule.id: finding.rule for finding in report.findings}.values())
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    driver = {
        "name": "mmscaffold",
        "semanticVersion": mmscaffold.__version__,
        "informationUri": _SOURCE,
        "rules": [_rule(rule) for rule in rules],
    }
    unread = [
        {
            "level": "warning",
            "message": {"text": error.message},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(path, root)}}],
        }
        for path, error in report.not_understood
    ]
    unread += [
        {
            "level": "warning",
            "message": {
                "text": f"not understood: its base is of {package}, which is not installed. "
                f"{base_remedy(package)}"
            },
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(path, root)}}],
        }
        for path, package in report.baseless.items()
    ]
    unknown = [
        {"level": "note", "message": {"text": f"unknown: {where}: {what}"}}
        for where, what in report.unknown.items()
    ]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"uri": f"{root.as_uri()}/"}},
        "invocations": [
            {
                "executionSuccessful": report.exit_code != 2,
                "toolExecutionNotifications": [*unread, *unknown],
            }
        ],
        "results": [
            _result(finding, numbers[finding.rule.id], root) for finding in report.findings
        ],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    text = page(rule)
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": f"{rule.summary}."},
        "help": {"text": rule.page, "markdown": text},
        "helpUri": f"{_SOURCE}/blob/main/docs/rules/{rule.id}.md",
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, number: int, root: Path) -> dict[str, Any]:
    place = finding.diagnostic.place
    result: dict[str, Any] = {
        "ruleId": finding.rule.id,
        "ruleIndex": number,
        "level": _LEVELS[finding.rule.severity],
        "message": {"text": f"{finding.diagnostic.message}. {finding.diagnostic.hint}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(place.path, root),
                    "region": {
                        "startLine": place.line,
                        "startColumn": place.column,
                        "endLine": place.end_line,
                        "endColumn": place.end_column,
                    },
                }
            }
        ],
    }
    others = [path for path in finding.seen_in if path != place.path]
    if others:
        result["relatedLocations"] = [
            {
                "id": identifier,
                "message": {"text": "seen in"},
                "physicalLocation": {"artifactLocation": _artifact(path, root)},
            }
            for identifier, path in enumerate(others)
        ]
    return result


def _artifact(path: Path, root: Path) -> dict[str, str]:
    if path.is_relative_to(root):
        return {"uri": quote(os.fsencode(path.relative_to(root).as_posix())), "uriBaseId": _ROOT}
    return {"uri": path.as_uri()}
