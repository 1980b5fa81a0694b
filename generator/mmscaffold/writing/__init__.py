"""Write files of a tree: all of a run or none, and in a way that can be undone."""

from mmscaffold.writing.copies import write_copies
from mmscaffold.writing.errors import WriteError
from mmscaffold.writing.restoring import Restoration
from mmscaffold.writing.run import write_files
from mmscaffold.writing.undoing import PastRun, history, recover, undo

__all__ = [
    "PastRun",
    "Restoration",
    "WriteError",
    "history",
    "recover",
    "undo",
    "write_copies",
    "write_files",
]
