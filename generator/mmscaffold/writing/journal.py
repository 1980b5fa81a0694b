"""The journal of one run: the old bytes of its files, and how they can be told from the new.

A journal is a folder, and the end of its name says how far the run got::

    <id>.new      is being made; no file has been touched
    <id>.pending  the files are being replaced; whoever finds it puts them back
    <id>.done     all files are in place; `--undo` puts them back
    <id>.undoing  they are being put back; whoever finds it goes on
    <id>.kept     some could not be put back, and only those are left in it
    <id>.trash    is being deleted

Each step from one to the next is one rename, so that a run may die at any moment.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import Enum
from pathlib import Path, PurePath
from typing import Any

from mmscaffold.writing.durable import sync_folders, write_synced
from mmscaffold.writing.errors import BrokenJournalError, reason_of
from mmscaffold.writing.state import foreign

_INDEX = "journal.json"
_CONTENTS = "contents"
_VERSION = 1


class Status(Enum):
    """How far a run got."""

    NEW = "new"
    PENDING = "pending"
    DONE = "done"
    UNDOING = "undoing"
    KEPT = "kept"
    TRASH = "trash"


@dataclass(frozen=True)
class Entry:
    """One file of a run.

    Attributes:
        number: Its place in the run.
        name: Its path below the root of the tree, as the run was told.
        target: The file that this led to, links followed.
        start: Where its old bytes start in the contents.
        end: Where they end.
        old: The digest of its old bytes; ``None`` if the run made the file.
        new: The digest of its new bytes.
    """

    number: int
    name: str
    target: str
    start: int
    end: int
    old: str | None
    new: str

    def is_sound(self) -> bool:
        """Whether the entry can be one that this class wrote."""
        name = PurePath(self.name)
        return (
            all(type(value) is int for value in (self.number, self.start, self.end))
            and 0 <= self.start <= self.end
            and all(type(value) is str for value in (self.name, self.target, self.new))
            and (self.old is None or type(self.old) is str)
            and not name.is_absolute()
            and ".." not in name.parts
            and "\0" not in self.name + self.target
            and os.path.isabs(self.target)  # noqa: PTH117
        )


class Journal:
    """A journal on the disk.

    Attributes:
        root: The tree whose files it can put back; it touches none outside.
        identifier: Grows from run to run.
        status: How far the run got.
        command: The command that wrote.
        time: When, in seconds since 1970.
        entries: The files that it can put back.
        made_folders: The folders that the run made, below the root, the outermost first.
    """

    def __init__(
        self,
        place: Path,
        root: Path,
        identifier: str,
        status: Status,
        index: Mapping[str, Any],
    ) -> None:
        self.root = root
        self.identifier = identifier
        self.status = status
        self.command: str = index["command"]
        self.time: float = index["time"]
        self.entries: tuple[Entry, ...] = tuple(index["entries"])
        self.made_folders: tuple[str, ...] = tuple(index["made_folders"])
        self._place = place

    @classmethod
    def make(
        cls,
        place: Path,
        root: Path,
        identifier: str,
        entries: Sequence[Entry],
        contents: bytes,
        *,
        command: str,
        time: float,
        made_folders: Sequence[str],
    ) -> Journal:
        """Store the journal of a run that is about to replace files.

        Args:
            place: The folder for the journals of this tree.
            root: The tree.
            identifier: Larger than that of any run before.
            entries: The files.
            contents: Their old bytes, one after the other.
            command: The command that writes.
            time: When, in seconds since 1970.
            made_folders: The folders that the run is about to make.

        Raises:
            OSError: If it cannot be stored.
        """
        index = {
            "command": command,
            "time": time,
            "entries": entries,
            "made_folders": made_folders,
        }
        journal = cls(place, root, identifier, Status.NEW, index)
        try:
            journal.folder.mkdir(mode=0o700)
            # One file for all: to sync each old content by itself takes as long as all the rest.
            write_synced(journal.folder / _CONTENTS, contents)
            write_synced(journal.folder / _INDEX, journal._index())
            sync_folders([journal.folder])
            journal.become(Status.PENDING)
        except BaseException:
            journal.look_again()
            with contextlib.suppress(OSError):
                journal.discard()
            raise
        return journal

    @classmethod
    def read(cls, folder: Path, root: Path) -> Journal:
        """Read a journal.

        Args:
            folder: The journal.
            root: The tree that it must be of.

        Raises:
            BrokenJournalError: If it is damaged, or somebody else may have written it.
        """
        identifier, _, status = folder.name.rpartition(".")
        try:
            for path in (folder, folder / _INDEX, folder / _CONTENTS):
                problem = foreign(path)
                if problem:
                    raise BrokenJournalError(str(folder), problem, str(root))
            index = json.loads((folder / _INDEX).read_bytes())
            size = (folder / _CONTENTS).stat().st_size
        except OSError as error:
            name = Path(os.fsdecode(error.filename or folder)).name
            why = f"{name} could not be read: {reason_of(error)}"
            raise BrokenJournalError(str(folder), why, str(root)) from None
        except (ValueError, RecursionError):
            raise BrokenJournalError(str(folder), f"{_INDEX} is damaged", str(root)) from None
        if not _is_sound(index):
            raise BrokenJournalError(str(folder), f"{_INDEX} is damaged", str(root))
        entries = [Entry(**raw) for raw in index["entries"]]
        if not all(entry.is_sound() and entry.end <= size for entry in entries):
            raise BrokenJournalError(str(folder), f"{_CONTENTS} or {_INDEX} is damaged", str(root))
        return cls(folder.parent, root, identifier, Status(status), {**index, "entries": entries})

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._place / f"{self.identifier}.{self.status.value}"

    def become(self, status: Status) -> None:
        """Record, durably, that the run got one step further.

        Raises:
            OSError: If it cannot be recorded; then it got no further.
        """
        folder = self._place / f"{self.identifier}.{status.value}"
        self.folder.rename(folder)
        self.status = status
        sync_folders([self._place])

    def look_again(self) -> None:
        """Correct the status after an interruption in the midst of a step."""
        for status in Status:
            if (self._place / f"{self.identifier}.{status.value}").is_dir():
                self.status = status
                return

    def keep_only(self, entries: Iterable[Entry]) -> None:
        """Forget all other files, which hold their old bytes again.

        Raises:
            OSError: If it cannot be recorded; then nothing is forgotten.
        """
        before = self.entries
        self.entries = tuple(entries)
        made = self.folder / f"{_INDEX}.new"
        try:
            made.unlink(missing_ok=True)
            write_synced(made, self._index())
            made.replace(self.folder / _INDEX)
            sync_folders([self.folder])
        except BaseException:
            self.entries = before
            raise

    def discard(self) -> None:
        """Delete the journal, as a whole, whatever happens on the way.

        Raises:
            OSError: If it cannot be; then it is as it was.
        """
        self.become(Status.TRASH)
        sweep(self.folder)

    def old_contents(self) -> dict[int, bytes]:
        """The old bytes of each file that was not made by the run, by number.

        Raises:
            BrokenJournalError: If they are damaged.
        """
        try:
            contents = (self.folder / _CONTENTS).read_bytes()
        except OSError as error:
            why = f"{_CONTENTS} could not be read: {reason_of(error)}"
            raise BrokenJournalError(str(self.folder), why, str(self.root)) from None
        found = {}
        for entry in self.entries:
            raw = contents[entry.start : entry.end]
            if entry.old is not None:
                if digest(raw) != entry.old:
                    raise BrokenJournalError(
                        str(self.folder), f"{_CONTENTS} is damaged", str(self.root)
                    )
                found[entry.number] = raw
        return found

    def note_in_place(self, number: int, new: bytes) -> None:
        """Store the new bytes of a file that is about to be overwritten where it lies.

        Only with them can a file that was half written be told from one that was edited.

        Raises:
            OSError: If they cannot be stored.
        """
        made = self.folder / f"in-place-{number}.new"
        made.unlink(missing_ok=True)
        write_synced(made, new)
        made.replace(self.folder / f"in-place-{number}")
        sync_folders([self.folder])

    def noted_in_place(self, number: int) -> bytes | None:
        """The new bytes of a file that was, or was to be, overwritten where it lies."""
        try:
            return (self.folder / f"in-place-{number}").read_bytes()
        except FileNotFoundError:
            return None

    def scratch(self, entry: Entry, kind: str) -> Path:
        """The name for a copy beside a file, known to whoever has to remove it."""
        return Path(entry.target).parent / f".mmscaffold-{self.identifier}-{entry.number}.{kind}"

    def _index(self) -> bytes:
        index = {
            "version": _VERSION,
            "command": self.command,
            "time": self.time,
            "made_folders": self.made_folders,
            "entries": [asdict(entry) for entry in self.entries],
        }
        return json.dumps(index).encode("ascii")


def digest(raw: bytes) -> str:
    """What tells contents apart."""
    return hashlib.sha256(raw).hexdigest()


def sweep(folder: Path) -> None:
    """Delete what nobody needs any more, as far as possible."""
    with contextlib.suppress(OSError):
        shutil.rmtree(folder)


def _is_sound(index: Any) -> bool:
    names = {field.name for field in fields(Entry)}
    return (
        isinstance(index, dict)
        and index.get("version") == _VERSION
        and isinstance(index.get("command"), str)
        and type(index.get("time")) in (int, float)
        and isinstance(index.get("made_folders"), list)
        and all(
            isinstance(name, str) and ".." not in PurePath(name).parts and not os.path.isabs(name)  # noqa: PTH117
            for name in index["made_folders"]
        )
        and isinstance(index.get("entries"), list)
        and all(isinstance(raw, dict) and raw.keys() == names for raw in index["entries"])
    )
