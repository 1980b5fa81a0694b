"""The outline of a config of any format."""

from __future__ import annotations

from pathlib import Path

from mmscaffold.places.outline import Outline
from mmscaffold.places.python_outline import json_outline, python_outline
from mmscaffold.places.tokens import Tokens
from mmscaffold.places.yaml_outline import yaml_outline

MOST_CHARACTERS = 1 << 18
"""Of a text that has an outline; the largest official config has 40,000."""
_YAML = (".yaml", ".yml")


def outline_of(path: Path, text: str) -> Outline:
    """The outline of a config, by the ending of its name; kept for the next question.

    Args:
        path: The file.
        text: What it holds, or will hold once it is saved. A far longer one than any config
            counts as empty: nobody waits for seconds at every key.
    """
    is_python = path.suffix not in (".json", *_YAML)
    if len(text) > MOST_CHARACTERS:
        return Outline(Tokens(text, ()), [], is_python=is_python)
    if is_python:
        return python_outline(text)
    return yaml_outline(text) if path.suffix in _YAML else json_outline(text)
