"""The result of resolving a config: its values and where each came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Unknown, to_plain
from mmscaffold.config.key_path import KeyPath, format_key_path, parse_key_path
from mmscaffold.config.text.source import ParsedFile, ParsedSource
from mmscaffold.config.text.style import Style
from mmscaffold.config.walk import leaves
from mmscaffold.errors import did_you_mean


@dataclass(frozen=True)
class ResolvedConfig:
    """One config with its bases merged in.

    Attributes:
        path: The config file.
        root: The merged values; containers know their origins.
        own: What the file itself sets, before merging over its bases.
        parsed: The file itself.
        bases: The files it directly inherits from, in order.
        files: The file and all its bases, transitively, each once.
        style: Whether it is a pure-Python config or inherits by ``_base_``.
        names: All names of a pure-Python file, which a child may import.
        imported: Those of them that are imported from elsewhere, and are not keys.
    """

    path: Path
    root: CfgDict
    own: CfgDict
    parsed: ParsedFile
    bases: tuple[Path, ...]
    files: tuple[Path, ...]
    style: Style = Style.CLASSIC
    names: CfgDict = field(default_factory=CfgDict)
    imported: frozenset[str] = frozenset()

    @property
    def python(self) -> ParsedSource:
        """The file as Python.

        Raises:
            ConfigError: If it is YAML or JSON.
        """
        if not isinstance(self.parsed, ParsedSource):
            raise ConfigError("is not a Python config", where=str(self.path))
        return self.parsed

    def to_dict(self) -> dict[str, Any]:
        """The whole config as ordinary dicts, lists, tuples and scalars."""
        plain: dict[str, Any] = to_plain(self.root)
        return plain

    def get(self, key: str | KeyPath, default: Any = None) -> Any:
        """The value at a key path such as ``train_cfg.max_epochs``."""
        value: Any = self.root
        for part in parse_key_path(key) if isinstance(key, str) else key:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return default
        return value

    def origin(self, key: str | KeyPath) -> Origin:
        """Where the value at a key path was written.

        Raises:
            ConfigError: If the config has no such key, or that cannot be known.
        """
        path = parse_key_path(key) if isinstance(key, str) else key
        value: Any = self.root
        found = None
        for part in path:
            try:
                value, origin = value[part], origin_of(value, part)
            except (KeyError, IndexError, TypeError):
                # A base that is not there may have any key.
                unknown = self.root.get("_base_") if value is self.root else value
                if isinstance(unknown, Unknown):
                    raise ConfigError(
                        f"{format_key_path(path)} is not known: {unknown.reason}",
                        where=unknown.where,
                    ) from None
                raise ConfigError(
                    f"has no key {format_key_path(path)}",
                    where=str(self.path),
                    hint=_meant(part, value),
                ) from None
            found = origin or found
        if found is None:
            raise ConfigError(
                f"the origin of {format_key_path(path)} is not known", where=str(self.path)
            )
        return found

    def leaves(self) -> Iterator[tuple[KeyPath, Any]]:
        """Every scalar and empty container, with its key path, in order."""
        return leaves(self.root) if self.root else iter(())

    @property
    def unknowns(self) -> list[tuple[KeyPath, Unknown]]:
        """What could not be known, and why."""
        return [(path, value) for path, value in self.leaves() if isinstance(value, Unknown)]


def _meant(part: Any, value: Any) -> str | None:
    """What a key that is not there may have been meant to be."""
    if isinstance(value, dict):
        return did_you_mean(str(part), (key for key in value if isinstance(key, str))) or None
    if isinstance(value, list | tuple) and isinstance(part, int):
        return f"There are {len(value)} elements, the first of which is 0."
    return None
