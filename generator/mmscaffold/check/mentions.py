"""The modules of a package that mention a name which they could register.

Reading the syntax of a whole fork of mmdet takes seconds; a config names what a few of its
modules mention, or none.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.source import read_code


class PackageText:
    """The text of the modules of a package, each read once.

    Args:
        files: The modules by dotted name.
    """

    def __init__(self, files: dict[str, Path]) -> None:
        self._files = files

    def registering(self, name: str) -> list[str]:
        """The modules that could register a name, as far as it is written out.

        Args:
            name: The registered name, without a scope.
        """
        wanted = name.encode()
        return [module for module, text in self._registering.items() if wanted in text]

    @cached_property
    def _registering(self) -> dict[str, bytes]:
        found = {}
        for module, path in self._files.items():
            try:
                text = read_code(path)
            except ConfigError:
                continue
            if b"register_module" in text:
                found[module] = text
        return found
