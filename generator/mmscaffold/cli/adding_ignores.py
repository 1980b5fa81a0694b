"""``check --add-ignore``: comments on the lines of all that was found."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from mmscaffold.cli.invocation import command_line
from mmscaffold.cli.past_runs import told_as_written
from mmscaffold.cli.text import count, remark, say, shorten, visible
from mmscaffold.writing import write_files

if TYPE_CHECKING:
    from mmscaffold.check import Report
    from mmscaffold.check.added_ignores import AddedIgnores


def add_ignores(
    report: Report, check: Callable[[], Report], *, write: bool, silent: bool
) -> Report:
    """Suppress what was found, or show how.

    Args:
        report: What was found.
        check: Checks the same once more.
        write: Whether to write the comments; otherwise they are shown.
        silent: Whether another format than text is printed.

    Returns:
        What is found now.

    Raises:
        WriteError: If a file cannot be written; then every file is as it was.
    """
    from mmscaffold.check.added_ignores import plan_ignores

    plan = plan_ignores(report.findings, (*report.configs, *report.code))
    if not write:
        _print_diff(plan)
    elif plan.after:
        command = command_line(click.get_current_context())
        written = write_files(plan.after, plan.before, command=command)
        with told_as_written(written):
            report = check()
            if not silent:
                times = len(plan.suppressed)
                remark(
                    f"{count(times, 'finding')} suppressed in {count(len(written), 'file')}; "
                    f"`mmscaffold migrate --undo` reverts {'it' if times == 1 else 'them'}."
                )
    if not silent:
        for finding, reason in plan.left:
            place = shorten(visible(finding.diagnostic.place))
            say(f"not suppressed: {place}: {finding.rule.id}: {reason}")
    return report


def _print_diff(plan: AddedIgnores) -> None:
    for path, after in plan.after.items():
        before = plan.before[path].decode("utf-8", "replace").splitlines()
        lines = after.decode("utf-8", "replace").splitlines()
        name = shorten(path)
        for line in difflib.unified_diff(before, lines, name, name, lineterm=""):
            say(line)
