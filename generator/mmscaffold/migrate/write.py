"""Write what was planned."""

from __future__ import annotations

from pathlib import Path

from mmscaffold.migrate.plan import MigrationPlan
from mmscaffold.writing import write_files


def write_plan(plan: MigrationPlan, *, command: str = "") -> list[Path]:
    """Write a plan in place.

    Args:
        plan: The plan.
        command: What to call the run in ``migrate --history``.

    Returns:
        The files that were written.

    Raises:
        WriteError: If a file is read-only, changed since it was planned, or cannot be
            replaced. Then every file is as it was.
    """
    return write_files(
        {file.path: file.after for file in plan.edited},
        {file.path: file.before for file in plan.edited},
        command=command,
    )
