"""``mmscaffold new``: start a project from the template."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import click

from mmscaffold.cli.choice import Choice

_LANGUAGES = {"en": "english", "zh": "chinese", "both": "both"}


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


class _Words(NamedTuple):
    """What is said of a new project, in the language of its documents."""

    unchanged: str
    ready: str
    written: str
    kept: str


_WORDS = {
    "english": _Words(
        "{name} was there already and is unchanged.",
        "{project} is ready. ",
        "Its README.md explains the first run.",
        "Your README.md was kept: `copier recopy` writes the one that explains the first run.",
    ),
    "chinese": _Words(
        "{name} 原本就在，没有改动。",
        "{project} 已经就绪。",
        "第一次运行的步骤见其中的 README.md。",
        "您的 README.md 已保留；`copier recopy` 会写出说明第一次运行的那一份。",
    ),
}


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
@click.option(
    "--lang",
    "language",
    type=Choice(list(_LANGUAGES)),
    help="Language of the questions and the documentation; by default that of the locale.",
)
@click.option("--format", "form", type=Choice(["text", "json"]), default="text")
def command(
    destination: Path, answers: dict[str, str], defaults: bool, language: str | None, form: str
) -> None:
    """Start a project in the folder DESTINATION.

    It has a Runner, train, val and test loops and a detector of its own, configs that
    use them, tools and tests. Questions are asked only on a terminal, and not with
    --format json.
    """
    from mmscaffold.cli.documents import say_document
    from mmscaffold.cli.text import remark, shorten
    from mmscaffold.scaffold import new_project
    from mmscaffold.scaffold.new_project import answers_of, files_kept
    from mmscaffold.scaffold.surroundings import author_of, language_of_locale

    ask = not defaults and form == "text" and sys.stdin.isatty()
    offered = {"author": author_of(destination)}
    if ask:
        offered["docs_language"] = language_of_locale()
    if language is not None:
        answers = {"docs_language": _LANGUAGES[language], **answers}
    kept = [name for name in files_kept(destination) if name != ".git"]
    new_project(
        destination.absolute(),
        answers,
        ask=ask,
        defaults={name: one for name, one in offered.items() if one is not None},
    )
    project = destination.absolute()
    tag, recorded = answers_of(project)
    if form == "json":
        body = {"template": tag, "answers": recorded, "kept": [str(project / one) for one in kept]}
        say_document("new", {"project": str(project), **body})
        return
    words = _WORDS.get(recorded["docs_language"], _WORDS["english"])
    for name in kept:
        remark(words.unchanged.format(name=name))
    explained = words.kept if "README.md" in kept else words.written
    remark(words.ready.format(project=shorten(destination)) + explained)
