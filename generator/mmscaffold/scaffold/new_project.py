"""Make a project from the template, with Copier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmscaffold.errors import did_you_mean
from mmscaffold.scaffold.answers import ScaffoldError, typed_answers
from mmscaffold.scaffold.template_source import public_origin, template_folder

ANSWERS_FILE = ".copier-answers.yml"
# What a repository that was just made on a website, or by `git init`, may hold.
_COUNTS_AS_EMPTY = re.compile(
    r"\.git|\.gitignore|\.gitattributes|(?:readme|licen[sc]e|copying)(?:[.-].*)?", re.IGNORECASE
)


def new_project(
    destination: Path,
    answers: Mapping[str, Any],
    *,
    ask: bool = False,
    defaults: Mapping[str, Any] | None = None,
) -> Path:
    """Render the template into a new folder.

    The project's answers file records the public repository and tag of this version,
    so that ``copier update`` works later, from wherever the template was read now.

    Args:
        destination: The folder to make; it may exist, and hold what ``git init`` or a website
            puts there: ``.git``, a README, a licence. Such files are kept.
        answers: Answers by question; the defaults of ``copier.yml`` for the rest. What is
            not a string may be given as YAML.
        ask: Ask the questions that ``answers`` leaves open, on the terminal.
        defaults: What to offer instead of the defaults of ``copier.yml``.

    Returns:
        The destination.

    Raises:
        ScaffoldError: If the destination is not empty, or an answer is unknown or wrong.
        KeyboardInterrupt: If the user breaks off; nothing was written then.
    """
    _refuse_unsuitable(destination)
    template = template_folder()
    _refuse_unknown(answers, template)
    typed = typed_answers(answers, questions(template))
    _render(template, destination, typed, ask=ask, defaults=defaults or {})
    _record_origin(destination / ANSWERS_FILE)
    return destination


def questions(template: Path) -> dict[str, Any]:
    """The questions of a template by name, including those that it answers itself."""
    import yaml

    document = yaml.safe_load((template / "copier.yml").read_text(encoding="utf-8"))
    return {name: body for name, body in document.items() if not name.startswith("_")}


def files_kept(destination: Path) -> list[str]:
    """What may lie in a folder that counts as empty; a new project leaves it as it is."""
    if not destination.is_dir():
        return []
    names = (path.name for path in destination.iterdir())
    return sorted(name for name in names if _COUNTS_AS_EMPTY.fullmatch(name))


def answers_of(project: Path) -> tuple[str, dict[str, Any]]:
    """The tag of the template that a new project was made from, and the answers to its questions.

    Args:
        project: The folder of the project.
    """
    import yaml

    recorded = yaml.safe_load((project / ANSWERS_FILE).read_text(encoding="utf-8"))
    answers = {name: one for name, one in recorded.items() if not name.startswith("_")}
    return str(recorded["_commit"]), answers


def _refuse_unsuitable(destination: Path) -> None:
    if destination.exists() and not destination.is_dir():
        raise ScaffoldError("is a file, not a folder", where=str(destination))
    kept = files_kept(destination)
    others = [path.name for path in destination.iterdir()] if destination.is_dir() else []
    in_the_way = sorted(name for name in others if name not in kept)
    if in_the_way:
        more = " and more" if len(in_the_way) > 1 else ""
        raise ScaffoldError(
            f"is not empty: it holds {in_the_way[0]}{more}; nothing was written",
            where=str(destination),
            hint="Name a new folder; bring an existing project up to date with `copier update`.",
        )


def _refuse_unknown(answers: Mapping[str, str], template: Path) -> None:
    known = questions(template)
    asked = [name for name, body in known.items() if body.get("when") is not False]
    for name in answers:
        if name not in asked:
            meant = did_you_mean(name, asked)
            raise ScaffoldError(
                f"the template has no question {name!r}",
                hint=f"{meant} Its questions are: {', '.join(asked)}.".lstrip(),
            )


def _render(
    template: Path,
    destination: Path,
    answers: Mapping[str, Any],
    *,
    ask: bool,
    defaults: Mapping[str, Any],
) -> None:
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
                user_defaults=dict(defaults),
                skip_if_exists=files_kept(destination),
                defaults=not ask,
                vcs_ref="HEAD",
                quiet=not ask,
            )
    except KeyboardInterrupt:
        # Copier's own comes with all answers, and is a CopierError, too.
        raise KeyboardInterrupt from None
    except (CopierError, ValueError) as error:
        message = re.sub(r"\s+", " ", str(error))
        message = message.replace("Validation error for question ", "answer ")
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
