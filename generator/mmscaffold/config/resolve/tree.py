"""Resolve whole folders of configs, each file parsed once."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.files import config_files
from mmscaffold.config.resolve.bases import file_path
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.lazy import lazy_pattern

T = TypeVar("T")

# With fewer files each, starting processes costs more than they save.
_FILES_PER_PROCESS = 100
# Each of these ends soon, whatever the text: they are tried at few places, or are short.
_BASES = re.compile(
    r"""_base_['"]?\s{0,99}[=:]\s{0,99}"""
    r"""(\[[^]]{0,9999}\]|\([^)]{0,9999}\)|['"][^'"\n]{0,999}['"]|[^\s'"]{1,999})"""
)
_SEPARATORS = re.compile(r"""[\s'"\[\](),]+""")
_BASE_IMPORTS = lazy_pattern(r"^[ \t]+from[ \t]+(\.+)(\w[\w.]*)[ \t]+import\b", re.MULTILINE)
_MOST_MENTIONS = 20  # of _base_, in comments too


@dataclass
class Tree(Generic[T]):
    """What became of every config file below a folder.

    Attributes:
        configs: The result for each file that resolves, by absolute path, in order.
        failed: The error of each that does not.
    """

    configs: dict[Path, T] = field(default_factory=dict)
    failed: dict[Path, ConfigError] = field(default_factory=dict)


def resolve_tree(
    root: str | Path, *, within: str | Path | None = None, resolver: Resolver | None = None
) -> Tree[ResolvedConfig]:
    """Resolve every config below a folder; a file that many inherit is parsed once.

    Args:
        root: The folder.
        within: Refuse bases outside this folder; by default they may lie anywhere.
        resolver: Resolves the files, and keeps what it resolved.

    Raises:
        ConfigError: If the folder holds no config file. Faults of single files do not
            raise; they are in ``Tree.failed``.
    """
    tree: Tree[ResolvedConfig] = Tree()
    resolver = resolver or Resolver(within=within)
    with paused_collection():
        for file in config_files(Path(os.path.abspath(root))):  # noqa: PTH100
            try:
                tree.configs[file] = resolver.resolve(file)
            except ConfigError as error:
                tree.failed[file] = error
    return tree


def map_tree(
    root: str | Path, function: Callable[[ResolvedConfig], T], *, processes: int | None = 1
) -> Tree[T]:
    """Resolve every config below a folder and keep what ``function`` makes of each.

    Args:
        root: The folder.
        function: Called once per config. With several processes it and what it returns
            must be picklable.
        processes: How many to use; ``None``: as many as pay, at most one per processor.
            As with all of ``multiprocessing``, a script that asks for several must be
            guarded by ``if __name__ == "__main__"``.

    Raises:
        ConfigError: If the folder holds no config file.
    """
    files = config_files(Path(os.path.abspath(root)))  # noqa: PTH100
    whole: Tree[T] = Tree()
    for part in in_processes(partial(_map_files, function=function), files, processes):
        whole.configs.update(part.configs)
        whole.failed.update(part.failed)
    return whole


def _map_files(files: list[Path], function: Callable[[ResolvedConfig], T]) -> Tree[T]:
    tree: Tree[T] = Tree()
    for file, config in each_resolved(files, Resolver()):
        if isinstance(config, ConfigError):
            tree.failed[file] = config
            continue
        try:
            tree.configs[file] = function(config)
        except ConfigError as error:
            tree.failed[file] = error
    return tree


def in_processes(
    work: Callable[[list[Path]], T],
    files: list[Path],
    processes: int | None,
    here: Callable[[list[Path], int], T] | None = None,
) -> Iterator[T]:
    """Do the same to runs of files, in this process and in others beside it.

    Args:
        work: Does a run. With several processes it and what it returns must be picklable.
        files: The files, sorted: neighbours share bases, so each process gets one run.
        processes: How many to use, this one included; ``None``: as many as pay.
        here: Does the run of this process, where that is not ``work``; told how many runs
            there are.

    Yields:
        What came of each run, in order.
    """
    if processes is None:
        processes = min(_processors(), len(files) // _FILES_PER_PROCESS)
    first, *others = _runs(files, processes) if processes > 1 else [files]
    at_work = len(others) + 1
    if not others:
        yield here(first, at_work) if here else work(first)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(len(others)) as pool:
        # This process works, too: what it finds need not be sent to it.
        started = [pool.submit(work, run) for run in others]
        yield here(first, at_work) if here else work(first)
        for part in started:
            yield part.result()


def _processors() -> int:
    """How many processors this process may run on."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _runs(files: list[Path], processes: int) -> list[list[Path]]:
    """Split sorted files into runs of about the same size, between folders where one is near."""
    runs = []
    start = 0
    near = len(files) // processes // 4
    for number in range(1, processes + 1):
        even = max(start, len(files) * number // processes)
        between = (at for at in range(even, even + near) if _begins_folder(files, at))
        end = next(between, even)
        if end > start:
            runs.append(files[start:end])
        start = end
    return runs


def _begins_folder(files: list[Path], at: int) -> bool:
    return 0 < at < len(files) and files[at].parent != files[at - 1].parent


def each_resolved(
    files: Sequence[Path], resolver: Resolver
) -> Iterator[tuple[Path, ResolvedConfig | ConfigError]]:
    """Resolve many configs, and let each result go when no other of them needs it.

    Args:
        files: The configs, by absolute path.
        resolver: Resolves them. Afterwards it knows only what they inherit from elsewhere.

    Yields:
        Each file with its result, or with its error.
    """
    likely = {file: tuple(_likely_bases(file, resolver)) for file in files}
    needed = Counter(base for bases in likely.values() for base in bases)
    done: set[Path] = set()
    with paused_collection():
        for file, bases in likely.items():
            try:
                yield file, resolver.resolve(file)
            except ConfigError as error:
                # Its traceback would keep alive whatever was at work.
                error.__context__ = None
                yield file, error.with_traceback(None)
            done.add(file)
            needed.subtract(bases)
            for other in (*bases, file):
                if other in done and not needed[other]:
                    resolver.forget(other)


def _likely_bases(file: Path, resolver: Resolver) -> Iterator[Path]:
    """What a file seems to inherit from, by its text: good enough to tell what to keep."""
    try:
        text = resolver.peek(file).text
    except ConfigError:
        return
    if "_base_" in text:
        folder = os.path.dirname(file)  # noqa: PTH120
        place = -1
        for _ in range(_MOST_MENTIONS):
            place = text.find("_base_", place + 1)
            if place < 0:
                break
            found = _BASES.match(text, place)
            for name in _SEPARATORS.split(found.group(1)) if found else ():
                if name.endswith((".py", ".yml", ".yaml", ".json")):
                    yield file_path(f"{folder}/{name}")
    if "read_base" in text:
        for dots, module in _BASE_IMPORTS.findall(text):
            folder = os.path.join(file.parent, *[".."] * (len(dots) - 1))  # noqa: PTH118
            yield file_path(f"{folder}/{module.replace('.', '/')}.py")


@contextmanager
def paused_collection() -> Iterator[None]:
    """Hold the cyclic garbage collector while many configs are resolved.

    Syntax trees and values hold no cycles, so there is nothing for it to find; its
    walks over them took half of the time. What is left of them afterwards counts as old,
    or the next walk would be over all of it.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        gc.enable()
