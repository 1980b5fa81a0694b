"""Put the files of a journal back as they were."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from mmscaffold.writing.errors import WriteError, reason_of
from mmscaffold.writing.journal import Entry, Journal, Status, digest
from mmscaffold.writing.replacing import FileChange, Replacement, content_of

_NEW, _OLD = "new", "old"


@dataclass(frozen=True)
class Restoration:
    """What became of the files of an earlier run.

    Attributes:
        files: Those that hold their old bytes again, or are gone again.
        left: Those that could not be put back, each with the reason. Their old bytes stay in
            the journal, unless the user gave them up.
        command: The command of that run.
        interrupted: Whether that run, or its undoing, was interrupted.
        given_up: Whether what is left was given up.
    """

    files: tuple[Path, ...]
    left: tuple[tuple[Path, str], ...]
    command: str = ""
    interrupted: bool = False
    given_up: bool = False


def restore(
    journal: Journal,
    stop_if_asked: Callable[[], None] = lambda: None,
    *,
    give_up: bool = False,
    untouched: Collection[int] = (),
) -> Restoration:
    """Put the files of a run back, each that is as the run left it.

    The journal is deleted only once all of them are, or the user gives up the rest. Otherwise
    what is left stays in it, for the next time. Interrupted, it goes on where it was.

    Args:
        journal: The journal of a run that died, or is to be undone.
        stop_if_asked: Called between two files; may raise. It is not asked any more once a
            file was put back.
        give_up: Whether to give up what cannot be put back.
        untouched: The numbers of files that the run is known not to have replaced: what they
            hold now is nothing of the run's.

    Raises:
        WriteError: If nothing can be put back now; then the journal is as it was.
        OSError: The same.
    """
    attempt = _Attempt(journal, untouched)
    interrupted = journal.status in (Status.PENDING, Status.UNDOING)
    if interrupted:
        attempt.remove_scratch()
    attempt.plan()
    before = journal.status
    if not interrupted:
        journal.become(Status.UNDOING)
    try:
        attempt.perform(stop_if_asked)
    except BaseException:
        attempt.remove_scratch()
        if not attempt.has_begun and journal.status is not before:
            journal.become(before)
        raise
    attempt.remove_scratch()
    if attempt.left and not give_up:
        journal.keep_only(attempt.left)
        journal.become(Status.KEPT)
    else:
        journal.discard()
    left = tuple((journal.root / entry.name, why) for entry, why in attempt.left.items())
    return Restoration(tuple(attempt.restored), left, journal.command, interrupted, give_up)


@dataclass
class _Attempt:
    """One attempt to put the files of a journal back."""

    journal: Journal
    untouched: Collection[int] = ()
    left: dict[Entry, str] = field(default_factory=dict)
    restored: list[Path] = field(default_factory=list)
    has_begun: bool = False
    _changes: list[FileChange] = field(default_factory=list)
    _entries: dict[int, Entry] = field(default_factory=dict)

    def plan(self) -> None:
        """Look at each file: is it as the run left it, or old again, or neither?"""
        old = self.journal.old_contents()
        for entry in self.journal.entries:
            self._entries[entry.number] = entry
            if entry.number in self.untouched:
                continue
            try:
                change = self._change(entry, old.get(entry.number))
            except (OSError, WriteError) as error:
                self.left[entry] = (
                    error.message
                    if isinstance(error, WriteError)
                    else f"could not be read: {reason_of(error)}"
                )
            else:
                if change is not None:
                    self._changes.append(change)

    def _change(self, entry: Entry, old: bytes | None) -> FileChange | None:
        """What to do with a file; ``None`` if nothing."""
        target = Path(entry.target)
        named = self.journal.root / entry.name
        if os.path.realpath(named) != entry.target:
            raise WriteError("it leads to another file now")
        found = content_of(target)
        if found == old:
            return None
        if found is None:
            raise WriteError("it was moved or removed")
        if digest(found) != entry.new and not self._half_written(entry, found, old):
            raise WriteError("it has changed since")
        if not target.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            raise WriteError("it is read-only now")
        scratch = self.journal.scratch(entry, _OLD)
        return FileChange(entry.number, target, found, old, scratch)

    def _half_written(self, entry: Entry, found: bytes, old: bytes | None) -> bool:
        """Whether a file was being overwritten where it lies when the run died."""
        new = self.journal.noted_in_place(entry.number)
        if new is None or old is None or len(found) > max(len(old), len(new)):
            return False
        # Space was reserved beyond the end, which reads as zeros.
        return all(
            byte in (before, after, 0 if before is None else before)
            for byte, before, after in zip_longest(found, old, new)
            if byte is not None
        )

    def perform(self, stop_if_asked: Callable[[], None]) -> None:
        """Put back what can be."""

        def note_in_place(change: FileChange) -> None:
            if self.journal.noted_in_place(change.number) is None:
                assert change.before is not None
                self.journal.note_in_place(change.number, change.before)

        def leave(change: FileChange, reason: str) -> None:
            self.left[self._entries[change.number]] = f"cannot be written: {reason}"

        def stop_before_the_first() -> None:
            if not replacement.touched:
                stop_if_asked()

        replacement = Replacement(self._changes, note_in_place, stop_before_the_first, leave)
        try:
            replacement.perform()
        finally:
            self.has_begun = bool(replacement.touched)
        self.restored = [
            self.journal.root / self._entries[change.number].name
            for change in self._changes
            if self._entries[change.number] not in self.left
        ]
        self._remove_made_folders()

    def _remove_made_folders(self) -> None:
        for name in reversed(self.journal.made_folders):
            # Not empty: somebody uses it.
            with contextlib.suppress(OSError):
                (self.journal.root / name).rmdir()

    def remove_scratch(self) -> None:
        """Remove the copies that a run left beside the files when it died."""
        for entry in self.journal.entries:
            for kind in (_NEW, _OLD):
                with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                    self.journal.scratch(entry, kind).unlink()
