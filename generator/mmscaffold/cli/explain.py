"""``mmscaffold explain``: the page of a rule."""

from __future__ import annotations

import sys

import click


@click.command("explain")
@click.argument("rule", required=False)
def command(rule: str | None) -> None:
    """Show the page of RULE, such as MMS102 or its name; without one, list the rules."""
    from mmscaffold.check import all_rules, find_rule
    from mmscaffold.check.pages import page

    if rule is None:
        for known in all_rules():
            fix = "  [fixable]" if known.fixable else ""
            click.echo(f"{known.id}  {known.severity.value:8}{known.name}{fix}")
        return
    text = page(find_rule(rule))
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        click.echo(text, nl=False)
