"""What ``mmscaffold migrate`` prints."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mmscaffold.migrate import FilePlan, MigrationPlan
from mmscaffold.project import Project

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def print_diff(plan: MigrationPlan) -> None:
    """Print a unified diff of every file that would change, coloured on a terminal."""
    for file in plan.edited:
        for line in file.diff(Path.cwd()).splitlines():
            header = line.startswith(("+++", "---"))
            colour = None if header else _STYLES.get(line[:1])
            click.secho(line, fg=colour, bold=header)


def print_report(
    plan: MigrationPlan,
    project: Project,
    *,
    written: list[Path] | None,
    output: Path | None = None,
) -> None:
    """Print what changes where, what was verified, and what was left alone.

    Args:
        plan: The migration.
        project: Whose classes the configs now use.
        written: The files that were written; ``None`` if none was meant to be.
        output: The folder that copies went to, if they did.
    """
    console = Console(highlight=False, soft_wrap=True)
    table = Table("config", "changes in the resolved config", box=None, pad_edge=False)
    for file in plan.edited:
        lines = [escape(str(change)) for change in file.changes]
        table.add_row(escape(_short(file.path)), "\n".join(lines) or "(its bases change)")
    if plan.edited:
        console.print(table)
    for note, count in _counted_notes(plan.files).items():
        where = "" if count == 1 else f" (in {count} configs)"
        console.print(f"note: {escape(note)}{where}")
    for path, reason in plan.skipped:
        console.print(f"skipped: {escape(_short(path))}: {escape(reason)}")
    for _, error in plan.failed:
        console.print(f"[red]not migrated:[/red] {escape(str(error))}")
    changed = len(plan.edited)
    console.print(
        f"{len(plan.files)} configs resolved again and verified against the plan; "
        f"{changed} to change, {len(plan.files) - changed} as they were; "
        f"classes of {escape(str(project.root))}."
    )
    if written is None:
        console.print("Nothing was written.")
    elif output is not None:
        console.print(f"{len(written)} files written below {escape(str(output))}.")
    else:
        console.print(f"{len(written)} files written.")


def _counted_notes(files: tuple[FilePlan, ...]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for file in files:
        for note in file.notes:
            counts[note] = counts.get(note, 0) + 1
    return counts


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
