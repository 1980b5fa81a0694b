"""Whether the edit of a base changed more of a config than was planned for it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mmscaffold.config.change import MISSING, Change, apply, first_difference, value_at
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.migrate.goal import Goal


class LeakError(Exception):
    """Edits of some bases change more of a config than its plan says."""

    def __init__(self, bases: set[Path]) -> None:
        super().__init__()
        self.bases = bases


def leaks(
    config: ResolvedConfig, current: ResolvedConfig, goal: Goal, keys: Iterable[str]
) -> bool:
    """Whether a config whose bases were edited differs in more than was planned for it.

    Args:
        config: The config before.
        current: The config over its edited bases.
        goal: What is planned for it.
        keys: The top-level keys to look at.
    """
    possible = [
        change
        for change in goal.changes
        if value_at(current.root, change.path[:-1]) is not MISSING
    ]
    # Wherever it must change anyway, it does not matter what it is until then.
    forced, planned = apply(current.root, possible), apply(config.root, possible)
    return any(
        first_difference(forced.get(key, MISSING), planned.get(key, MISSING)) is not None
        for key in keys
    )


def differs_only_in(
    before: ResolvedConfig, after: ResolvedConfig, changes: Iterable[Change]
) -> bool:
    """Whether two states of a config differ in some of the changes, and in nothing else."""
    made = [change for change in changes if value_at(after.root, change.path) == change.new]
    return first_difference(apply(before.root, made), after.root) is None
