"""A progress bar over long trees, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mmscaffold.cli.loudness import is_quiet

_FEW = 50


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

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None, visible=False)

        def tell(done: int, total: int) -> None:
            # A bar for a handful of files would only flicker.
            bar.update(task, completed=done, total=total, visible=total > _FEW)

        yield tell
