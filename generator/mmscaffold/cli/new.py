"""``mmscaffold new``: start a project from the template."""

from __future__ import annotations

import sys
from pathlib import Path

import click


def _parse_answers(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    answers = {}
    for value in values:
        name, equals, answer = value.partition("=")
        if not equals:
            raise click.BadParameter(f"{value!r} is not of the form KEY=VALUE")
        answers[name] = answer
    return answers


@click.command("new")
@click.argument("destination", type=click.Path(path_type=Path))
@click.option(
    "--data",
    "answers",
    multiple=True,
    metavar="KEY=VALUE",
    callback=_parse_answers,
    help="Answer a question of the template; repeat for more.",
)
@click.option("--defaults", is_flag=True, help="Ask no questions; use the default answers.")
def command(destination: Path, answers: dict[str, str], defaults: bool) -> None:
    """Start a project in the folder DESTINATION.

    It has a Runner, train, val and test loops and a detector of its own, configs that
    use them, tools and tests. Questions are asked only on a terminal.
    """
    from mmscaffold.cli.text import say, shorten
    from mmscaffold.scaffold import new_project

    new_project(destination, answers, ask=not defaults and sys.stdin.isatty())
    say(f"{shorten(destination)} is ready. Its README.md explains the first run.")
