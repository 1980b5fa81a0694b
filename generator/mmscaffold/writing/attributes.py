"""What belongs to a file besides its bytes: owner, group, mode, extended attributes."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

# The file system or the system has no such thing, so the file has none either.
_NONE_THERE = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})


def give_attributes(descriptor: int, file: Path) -> bool:
    """Give a new copy the owner, group, mode and extended attributes of a file.

    Access control lists and SELinux labels are extended attributes. A process without the right
    to give files away, or one in a container that does not know the owner, may not set all.

    Args:
        descriptor: The new file, opened: its name may lie where others can put a link.
        file: The file that it is to stand for.

    Returns:
        Whether the copy has them all.
    """
    if not hasattr(os, "fchown"):
        # On Windows a file has none of these that a copy in the same folder lacks.
        return True
    wanted = file.stat()
    made = os.fstat(descriptor)
    try:
        if (made.st_uid, made.st_gid) != (wanted.st_uid, wanted.st_gid):
            os.fchown(descriptor, wanted.st_uid, wanted.st_gid)
        _give_extended(descriptor, file)
        # Last: a new owner and a new list take bits of the mode away.
        os.fchmod(descriptor, stat.S_IMODE(wanted.st_mode))
    except OSError as error:
        # EINVAL: a user namespace has no number for the owner.
        if error.errno in (errno.EPERM, errno.EACCES, *_NONE_THERE):
            return False
        raise
    return True


def _give_extended(descriptor: int, file: Path) -> None:
    if not hasattr(os, "listxattr"):
        return
    wanted = _extended(file)
    there = _extended(descriptor)
    for name in there.keys() - wanted.keys():
        # Inherited from the folder.
        os.removexattr(descriptor, name)
    for name, value in wanted.items():
        if there.get(name) != value:
            os.setxattr(descriptor, name, value)


def _extended(file: int | Path) -> dict[str, bytes]:
    try:
        return {name: os.getxattr(file, name) for name in os.listxattr(file)}
    except OSError as error:
        if error.errno in _NONE_THERE:
            return {}
        raise
