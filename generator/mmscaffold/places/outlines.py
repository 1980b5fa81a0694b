"""The outline of a config of any format."""

from __future__ import annotations

from pathlib import Path

from mmscaffold.places.outline import Outline
from mmscaffold.places.python_outline import json_outline, python_outline
from mmscaffold.places.yaml_outline import yaml_outline


def outline_of(path: Path, text: str) -> Outline:
    """The outline of a config, by the ending of its name; kept for the next question.

    Args:
        path: The file.
        text: What it holds, or will hold once it is saved.
    """
    if path.suffix == ".json":
        return json_outline(text)
    return yaml_outline(text) if path.suffix in (".yaml", ".yml") else python_outline(text)
