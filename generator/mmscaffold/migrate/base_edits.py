"""Follow a config that edits its bases in place: ``_base_.param_scheduler[1].end = 36``."""

from __future__ import annotations

import ast
from typing import Any

from mmscaffold.config.change import MISSING, differences
from mmscaffold.config.edit.python import assignment
from mmscaffold.config.edit.spans import Edit
from mmscaffold.config.evaluate.evaluation import BASE
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.text.source import Span


def beside_base_edits(config: ResolvedConfig, key: str, wanted: Any) -> Edit | None:
    """More statements of the kind that a file uses to change a key of its base.

    Args:
        config: The file as it resolves now.
        key: A top-level key that it inherits.
        wanted: What it must resolve to.

    Returns:
        ``None`` if the file has no such statement, or cannot express what is wanted that way.
    """
    parsed = config.python
    last = None
    for statement in parsed.tree.body:
        if isinstance(statement, ast.Assign) and _changes_base(statement.targets[0], key):
            last = statement.value
    if last is None:
        return None
    statements = []
    for change in differences(to_plain(config.root.get(key)), to_plain(wanted), (key,)):
        if change.new is MISSING or len(change.path) == 1:
            return None
        if not all(isinstance(part, int) or part.isidentifier() for part in change.path):
            return None
        statements.append("\n" + assignment(parsed.source, f"{BASE}.{change.key}", change.new))
    end = _end_of_line(parsed.source.raw, parsed.span(last).end)
    return Edit(Span(end, end), "".join(statements))


def _changes_base(target: ast.expr, key: str) -> bool:
    """Whether a target is ``_base_.key...``: an attribute or item within the key."""
    within = False
    while isinstance(target, ast.Attribute | ast.Subscript):
        owner = target.value
        if isinstance(owner, ast.Name) and owner.id == BASE:
            return within and isinstance(target, ast.Attribute) and target.attr == key
        within = True
        target = owner
    return False


def _end_of_line(raw: bytes, start: int) -> int:
    ends = [raw.find(mark, start) for mark in (b"\n", b"\r")]
    return min((end for end in ends if end >= 0), default=len(raw))
