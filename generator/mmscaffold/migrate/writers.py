"""The writer of each config format."""

from __future__ import annotations

from typing import Any, Protocol

from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.config.text.style import Style
from mmscaffold.migrate.data_forms import DataWriter
from mmscaffold.migrate.forms import Writer
from mmscaffold.migrate.pure_python_forms import PurePythonWriter


class ConfigWriter(Protocol):
    """Writes changes of top-level keys into one file."""

    def write(self, key: str, wanted: Any) -> None:
        """Write ``wanted`` where the file sets ``key``, or override it."""

    def write_in_place(self, key: str, wanted: Any) -> bool:
        """Change what the file itself writes for ``key``, if that is possible."""

    def override(self, key: str, wanted: Any) -> None:
        """Rewrite ``key``, whatever the file writes for it."""

    def drop(self, key: str) -> None:
        """Have the config no longer hold a key that its bases set.

        Raises:
            ConfigError: If the format has no form for that.
        """

    def result(self) -> bytes:
        """The file's bytes with everything written so far."""


def writer_for(config: ResolvedConfig, base: dict[str, Any], *, inherited: bool) -> ConfigWriter:
    """The writer for a config's format.

    Args:
        config: The config as it resolves now.
        base: The joined top level of its bases.
        inherited: Whether other configs inherit from it.
    """
    if config.style is Style.PURE_PYTHON:
        return PurePythonWriter(config, inherited=inherited)
    if isinstance(config.parsed, ParsedSource):
        return Writer(config, base)
    return DataWriter(config, base)
