"""``mmscaffold explain``: the page of a rule."""

from __future__ import annotations

import click


@click.command("explain")
@click.argument("rule", required=False)
def command(rule: str | None) -> None:
    """Show the page of RULE, such as MMS102; without one, list the rules."""
    from mmscaffold.check import all_rules, find_rule
    from mmscaffold.check.pages import page

    if rule is None:
        for known in all_rules():
            click.echo(f"{known.id}  {known.severity.value:8}{known.name}")
    else:
        click.echo(page(find_rule(rule)), nl=False)
