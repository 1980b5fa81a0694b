"""What `mmscaffold report --migrate` and `--upgrade` show: plans, of which nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmscaffold.config import ConfigError
    from mmscaffold.report import Fates, Planned, PlannedNote
    from mmscaffold.upgrade.ledger import Ledger


def planned_migration(
    paths: tuple[Path, ...], max_epochs: int | None, max_iters: int | None
) -> Planned:
    """What ``mmscaffold migrate`` would do.

    Args:
        paths: Config files and folders.
        max_epochs: The new length, in epochs.
        max_iters: The new length, in iterations.

    Raises:
        ConfigError: If there is nothing to read, or a project names no classes.
    """
    from mmscaffold.cli.migration_task import length_of, task_of
    from mmscaffold.cli.progress import progress_bar
    from mmscaffold.migrate import plan_migration
    from mmscaffold.report import Planned, PlannedNote

    task, _ = task_of(paths, None, length_of(max_epochs, max_iters), (), ())
    with progress_bar("Migrating") as progress:
        plan = plan_migration(paths, task, keep_going=True, progress=progress)
    return Planned(
        "What mmscaffold migrate would change",
        plan.files,
        [
            *(PlannedNote(text, file.path) for file in plan.files for text in file.notes),
            *_unread(plan.unread_heirs),
        ],
        [(path, str(error)) for path, error in plan.failed],
    )


def planned_upgrade(paths: tuple[Path, ...], *, with_bases: bool) -> Planned:
    """What ``mmscaffold upgrade`` would do.

    Args:
        paths: Config files and folders.
        with_bases: Whether bases that were not named are upgraded, too.

    Raises:
        ConfigError: If there is nothing to read.
    """
    from mmscaffold.cli.progress import progress_bar
    from mmscaffold.report import Planned, PlannedNote
    from mmscaffold.upgrade.planner import plan_upgrade
    from mmscaffold.upgrade.tree_upgrader import Options

    options = Options(with_bases=with_bases)
    with progress_bar("Upgrading") as progress:
        plan = plan_upgrade(paths, options=options, keep_going=True, progress=progress)
    return Planned(
        "What mmscaffold upgrade would change",
        [file.plan for file in plan.files],
        [
            *(
                PlannedNote(
                    one.note.message,
                    one.path,
                    one.note.code,
                    one.line,
                    one.note.key,
                    one.note.help,
                    one.note.needs_decision,
                )
                for one in plan.notes
            ),
            *_unread(plan.unread_heirs),
        ],
        [(path, str(error)) for path, error in plan.failed],
        {file.path: _fates(file.ledger) for file in plan.files},
    )


def _unread(heirs: Iterable[tuple[Path, ConfigError]]) -> Iterator[PlannedNote]:
    """What seems to inherit from a config of the run, and cannot be read."""
    from mmscaffold.report import PlannedNote

    text = "seems to inherit from one of these, and could not be resolved"
    for path, error in heirs:
        yield PlannedNote(text, path, help=str(error))


def _fates(ledger: Ledger) -> Fates:
    """What became of each key, in words."""
    from mmscaffold.config.key_path import format_key_path
    from mmscaffold.report import Fates
    from mmscaffold.upgrade.ledger import Fate

    targets: dict[str, list[str]] = {}
    reasons: dict[str, str] = {}
    for entry in ledger.entries:
        if entry.new is not None:
            targets.setdefault(entry.key, []).append(format_key_path(entry.new))
        if entry.reason is not None:
            reasons[entry.key] = f"is gone: {entry.reason.value}"
        elif entry.fate is Fate.NOTED:
            reasons.setdefault(entry.key, "is gone: a note tells why")
        else:
            reasons.setdefault(entry.key, "went into other keys")
    return Fates(targets, reasons)
