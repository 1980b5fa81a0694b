"""Where journals are kept, and that they are the user's own."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from mmscaffold.writing.errors import UNCHANGED, WriteError, reason_of

ENVIRONMENT = "MMSCAFFOLD_STATE"
_HINT = f"Name a folder of your own in {ENVIRONMENT}."


def state_folder() -> Path:
    """Where journals lie: ``$MMSCAFFOLD_STATE``, or the user's state folder.

    Where that cannot be written to, it is a folder in the system's temporary folder. Anybody may
    have made that, so it is used only if it is a real folder of the user that is closed to
    others: from a journal of somebody else, files would be overwritten.

    Raises:
        WriteError: If there is none that can be used.
    """
    named = os.environ.get(ENVIRONMENT)
    if named:
        place = Path(os.path.abspath(named))  # noqa: PTH100
        problem = _unusable(place)
        if problem:
            raise WriteError(
                f"{problem}, so a run could not be undone; {UNCHANGED}",
                where=str(place),
                hint=f"Name another folder in {ENVIRONMENT}.",
            )
        return place
    import platformdirs

    place = platformdirs.user_state_path("mmscaffold")
    if not _unusable(place) and not foreign(place, follow=True):
        return place
    return _temporary()


def user_id() -> int:
    """The number of the user in whose name files are written; 0 where there is none."""
    return os.geteuid() if hasattr(os, "geteuid") else 0


def foreign(path: Path, *, follow: bool = False) -> str | None:
    """Why what lies at a path may have been written by somebody else, if it may.

    Args:
        path: A file or a folder.
        follow: Whether a link to it is fine.

    Raises:
        OSError: If it does not exist.
    """
    status = path.stat() if follow else path.lstat()
    if stat.S_ISLNK(status.st_mode):
        return "it is a symbolic link"
    if not hasattr(os, "geteuid"):
        return None
    if status.st_uid != user_id():
        return f"it belongs to another user (uid {status.st_uid})"
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return f"others may write to it (mode {stat.S_IMODE(status.st_mode):o})"
    return None


def _temporary() -> Path:
    place = Path(tempfile.gettempdir(), f"mmscaffold-{user_id()}")
    try:
        try:
            place.mkdir(mode=0o700)
        except FileExistsError:
            problem = foreign(place)
            mode = stat.S_IMODE(place.lstat().st_mode)
            if not problem and not place.is_dir():
                problem = "it is not a folder"
            if not problem and hasattr(os, "geteuid") and mode & 0o077:
                problem = f"it is open to others (mode {mode:o})"
            if problem:
                raise WriteError(
                    f"cannot be used to keep journals: {problem}; {UNCHANGED}",
                    where=str(place),
                    hint=f"Remove it, or name a folder of your own in {ENVIRONMENT}.",
                ) from None
    except OSError as error:
        raise WriteError(
            f"cannot be written to ({reason_of(error)}), so a run could not be undone; "
            f"{UNCHANGED}",
            where=str(place),
            hint=_HINT,
        ) from None
    problem = _unusable(place)
    if problem:
        raise WriteError(
            f"{problem}, so a run could not be undone; {UNCHANGED}", where=str(place), hint=_HINT
        )
    return place


def _unusable(place: Path) -> str | None:
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return None
    except OSError as error:
        return f"cannot be written to ({reason_of(error)})"
