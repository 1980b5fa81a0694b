"""The journals of a tree, side by side in the state folder."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from mmscaffold.writing.durable import sync_folders, write_synced
from mmscaffold.writing.errors import BrokenJournalError
from mmscaffold.writing.journal import Status, sweep
from mmscaffold.writing.roots import is_related
from mmscaffold.writing.state import foreign, user_id

# How many runs can be undone, one after the other.
_MOST_RUNS = 50
_ROOT = "root"
_LOCK = "lock"
_NAME = re.compile(r"\d{20}\.(" + "|".join(status.value for status in Status) + ")")


class Shelf:
    """The folder with the journals of one tree.

    Each user has a folder of their own for a tree, even where they share a state folder.

    Attributes:
        root: The tree.
        folder: The folder; it exists once something was written in the tree.
    """

    def __init__(self, state: Path, root: Path) -> None:
        self.root = root
        self.folder = _trees(state) / _key(root)

    @property
    def lock(self) -> Path:
        """What to lock where the tree itself cannot be locked."""
        return self.folder / _LOCK

    def make(self) -> None:
        """Make the folder, unless it exists.

        Raises:
            OSError: If it cannot be made.
            BrokenJournalError: If it was made by somebody else.
        """
        if not self.folder.is_dir():
            self.folder.parent.mkdir(mode=0o700, exist_ok=True)
            made = Path(tempfile.mkdtemp(prefix="new-", dir=self.folder.parent))
            try:
                write_synced(made / _ROOT, os.fsencode(self.root))
                made.rename(self.folder)
                sync_folders([self.folder.parent])
            except OSError:
                # Another run may have been faster, which is just as well.
                if not self.folder.is_dir():
                    raise
            finally:
                sweep(made)
        self.refuse_foreign()

    def refuse_foreign(self) -> None:
        """See that nobody else made the folder.

        Raises:
            OSError: If it does not exist.
            BrokenJournalError: If somebody did.
        """
        for folder in (self.folder.parent, self.folder):
            problem = foreign(folder)
            if problem:
                raise BrokenJournalError(str(folder), problem, str(self.root))

    def journals(self, *statuses: Status) -> list[Path]:
        """The journals with one of some statuses, the latest last.

        Raises:
            OSError: If the folder cannot be read.
            BrokenJournalError: If the folder is not the user's own.
        """
        if not os.path.lexists(self.folder):
            return []
        self.refuse_foreign()
        endings = tuple(f".{status.value}" for status in statuses)
        return sorted(
            path
            for path in self.folder.iterdir()
            if _NAME.fullmatch(path.name) and path.name.endswith(endings)
        )

    def next_identifier(self) -> str:
        """A name for the next journal: when it was made, and later than all others."""
        latest = max((int(path.name[:20]) for path in self.journals(*Status)), default=0)
        return f"{max(time.time_ns(), latest + 1):020d}"

    def tidy(self) -> None:
        """Delete what runs that died left half made or half deleted, and the oldest runs.

        To be called only while no other run can write to the tree.
        """
        with contextlib.suppress(OSError):
            for folder in self.journals(Status.NEW, Status.TRASH):
                sweep(folder)
            for folder in self.journals(Status.DONE)[:-_MOST_RUNS]:
                trash = folder.with_suffix(f".{Status.TRASH.value}")
                folder.rename(trash)
                sweep(trash)


def related_shelves(state: Path, places: Iterable[Path]) -> Iterator[Shelf]:
    """The shelves of the trees that hold some places, and of those in them.

    Args:
        state: The state folder.
        places: Real paths of files and folders.

    Raises:
        OSError: If the state folder cannot be read.
    """
    wanted = list(places)
    above = {_key(root): root for place in wanted for root in (place, *place.parents)}
    if not _trees(state).is_dir():
        return
    for folder in sorted(_trees(state).iterdir()):
        root = above.get(folder.name) or _root_of(folder)
        if root is not None and any(is_related(root, place) for place in wanted):
            yield Shelf(state, root)


def _root_of(folder: Path) -> Path | None:
    """The tree of a folder with journals, unless that folder is none or somebody else's."""
    try:
        root = Path(os.fsdecode((folder / _ROOT).read_bytes()))
    except OSError:
        return None
    return root if _key(root) == folder.name else None


def _trees(state: Path) -> Path:
    return state / f"trees-{user_id()}"


def _key(root: Path) -> str:
    readable = re.sub(r"[^A-Za-z0-9_-]", "_", root.name)[:40]
    return f"{readable}-{hashlib.sha256(os.fsencode(root)).hexdigest()[:24]}"
