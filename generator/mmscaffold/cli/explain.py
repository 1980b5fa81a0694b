"""``mmscaffold explain``: the page of a rule, or of a note of an upgrade."""

from __future__ import annotations

import sys

import click


@click.command("explain")
@click.argument("rule", required=False)
def command(rule: str | None) -> None:
    """Show the page of RULE, such as MMS102 or its name; without one, list the rules.

    The notes of mmscaffold upgrade have pages, too: UP203.
    """
    from mmscaffold.check import all_rules

    if rule is None:
        for known in all_rules():
            fix = "  [fixable]" if known.fixable else ""
            click.echo(f"{known.id}  {known.severity.value:8}{known.name}{fix}")
        from mmscaffold.upgrade.codes import CODES

        for code in CODES.values():
            click.echo(f"{code.code}   note    {code.name}")
        return
    text = _page(rule)
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        click.echo(text, nl=False)


def _page(name: str) -> str:
    if name.upper().startswith("UP"):
        from mmscaffold.upgrade.codes import find_code
        from mmscaffold.upgrade.pages import page as page_of_note

        return page_of_note(find_code(name))
    from mmscaffold.check import find_rule
    from mmscaffold.check.pages import page

    return page(find_rule(name))
