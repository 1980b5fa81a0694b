"""Make a project from the template, with Copier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmscaffold.errors import MmscaffoldError
from mmscaffold.scaffold.template_source import public_origin, template_folder

ANSWERS_FILE = ".copier-answers.yml"


class ScaffoldError(MmscaffoldError):
    """A project cannot be made; nothing was written."""


def new_project(destination: Path, answers: Mapping[str, Any], *, ask: bool = False) -> Path:
    """Render the template into a new folder.

    The project's answers file records the public repository and tag of this version,
    so that ``copier update`` works later, from wherever the template was read now.

    Args:
        destination: The folder to make; it may exist, but must be empty.
        answers: Answers by question; the defaults of ``copier.yml`` for the rest. What is
            not a string may be given as YAML.
        ask: Ask the questions that ``answers`` leaves open, on the terminal.

    Returns:
        The destination.

    Raises:
        ScaffoldError: If the destination is not empty, or an answer is unknown or wrong.
    """
    _refuse_unsuitable(destination)
    template = template_folder()
    _refuse_unknown(answers, template)
    _render(template, destination, _typed(answers, questions(template)), ask=ask)
    _record_origin(destination / ANSWERS_FILE)
    return destination


def questions(template: Path) -> dict[str, Any]:
    """The questions of a template by name, including those that it answers itself."""
    import yaml

    document = yaml.safe_load((template / "copier.yml").read_text(encoding="utf-8"))
    return {name: body for name, body in document.items() if not name.startswith("_")}


def _refuse_unsuitable(destination: Path) -> None:
    if destination.is_dir() and any(destination.iterdir()):
        raise ScaffoldError(
            "is not empty; nothing was written",
            where=str(destination),
            hint="Name a new folder; bring an existing project up to date with `copier update`.",
        )
    if destination.exists() and not destination.is_dir():
        raise ScaffoldError("is a file, not a folder", where=str(destination))


def _refuse_unknown(answers: Mapping[str, str], template: Path) -> None:
    known = questions(template)
    asked = [name for name, body in known.items() if body.get("when") is not False]
    for name in answers:
        if name not in asked:
            raise ScaffoldError(
                f"the template has no question {name!r}",
                hint=f"Its questions are: {', '.join(asked)}.",
            )


def _typed(answers: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as the questions need them: lists and booleans are written in YAML."""
    import yaml

    typed = dict(answers)
    for name, answer in answers.items():
        question = asked[name]
        is_string = question.get("type", "str") == "str" and not question.get("multiselect")
        if isinstance(answer, str) and not is_string:
            try:
                typed[name] = yaml.safe_load(answer)
            except yaml.YAMLError:
                raise ScaffoldError(
                    f"{name}={answer} is not valid YAML", hint="Write a list as [one, two]."
                ) from None
    return typed


def _render(template: Path, destination: Path, answers: Mapping[str, Any], *, ask: bool) -> None:
    import warnings

    from copier import run_copy
    from copier.errors import CopierError

    try:
        with warnings.catch_warnings():
            # A checkout with uncommitted work is rendered as it is, on purpose.
            warnings.simplefilter("ignore")
            run_copy(
                str(template),
                destination,
                data=dict(answers),
                defaults=not ask,
                vcs_ref="HEAD",
                quiet=not ask,
            )
    except (CopierError, ValueError) as error:
        message = re.sub(r"\s+", " ", str(error))
        raise ScaffoldError(
            f"cannot create the project: {message}",
            where=str(destination),
            hint="Give another answer with --data KEY=VALUE.",
        ) from None
    except OSError as error:
        raise ScaffoldError(
            f"cannot be written: {error.strerror}", where=str(error.filename or destination)
        ) from None


def _record_origin(answers_file: Path) -> None:
    """Name the public template in the answers file, in place of a path of this machine."""
    source, tag = public_origin()
    lines = answers_file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("_commit:", "_src_path:"))]
    head = next(index for index, line in enumerate(kept) if not line.startswith("#"))
    kept[head:head] = [f"_commit: {tag}", f"_src_path: {source}"]
    answers_file.write_text("\n".join(kept) + "\n", encoding="utf-8")
