"""``mmscaffold check``: find the faults of configs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmscaffold.cli.text import count, shorten

if TYPE_CHECKING:
    from mmscaffold.check import Diagnostic, Report, Rule


@click.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--select", multiple=True, metavar="RULE", help="Run this rule only; repeatable.")
def command(paths: tuple[Path, ...], select: tuple[str, ...]) -> None:
    """Find what makes epochs, ETA and learning rates go wrong in configs.

    PATHS are config files or folders of them. `mmscaffold explain RULE` says more about a
    finding.

    Exit codes: 0 nothing found; 1 findings; 2 a file that is named cannot be read.
    """
    from mmscaffold.check import all_rules, check_paths, find_rule

    rules = [find_rule(rule) for rule in select] or all_rules()
    report = check_paths(paths, rules)
    _print(report)
    click.get_current_context().exit(1 if report.findings else 0)


def _print(report: Report) -> None:
    # A fault in a base shows in every config that inherits it: say it once.
    grouped: dict[tuple[str, str], tuple[Rule, Diagnostic, list[Path]]] = {}
    for rule, path, diagnostic in report.findings:
        key = (rule.id, f"{diagnostic.origin.where} {diagnostic.message}")
        grouped.setdefault(key, (rule, diagnostic, []))[2].append(path)
    for rule, diagnostic, configs in grouped.values():
        _print_finding(rule, diagnostic, configs)
    for path, error in report.not_understood:
        click.echo(f"not understood: {shorten(path)}: {shorten(error.message)}")
    click.echo(
        f"{count(report.checked, 'config')} checked: {count(len(grouped), 'finding')}; "
        f"{count(len(report.not_understood), 'file')} not understood."
    )


def _print_finding(rule: Rule, diagnostic: Diagnostic, configs: list[Path]) -> None:
    origin = diagnostic.origin
    colour = "red" if rule.severity.value == "error" else "yellow"
    head = click.style(f"{rule.severity.value}[{rule.id}]", fg=colour, bold=True)
    click.echo(f"{shorten(origin.where)}: {head} {shorten(diagnostic.message)}")
    start = origin.parsed.source.line_starts[origin.line - 1]
    line = origin.parsed.source.raw[start:].splitlines()[0].decode("utf-8")
    click.echo(f"    {line}")
    click.echo("    " + " " * (origin.column - 1) + click.style("^", fg=colour))
    click.echo(f"  help: {diagnostic.hint}")
    if len(configs) > 1 or configs[0] != origin.path:
        others = "" if len(configs) == 1 else f" and {len(configs) - 1} more"
        click.echo(f"  seen in: {shorten(configs[0])}{others}")
