"""Sizes of transforms, from the height first to the width first."""

from __future__ import annotations

import ast
import re
from typing import Any

from mmscaffold.config.edit.comments import comments_of
from mmscaffold.config.evaluate.containers import CfgList, CfgTuple, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.upgrade.data.pipelines import Pipeline, Step
from mmscaffold.upgrade.data.transform_notes import TransformNotes

_HEIGHT_FIRST = re.compile(
    r"(?<![a-z])h(?:eight)?s?\s{0,3}(?:[-,;/x*\u00d7]|and|by)?\s{0,3}w(?:idth)?s?(?![a-z])"
    r"|高度?\W{0,3}宽",
    re.IGNORECASE,
)


def turn_size(notes: TransformNotes, pipeline: Pipeline, step: Step, key: str) -> None:
    """Swap the two numbers of a size; where a comment names their old order, tell of it.

    Args:
        notes: Where it is told.
        pipeline: The pipeline of the transform.
        step: The transform.
        key: The argument; it may hold something else, which stays as it is.
    """
    value = step.get(key)
    turned = _swapped(value)
    if turned is value:
        return
    origin = origin_of(step.values, key)
    step.turn(key, turned)
    if origin is not None and (_is_said_of(origin) or _is_said_of(origin.written)):
        notes.add(
            "UP112", f"{key} of {step.type} is (w, h) now; its comment says (h, w)",
            "Mend the comment.", pipeline, step, key,
        )  # fmt: skip


def _swapped(value: Any) -> Any:
    """The two numbers in the other order; anything else, and a square, is the same object."""
    if not isinstance(value, CfgList | CfgTuple) or len(value) != 2 or value[0] == value[1]:
        return value
    items, origins = [value[1], value[0]], [value.origins[1], value.origins[0]]
    return CfgList(items, origins) if isinstance(value, CfgList) else CfgTuple.make(items, origins)


def _is_said_of(origin: Origin) -> bool:
    """Whether a comment beside an expression, or right above it, says that the height is first."""
    source, node = origin.parsed.source, origin.node
    if not isinstance(node, ast.expr):
        return False
    comments = dict(comments_of(source.path, source.raw))
    lines = source.text.split("\n")
    first, last = node.lineno, node.end_lineno or node.lineno
    while lines[first - 2 : first - 1] and lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return any(_HEIGHT_FIRST.search(comments.get(line, "")) for line in range(first, last + 1))
