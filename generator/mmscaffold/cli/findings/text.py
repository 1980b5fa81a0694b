"""Findings for people: the line with what is wrong underlined, why, and what to do."""

from __future__ import annotations

from collections import Counter

import click

from mmscaffold.check import Finding, Report, Severity
from mmscaffold.check.report import base_remedy
from mmscaffold.cli.findings.excerpt import excerpt
from mmscaffold.cli.text import count, remark, say, shorten, skipped_lines, visible

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def show(report: Report) -> None:
    """Print every finding, then what was not understood."""
    for finding in report.findings:
        _show_finding(finding)
    show_end(report)


def show_statistics(report: Report) -> None:
    """Print how often each rule found something, instead of what it found."""
    for rule, times in report.by_rule():
        fix = "  [fixable]" if rule.fixable else ""
        click.echo(f"{times:6}  {_head(rule.severity, rule.id)}  {rule.name}{fix}")
    show_end(report)


def show_end(report: Report) -> None:
    """Print what was not understood, and how much was found in how much."""
    for where, message, others in report.faults:
        along = f"; {count(others, 'config')} inherit from it" if others > 1 else ""
        along = "; 1 config inherits from it" if others == 1 else along
        remedy = report.remedy(message)
        label = "refused by mmengine" if report.is_refused(message) else "not understood"
        say(f"{label}: {shorten(visible(where))}: {shorten(message)}{along}")
        if remedy is not None:
            say(f"  help: {remedy}")
    for package, number in Counter(report.baseless.values()).items():
        say(
            f"not understood: {count(number, 'config')} (base of {visible(package)}, which is not "
            "installed)"
        )
        say(f"  help: {base_remedy(package)}")
    for where, what in report.unknown.items():
        remark(f"unknown: {shorten(visible(where))}: {shorten(what)}")
    for line in skipped_lines(report.skipped):
        remark(line)
    if report.legacy * 2 > len(report.configs):
        verb = "was" if report.legacy == 1 else "were"
        remark(
            f"This is a project of MMDetection 2.x: {report.legacy} of "
            f"{count(len(report.configs), 'config')} {verb} written for mmcv's Runner."
        )
    some = report.baseless or report.not_understood
    nothing = "no findings in what was understood" if some else "no findings"
    times = Counter(finding.rule.severity for finding in report.findings)
    kinds = ", ".join(
        count(times[severity], noun)
        for severity, noun in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "note"),
        )
        if times[severity]
    )
    remark(
        f"{count(len(report.configs), 'config')} and {count(len(report.code), 'file')} of code "
        f"checked: {kinds or nothing}; "
        f"{count(len(report.not_understood), 'file')} not understood, "
        f"{count(len(report.unknown), 'value')} unknown."
    )


def _show_finding(finding: Finding) -> None:
    diagnostic, rule = finding.diagnostic, finding.rule
    head = _head(rule.severity, rule.id)
    place, message = shorten(visible(diagnostic.place)), shorten(visible(diagnostic.message))
    click.echo(f"{place}: {head} {message}")
    shown = excerpt(diagnostic.place)
    if shown is not None:
        line, marks = shown
        say(f"    {line}")
        click.echo("    " + click.style(marks, fg=_COLOURS[rule.severity]))
    say(f"  help: {shorten(diagnostic.hint)}")
    others = [path for path in finding.seen_in if path != diagnostic.place.path]
    if others:
        more = "" if len(others) == 1 else f" and {len(others) - 1} more"
        click.echo(f"  seen in: {shorten(others[0])}{more}")


def _head(severity: Severity, rule_id: str) -> str:
    return click.style(f"{severity.value}[{rule_id}]", fg=_COLOURS[severity], bold=True)
