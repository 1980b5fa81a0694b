"""``mmscaffold explain``: the page of a rule, or of a note of an upgrade."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from mmscaffold.cli.choice import Choice
from mmscaffold.cli.completion import pages_to_explain

if TYPE_CHECKING:
    from mmscaffold.cli.documents import shapes


@click.command("explain")
@click.argument("rule", required=False, shell_complete=pages_to_explain)
@click.option("--format", "form", type=Choice(["text", "json"]), default="text")
def command(rule: str | None, form: str) -> None:
    """Show the page of RULE, such as MMS102 or its name; without one, list the rules.

    The notes of mmscaffold upgrade have pages, too: UP203.
    """
    from mmscaffold.cli.colour import colours_output
    from mmscaffold.cli.documents import say_document

    if form == "json":
        say_document("explain", {"rules": _all() if rule is None else [_one(rule)]})
    elif rule is None:
        for one in _all():
            fix = "  [fixable]" if one["fixable"] else ""
            click.echo(f"{one['id']}  {one['severity']:8}{one['name']}{fix}")
    elif sys.stdout.isatty() or colours_output():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(_one(rule)["page"]))
    else:
        click.echo(_one(rule)["page"], nl=False)


def _all() -> list[shapes.Rule]:
    from mmscaffold.check import all_rules
    from mmscaffold.upgrade.codes import CODES

    return [_one(rule.id) for rule in all_rules()] + [_one(code) for code in CODES]


def _one(name: str) -> shapes.Rule:
    if name.upper().startswith("UP"):
        from mmscaffold.upgrade.codes import find_code
        from mmscaffold.upgrade.pages import page as page_of_note

        code = find_code(name)
        return {
            "id": code.code,
            "name": code.name,
            "severity": "note",
            "fixable": False,
            "page": page_of_note(code),
        }
    from mmscaffold.check import find_rule
    from mmscaffold.check.pages import page

    rule = find_rule(name)
    return {
        "id": rule.id,
        "name": rule.name,
        "severity": rule.severity.value,
        "fixable": rule.fixable,
        "page": page(rule),
    }
