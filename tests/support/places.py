"""Configs as an editor has them, with a mark where the pointer is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mmscaffold.check.known_code import KnownCode
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.places.config_text import ConfigText

MARK = "¦"


class Desk:
    """A folder of configs, and an editor over it.

    Args:
        folder: Where the files lie.
        files: Their texts, by name.
    """

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        self.folder = folder
        self.resolver = Resolver()
        self._known_code = KnownCode()
        self._opened: Path | None = None
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def open(self, name: str, marked: str | None = None) -> tuple[ConfigText, int]:
        """A config as somebody types in it, and where the mark is; the end if there is none.

        Where the text does not resolve, the config is what is on disk.
        """
        path = self.folder / name
        if self._opened is not None:
            self.resolver.uncover(self._opened)
        self._opened = path
        text = path.read_text(encoding="utf-8") if marked is None else marked
        offset = text.index(MARK) if MARK in text else len(text)
        text = text.replace(MARK, "")
        on_disk = self._resolved(path)
        self.resolver.overlay(path, text.encode())
        config = self._resolved(path) or on_disk
        opened = ConfigText(path, text, self._known_code, self.resolver.resolve, config)
        return opened, offset

    def _resolved(self, path: Path) -> ResolvedConfig | None:
        try:
            return self.resolver.resolve(path)
        except ConfigError:
            return None
