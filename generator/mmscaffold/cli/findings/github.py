"""Findings as annotations of a GitHub workflow run."""

from __future__ import annotations

import click

from mmscaffold.check import Place, Report, Severity
from mmscaffold.cli.findings import text
from mmscaffold.cli.text import shorten, visible

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def show(report: Report) -> None:
    """Print one workflow command per finding, then the end of the text report."""
    for finding in report.findings:
        place = finding.diagnostic.place
        command = _COMMANDS[finding.rule.severity]
        title = f"{finding.rule.id} {finding.rule.name}"
        where = f"file={_property(shorten(place.path))},{_range(place)}"
        message = f"{shorten(finding.diagnostic.message)}\n{visible(finding.diagnostic.hint)}"
        click.echo(f"::{command} {where},title={_property(title)}::{_data(message)}")
    text.show_end(report)


def _range(place: Place) -> str:
    lines = f"line={place.line},endLine={place.end_line}"
    if place.line != place.end_line:
        # GitHub takes columns within one line only.
        return lines
    return f"{lines},col={place.column},endColumn={place.end_column}"


def _data(value: str) -> str:
    """Escaped as the workflow commands of GitHub want it."""
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
