"""Answers to the questions of the template, as the command line gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmscaffold.errors import MmscaffoldError


class ScaffoldError(MmscaffoldError):
    """A project cannot be made; nothing was written."""


def typed_answers(answers: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as the questions need them: lists and booleans are written in YAML.

    Args:
        answers: The answers by question.
        asked: The questions, as ``copier.yml`` has them.

    Raises:
        ScaffoldError: If an answer is not of the type that its question has.
    """
    return {name: _typed(name, answer, asked[name]) for name, answer in answers.items()}


def _typed(name: str, answer: Any, question: Mapping[str, Any]) -> Any:
    kind = "list" if question.get("multiselect") else question.get("type", "str")
    if kind == "str":
        return answer
    value = _loaded(name, answer) if isinstance(answer, str) else answer
    if kind == "bool" and not isinstance(value, bool):
        raise ScaffoldError(
            f"{name}={answer} is neither true nor false",
            hint=f"Write {name}=true or {name}=false.",
        )
    if kind == "list":
        choices = list(question["choices"].values())
        wrong = [one for one in value if one not in choices] if isinstance(value, list) else []
        if not isinstance(value, list) or wrong:
            what = f"has no {wrong[0]!r} to choose" if wrong else "is not a list"
            example = value if value in choices else choices[0]
            raise ScaffoldError(
                f"{name}={answer} {what}",
                hint=f"Choose from {', '.join(choices)}, in brackets: {name}=[{example}].",
            )
    return value


def _loaded(name: str, answer: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(answer)
    except (yaml.YAMLError, ValueError):
        raise ScaffoldError(
            f"{name}={answer} is not valid YAML", hint="Write a list as [one, two]."
        ) from None
