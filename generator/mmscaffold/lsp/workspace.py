"""Which configs a workspace has, and which of them inherits from which."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.files import files_below
from mmscaffold.config.kind import is_data_config, python_file
from mmscaffold.config.resolve.bases import base_file, base_names
from mmscaffold.config.resolve.data_layer import DataLayer
from mmscaffold.config.resolve.pure_python import base_imports, imported_file
from mmscaffold.config.text.disk import read_file
from mmscaffold.config.text.placeholders import parse_classic
from mmscaffold.config.text.source import (
    DATA_SUFFIXES,
    MAX_BYTES,
    ParsedSource,
    Source,
)

Stamp = tuple[int, int] | None


@dataclass(frozen=True)
class IndexedFile:
    """What the index keeps of a file.

    Attributes:
        is_config: Whether it is a config; otherwise it is code, or data of another kind.
        bases: What it directly inherits from, in order, as far as that can be read.
    """

    is_config: bool
    bases: tuple[Path, ...] = ()


class ConfigIndex:
    """The files of a workspace, and who inherits from whom.

    A file is read when it is asked about and has changed since, be that on disk or in the editor.
    """

    def __init__(self) -> None:
        self._files: dict[Path, IndexedFile] = {}
        self._stamps: dict[Path, Stamp | bytes] = {}
        self._heirs: dict[Path, dict[Path, None]] = {}
        self._buffers: Mapping[Path, bytes] = {}
        self.is_complete = False
        """Whether every file of the workspace was looked at once."""

    @property
    def configs(self) -> list[Path]:
        """Every config that is known by now."""
        return [path for path, one in self._files.items() if one.is_config]

    def cover(self, buffers: Mapping[Path, bytes]) -> None:
        """Let the contents of open documents stand in for those of their files."""
        self._buffers = buffers

    def read_all(self, folders: Iterable[Path], make_way: Callable[[], bool]) -> Iterator[int]:
        """Look at every file below some folders, a few at a time.

        Args:
            folders: The folders of the workspace.
            make_way: Whether there is something more urgent to do.

        Yields:
            Now and then, how many files were looked at.
        """
        count = 0
        for folder in folders:
            for file in files_below(folder):
                self.file(file)
                count += 1
                if make_way():
                    yield count
        self.is_complete = True
        yield count

    def file(self, path: Path) -> IndexedFile:
        """What is known of one file, which is read if it has changed."""
        buffer = self._buffers.get(path)
        stamp = buffer if buffer is not None else stamp_of(path)
        known = self._files.get(path)
        if known is not None and self._stamps[path] == stamp:
            return known
        return self._put(path, stamp, _read(path, buffer, known.bases if known else ()))

    def is_config(self, path: Path) -> bool:
        """Whether a file is a config, and not code or anything else."""
        return self.file(path).is_config

    def heirs(self, path: Path) -> list[Path]:
        """The configs that inherit from a file, directly or by others, sorted."""
        found: dict[Path, None] = {}
        pending = [path]
        while pending:
            for heir in self.direct_heirs(pending.pop()):
                if heir not in found and heir != path:
                    found[heir] = None
                    pending.append(heir)
        return sorted(found)

    def direct_heirs(self, path: Path) -> list[Path]:
        """The configs that name a file as a base, sorted."""
        known = list(self._heirs.get(path, ()))
        # One that was deleted, or names other bases now, is none any more.
        return sorted(heir for heir in known if path in self.file(heir).bases)

    def _put(self, path: Path, stamp: Stamp | bytes, found: IndexedFile) -> IndexedFile:
        for base in self._files[path].bases if path in self._files else ():
            self._heirs.get(base, {}).pop(path, None)
        for base in found.bases:
            self._heirs.setdefault(base, {})[path] = None
        self._files[path] = found
        self._stamps[path] = stamp
        return found


def stamp_of(path: Path) -> Stamp:
    """What changes when a file does; ``None`` if there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size


def _read(path: Path, buffer: bytes | None, before: tuple[Path, ...]) -> IndexedFile:
    try:
        raw = read_file(path, MAX_BYTES) if buffer is None else buffer
        if path.suffix in DATA_SUFFIXES:
            if not is_data_config(path, raw):
                return IndexedFile(is_config=False)
        elif path.suffix != ".py" or not python_file(path, raw).is_config:
            return IndexedFile(is_config=False)
    except ConfigError:
        return IndexedFile(is_config=False)
    try:
        return IndexedFile(is_config=True, bases=tuple(_bases(Source(path, raw))))
    except ConfigError:
        # Half-written, or not UTF-8: still a config, and likely still an heir.
        return IndexedFile(is_config=True, bases=before)


def _bases(source: Source) -> Iterator[Path]:
    if source.path.suffix in DATA_SUFFIXES:
        if b"_base_" in source.raw:
            layer = DataLayer(source)
            for name, node in layer.base_names():
                yield from _known(base_file(name, layer.parsed, node))
        return
    if b"read_base" in source.raw:
        parsed = ParsedSource(source)
        for statement in base_imports(parsed):
            yield imported_file(statement, parsed)
    elif b"_base_" in source.raw:
        parsed, _ = parse_classic(source)
        for name, node in base_names(parsed):
            yield from _known(base_file(name, parsed, node))


def _known(base: Path | Unknown) -> Iterator[Path]:
    if not isinstance(base, Unknown):
        yield base
