"""Undo runs, finish or revert those that died, and list what can be undone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.writing.errors import BrokenJournalError, WriteError, reason_of
from mmscaffold.writing.journal import Journal, Status
from mmscaffold.writing.locks import locked
from mmscaffold.writing.restoring import Restoration, restore
from mmscaffold.writing.shelves import Shelf, related_shelves
from mmscaffold.writing.signals import HeldSignals, Interrupted
from mmscaffold.writing.state import state_folder

_INTERRUPTED = (Status.PENDING, Status.UNDOING)
_UNDOABLE = (Status.DONE, Status.KEPT)


@dataclass(frozen=True)
class PastRun:
    """A run that can be undone.

    Attributes:
        root: The tree in which it wrote.
        time: When, in seconds since 1970.
        command: The command.
        files: The files that can be put back.
        partly_undone: Whether it was undone, and these are what could not be put back.
    """

    root: Path
    time: float
    command: str
    files: tuple[Path, ...]
    partly_undone: bool


def recover(places: Iterable[Path]) -> Restoration | None:
    """Put the files of runs that died back; to be called before files are read.

    Args:
        places: What is about to be read: files and folders. Runs in the trees that hold them,
            and in trees that they hold, are looked for.

    Returns:
        What became of the files; ``None`` if no run died there.

    Raises:
        WriteError: If another run is writing there, or the files cannot be put back.
    """
    return _held(lambda stop: _recover(_shelves(places), stop, give_up=False))


def undo(places: Iterable[Path], *, give_up: bool = False) -> Restoration | None:
    """Put the files of the last run back as they were.

    Args:
        places: Files and folders; the run is the last one that wrote to any of them, or below.
            It is undone as a whole.
        give_up: Whether to give up what cannot be put back; otherwise that stays for the
            next time. A journal that cannot be used is given up as a whole.

    Returns:
        What became of the files; ``None`` if there is nothing to undo. If a run was interrupted,
        that run is the last one.

    Raises:
        WriteError: If another run is writing, or the journal cannot be used.
    """
    wanted = _real(places)

    def work(stop: Callable[[], None]) -> Restoration | None:
        shelves = _shelves(wanted)
        died = _recover(shelves, stop, give_up=give_up)
        if died is not None:
            return died
        for folder, shelf in _latest_first(shelves, *_UNDOABLE):
            try:
                journal = Journal.read(folder, shelf.root)
                if _writes_below(journal, wanted):
                    return _restore(folder, shelf, stop, give_up=give_up)
            except BrokenJournalError:
                if not give_up:
                    raise
                return _give_up_broken(folder, shelf)
        return None

    return _held(work)


def history(places: Iterable[Path]) -> list[PastRun]:
    """The runs that can be undone, the latest first.

    Args:
        places: Files and folders; the runs are those that wrote to any of them, or below.

    Raises:
        WriteError: If a journal cannot be used.
    """
    wanted = _real(places)
    runs = []
    for folder, shelf in _latest_first(_shelves(wanted), *_UNDOABLE):
        journal = Journal.read(folder, shelf.root)
        if _writes_below(journal, wanted):
            files = tuple(journal.root / entry.name for entry in journal.entries)
            kept = journal.status is Status.KEPT
            runs.append(PastRun(shelf.root, journal.time, journal.command, files, kept))
    return runs


def _held(work: Callable[[Callable[[], None]], Restoration | None]) -> Restoration | None:
    """Do some work with signals held back."""
    try:
        with HeldSignals() as signals:
            return work(signals.stop_if_asked)
    except OSError as error:
        raise WriteError(
            f"files could not be restored: {reason_of(error)}; nothing is lost, and the next run "
            "tries again",
            where=os.fsdecode(error.filename) if error.filename else None,
        ) from None
    except Interrupted:
        raise WriteError("interrupted; nothing is lost, and the next run goes on") from None


def _recover(
    shelves: Iterable[Shelf], stop: Callable[[], None], *, give_up: bool
) -> Restoration | None:
    found: list[Restoration] = []
    for folder, shelf in _latest_first(shelves, *_INTERRUPTED):
        try:
            found.append(_restore(folder, shelf, stop, give_up=give_up))
        except BrokenJournalError:
            if not give_up:
                raise
            found.append(_give_up_broken(folder, shelf))
    if not found:
        return None
    return Restoration(
        tuple(path for one in found for path in one.files),
        tuple(pair for one in found for pair in one.left),
        found[0].command,
        interrupted=True,
        given_up=give_up,
    )


def _restore(
    folder: Path, shelf: Shelf, stop: Callable[[], None], *, give_up: bool
) -> Restoration:
    targets = [Path(entry.target) for entry in Journal.read(folder, shelf.root).entries]
    with locked(shelf.root, targets, shelf.lock):
        if not folder.exists():
            # Another run was faster.
            return Restoration((), ())
        return restore(Journal.read(folder, shelf.root), stop, give_up=give_up)


def _give_up_broken(folder: Path, shelf: Shelf) -> Restoration:
    with locked(shelf.root, (), shelf.lock):
        trash = folder.with_suffix(f".{Status.TRASH.value}")
        folder.rename(trash)
        shelf.tidy()
    return Restoration((), ((folder, "the journal cannot be used"),), given_up=True)


def _latest_first(shelves: Iterable[Shelf], *statuses: Status) -> list[tuple[Path, Shelf]]:
    found = [(folder, shelf) for shelf in shelves for folder in shelf.journals(*statuses)]
    return sorted(found, key=lambda pair: pair[0].name, reverse=True)


def _writes_below(journal: Journal, places: Iterable[Path]) -> bool:
    files = [Path(entry.target) for entry in journal.entries]
    files += [journal.root / entry.name for entry in journal.entries]
    return any(file.is_relative_to(place) for place in places for file in files)


def _shelves(places: Iterable[Path]) -> list[Shelf]:
    return list(related_shelves(state_folder(), _real(places)))


def _real(places: Iterable[Path]) -> list[Path]:
    return [Path(os.path.realpath(place)) for place in places]
