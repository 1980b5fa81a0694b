"""A progress bar over long trees, on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mmscaffold.cli.loudness import is_quiet

_FEW = 50
_SECONDS_A_PICTURE = 0.1


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function that reports how many steps are done, of how many; ``None`` off a terminal.

    So it is with ``-q``.

    Args:
        label: What is being done.
    """
    if is_quiet() or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    # No thread draws it: other processes may be forked meanwhile.
    with Progress(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task(label, total=None, visible=False)
        drawn = time.monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal drawn
            # A bar for a handful of files would only flicker.
            bar.update(task, completed=done, total=total, visible=total > _FEW)
            if time.monotonic() - drawn > _SECONDS_A_PICTURE:
                bar.refresh()
                drawn = time.monotonic()

        yield tell
