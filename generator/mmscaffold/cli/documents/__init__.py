"""What ``--format json`` prints: one object for each command, with the version of its schema.

``shapes`` says what each holds, ``schemas`` writes that down as JSON Schema in ``docs/json/``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mmscaffold.cli.text import say_json

# What is added leaves a version as it is; what is renamed, removed or means something else
# raises it.
VERSIONS = {
    "add": 1,
    "check": 1,
    "diagnose": 1,
    "explain": 1,
    "history": 1,
    "info": 1,
    "migrate": 1,
    "new": 1,
    "news": 1,
    "plot": 1,
    "report": 1,
    "resolve": 1,
    "update": 1,
    "upgrade": 1,
}


def say_document(
    kind: str,
    body: Mapping[str, Any],
    default: Callable[[Any], Any] | None = None,
    *,
    indent: int | None = 2,
) -> None:
    """Print a document: a head that all share, then its own keys.

    Args:
        kind: Which one; the command, or what it lists.
        body: Its own keys, as ``shapes`` has them.
        default: Makes JSON of other values, as ``json.dumps`` takes it.
        indent: ``None`` for all of it on one line.
    """
    head = {"document": f"mmscaffold.{kind}", "version": VERSIONS[kind]}
    say_json({**head, **body}, default, indent=indent)
