"""What commands print of earlier runs: restored, undone, listed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmscaffold.cli.documents import say_document
from mmscaffold.cli.text import count, remark, say, shorten

if TYPE_CHECKING:
    from mmscaffold.writing import PastRun, Restoration

_AGAIN = (
    "The old contents are kept: `mmscaffold migrate --undo` tries again, and with --forget "
    "gives them up."
)


@contextmanager
def told_as_written(files: Sequence[Path] | None) -> Iterator[None]:
    """Say what was written even where the report of it is cut off, by Ctrl-C or a closed pipe.

    Args:
        files: The files that have been written before the report begins.
    """
    try:
        yield
        sys.stdout.flush()
    except (KeyboardInterrupt, BrokenPipeError):
        if files:
            say(
                f"The report was cut off; {count(len(files), 'file')} had been written before. "
                "`mmscaffold migrate --undo` reverts the run.",
                err=True,
            )
        raise


def recover_and_tell(places: Iterable[Path]) -> None:
    """Put back what runs that died left behind in some trees, and say so.

    Args:
        places: The files and folders that are about to be read.

    Raises:
        WriteError: If it cannot be put back.
    """
    from mmscaffold.writing import recover

    restored = recover(places)
    if restored is None:
        return
    say(
        f"An earlier run was interrupted: {count(len(restored.files), 'file')} restored.", err=True
    )
    _tell_left(restored, err=True)


def undo_and_tell(places: Sequence[Path], *, forget: bool, of: str | None = None) -> int:
    """Undo the last run that wrote to some places, and say what became of its files.

    Args:
        places: The files and folders.
        forget: Whether to give up what cannot be put back.
        of: The subcommand whose runs are meant; by default any.

    Returns:
        The exit code: 1 if a file could not be put back.

    Raises:
        WriteError: If nothing can be undone, or the last run is of another subcommand.
    """
    from mmscaffold.writing import WriteError, history, undo

    last = next(iter(history(places)), None) if of is not None else None
    if last is not None and last.command.partition(" ")[0] != of:
        raise WriteError(
            f"the last run in {shorten(last.root)} was `mmscaffold {last.command}`, not an "
            f"`mmscaffold {of}`; nothing was undone",
            hint="`mmscaffold migrate --undo` undoes the last run, whatever it was.",
        )
    restored = undo(places, give_up=forget)
    if restored is None:
        say("No run to undo.")
        return 0
    for path in restored.files:
        remark(f"restored: {shorten(path)}")
    _tell_left(restored)
    before = f"`mmscaffold {restored.command}`" if restored.command else "the last run"
    whose = "its" if len(restored.files) == 1 else "their"
    remark(f"{count(len(restored.files), 'file')} restored to {whose} state before {before}.")
    return 1 if restored.left and not restored.given_up else 0


def print_history(places: Iterable[Path], form: str) -> None:
    """List the runs that can be undone, the latest first.

    Args:
        places: Only runs that wrote to these are listed.
        form: ``text`` or ``json``.

    Raises:
        WriteError: If a journal cannot be used.
    """
    from mmscaffold.writing import history

    runs = history(places)
    if form == "json":
        say_document("history", {"runs": [_as_json(run) for run in runs]})
        return
    for run in runs:
        files = count(len(run.files), "file")
        left = " left from an --undo" if run.partly_undone else ""
        say(f"{_when(run):%Y-%m-%d %H:%M:%S}  {files}{left}  {shorten(run.command)}".rstrip())
    if not runs:
        say("No run to undo.")


def _tell_left(restored: Restoration, *, err: bool = False) -> None:
    word = "given up" if restored.given_up else "left alone"
    for path, reason in restored.left:
        say(f"{word} because {reason}: {shorten(path)}", err=err)
    if restored.left and not restored.given_up:
        say(_AGAIN, err=err)


def _as_json(run: PastRun) -> dict[str, Any]:
    return {
        "time": _when(run).isoformat(timespec="seconds"),
        "command": run.command,
        "tree": str(run.root),
        "files": [str(path) for path in run.files],
        "partly_undone": run.partly_undone,
    }


def _when(run: PastRun) -> Any:
    from datetime import datetime, timezone

    return datetime.fromtimestamp(run.time, timezone.utc).astimezone()
