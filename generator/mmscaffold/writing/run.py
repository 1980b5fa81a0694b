"""Write the files of a run: all of them, or none."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.writing.copies import missing_folders
from mmscaffold.writing.errors import UNCHANGED, WriteError, reason_of, unwritable
from mmscaffold.writing.journal import Entry, Journal, Status, digest
from mmscaffold.writing.locks import locked
from mmscaffold.writing.replacing import FileChange, Replacement, content_of
from mmscaffold.writing.restoring import Restoration, restore
from mmscaffold.writing.roots import tree_root
from mmscaffold.writing.shelves import Shelf
from mmscaffold.writing.signals import HeldSignals, Interrupted
from mmscaffold.writing.state import state_folder


def write_files(
    new: Mapping[Path, bytes], old: Mapping[Path, bytes], *, command: str = ""
) -> list[Path]:
    """Replace and make files, all or none, in a way that can be undone.

    Links are followed, and owner, group, mode and extended attributes are kept.

    Args:
        new: The bytes to write, by path.
        old: The bytes that each file must still hold; a file that is not in here must not exist.
        command: What to call the run in a list of runs.

    Returns:
        The files that were written.

    Raises:
        WriteError: If any file cannot be written. Then all are as they were, or the
            message says which are not; the old bytes of those are kept.
    """
    if not new:
        return []
    run = _Run(new, old, command)
    try:
        with HeldSignals() as signals:
            run.write(signals.stop_if_asked)
    except Interrupted:
        # It has been delivered by now, and did not end the process.
        raise WriteError(f"the run was interrupted; {run.outcome}") from None
    return list(new)


@dataclass(frozen=True)
class _File:
    name: str
    target: Path
    before: bytes | None
    after: bytes


class _Run:
    """One run.

    Attributes:
        outcome: What to tell people of the files after a failure.
    """

    def __init__(self, new: Mapping[Path, bytes], old: Mapping[Path, bytes], command: str) -> None:
        self.outcome = UNCHANGED
        self._command = command
        named_root = tree_root(new)
        self._root = Path(os.path.realpath(named_root))
        self._files = [
            _File(
                os.path.relpath(os.path.abspath(path), named_root),  # noqa: PTH100
                Path(os.path.realpath(path)),
                old.get(path),
                raw,
            )
            for path, raw in new.items()
        ]

    def write(self, stop_if_asked: Callable[[], None]) -> None:
        """Write all files.

        Raises:
            WriteError: If one cannot be written.
        """
        shelf = Shelf(state_folder(), self._root)
        try:
            shelf.make()
            with locked(self._root, (file.target for file in self._files), shelf.lock):
                stop_if_asked()
                self._refuse_if_pending(shelf)
                shelf.tidy()
                files = _once_each(self._files)
                for file in files:
                    _refuse_unwritable(file)
                journal = self._store(shelf, files)
                self._replace(journal, files, stop_if_asked)
        except OSError as error:
            failed = unwritable(error)
            failed.message = failed.message.replace(UNCHANGED, self.outcome)
            raise failed from None
        except WriteError as error:
            error.message = error.message.replace(UNCHANGED, self.outcome)
            raise

    def _refuse_if_pending(self, shelf: Shelf) -> None:
        """See that no run died since this one was planned."""
        for folder in shelf.journals(Status.PENDING, Status.UNDOING):
            restore(Journal.read(folder, self._root))

    def _store(self, shelf: Shelf, files: list[_File]) -> Journal:
        entries = []
        contents = []
        start = 0
        for number, file in enumerate(files):
            end = start + len(file.before or b"")
            contents.append(file.before or b"")
            old = None if file.before is None else digest(file.before)
            entries.append(
                Entry(number, file.name, str(file.target), start, end, old, digest(file.after))
            )
            start = end
        return Journal.make(
            shelf.folder,
            self._root,
            shelf.next_identifier(),
            entries,
            b"".join(contents),
            command=self._command,
            time=time.time(),
            made_folders=self._folders_to_make(files),
        )

    def _folders_to_make(self, files: list[_File]) -> list[str]:
        missing = dict.fromkeys(
            folder
            for file in files
            if file.before is None
            for folder in missing_folders(file.target.parent)
        )
        return [os.path.relpath(path, self._root) for path in missing]

    def _replace(
        self, journal: Journal, files: list[_File], stop_if_asked: Callable[[], None]
    ) -> None:
        changes = [
            FileChange(number, file.target, file.before, file.after, journal.scratch(entry, "new"))
            for number, (file, entry) in enumerate(zip(files, journal.entries, strict=True))
        ]

        def note_in_place(change: FileChange) -> None:
            assert change.after is not None
            journal.note_in_place(change.number, change.after)

        replacement = Replacement(changes, note_in_place, stop_if_asked)
        try:
            for name in journal.made_folders:
                (self._root / name).mkdir()
            replacement.perform()
            journal.become(Status.DONE)
        except BaseException:
            numbers = {change.number for change in changes}
            self._put_back(journal, numbers - replacement.touched)
            raise

    def _put_back(self, journal: Journal, untouched: set[int]) -> None:
        """Put the files back after a failure; the journal goes only when all of them are."""
        journal.look_again()
        if journal.status is not Status.PENDING:
            self.outcome = "all files were written; `mmscaffold migrate --undo` restores them"
            return
        # Should this be cut off, the next run finds the journal.
        self.outcome = (
            f"files may hold new contents until the next run restores them from {journal.folder}"
        )
        try:
            restored = restore(journal, untouched=untouched)
        except OSError as error:
            self.outcome = f"{self.outcome} (not now: {reason_of(error)})"
            return
        except WriteError as error:
            self.outcome = f"{self.outcome} (not now: {error.message})"
            return
        self.outcome = _outcome(restored)


def _outcome(restored: Restoration) -> str:
    if not restored.left:
        return UNCHANGED
    left = "; ".join(f"{path}: {reason}" for path, reason in restored.left)
    return (
        "the other files are unchanged, but these could not be restored, and "
        f"`mmscaffold migrate --undo` tries again: {left}"
    )


def _once_each(files: list[_File]) -> list[_File]:
    """Each file once, whatever number of names it has.

    Raises:
        WriteError: If it would be written differently under two names.
    """
    chosen: dict[tuple[int, int] | Path, _File] = {}
    for file in files:
        key: tuple[int, int] | Path = file.target
        if os.path.lexists(file.target):
            status = file.target.stat()
            key = (status.st_dev, status.st_ino)
        first = chosen.setdefault(key, file)
        if first.after != file.after:
            raise WriteError(
                f"is the same file as {first.target}, and the two would be written differently; "
                f"{UNCHANGED}",
                where=str(file.target),
                hint="Name only one of them, or make one a copy.",
            )
    return list(chosen.values())


def _refuse_unwritable(file: _File) -> None:
    target = file.target
    found = content_of(target)
    if found != file.before:
        if file.before is None:
            what, hint = "exists already", "Move it away, then run the command again."
        else:
            what, hint = "changed while the run was planned", "Run the command again."
        raise WriteError(f"{what}; {UNCHANGED}", where=str(target), hint=hint)
    # Checked by mode, not by access(): renaming over a file needs no right to write it,
    # and root may write anything, but a read-only file was made so on purpose.
    if found is not None and not target.stat().st_mode & (
        stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    ):
        raise WriteError(
            f"is read-only; {UNCHANGED}",
            where=str(target),
            hint="chmod u+w it, or write elsewhere with --output DIR.",
        )
