"""Resolve whole folders of configs, each file parsed once."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.files import config_files
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver

T = TypeVar("T")

# Below this many files, starting processes costs more than they save.
_FILES_PER_PROCESS = 1_000


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
    files = config_files(Path(os.path.abspath(root)))  # noqa: PTH100
    return _resolve_files(files, resolver or Resolver(within=within), lambda config: config)


def map_tree(
    root: str | Path, function: Callable[[ResolvedConfig], T], *, processes: int | None = None
) -> Tree[T]:
    """Resolve every config below a folder and keep what ``function`` makes of each.

    Args:
        root: The folder.
        function: Called once per config. With several processes it and what it returns
            must be picklable.
        processes: How many to use; by default one per thousand files, at most one per
            processor, because every process parses the shared bases anew.

    Raises:
        ConfigError: If the folder holds no config file.
    """
    files = config_files(Path(os.path.abspath(root)))  # noqa: PTH100
    if processes is None:
        processes = min(os.cpu_count() or 1, len(files) // _FILES_PER_PROCESS)
    if processes <= 1:
        return _resolve_files(files, Resolver(), function)
    from concurrent.futures import ProcessPoolExecutor

    # Neighbours share bases, so each process gets one run of the sorted files.
    size = -(-len(files) // processes)
    runs = [files[start : start + size] for start in range(0, len(files), size)]
    whole: Tree[T] = Tree()
    with ProcessPoolExecutor(processes) as pool:
        for part in pool.map(_resolve_run, runs, [function] * len(runs)):
            whole.configs.update(part.configs)
            whole.failed.update(part.failed)
    return whole


def _resolve_run(files: list[Path], function: Callable[[ResolvedConfig], T]) -> Tree[T]:
    return _resolve_files(files, Resolver(), function)


def _resolve_files(
    files: list[Path], resolver: Resolver, function: Callable[[ResolvedConfig], T]
) -> Tree[T]:
    tree: Tree[T] = Tree()
    with paused_collection():
        for file in files:
            try:
                tree.configs[file] = function(resolver.resolve(file))
            except ConfigError as error:
                tree.failed[file] = error
    return tree


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
