"""The errors of writing."""

from __future__ import annotations

import os

from mmscaffold.errors import MmscaffoldError

UNCHANGED = "no file was changed"


class WriteError(MmscaffoldError):
    """Files could not be written; unless the message says otherwise, all are as they were."""


class BrokenJournalError(WriteError):
    """A journal cannot be used: damaged, or not the user's own.

    Args:
        folder: The journal.
        why: What is wrong with it.
        root: The tree whose files it was to restore.
    """

    def __init__(self, folder: str, why: str, root: str) -> None:
        super().__init__(
            f"the journal of an earlier run cannot be used: {why}; {UNCHANGED}",
            where=folder,
            hint=f"`mmscaffold migrate --undo --forget {root}` gives that run up. To look at what "
            "is left of the old contents first, move the folder away.",
        )


def reason_of(error: OSError) -> str:
    """What an error of the operating system says, without its number."""
    return error.strerror or str(error) or type(error).__name__


def unwritable(error: OSError) -> WriteError:
    """The error for people when a file of a run could not be written."""
    name = error.filename
    return WriteError(
        f"cannot be written: {reason_of(error)}; {UNCHANGED}",
        where=os.fsdecode(name) if isinstance(name, str | bytes) else None,
    )
