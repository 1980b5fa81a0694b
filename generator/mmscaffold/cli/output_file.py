"""What a command prints, in a file instead."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

from mmscaffold.errors import MmscaffoldError


@contextlib.contextmanager
def output_into(file: Path | None) -> Iterator[None]:
    """Write what is printed to the standard output into a file, all at once at the end.

    Args:
        file: The file; ``None`` leaves the standard output as it is. Its folder is made.

    Raises:
        MmscaffoldError: If it cannot be written.
    """
    if file is None:
        yield
        return
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        yield
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(printed.getvalue().encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise MmscaffoldError(
            f"cannot be written: {error.strerror or error}", where=str(file)
        ) from error
