"""Resolve configs with their bases, each file read, parsed and evaluated once."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Mapping
from pathlib import Path

from mmscaffold.config.bases import base_paths
from mmscaffold.config.budget import check_size
from mmscaffold.config.errors import ConfigError, NotAConfigError
from mmscaffold.config.merge import BaseVariables, join_bases, merge
from mmscaffold.config.placeholders import parse_classic
from mmscaffold.config.resolved import ResolvedConfig
from mmscaffold.config.source import ParsedSource, Source, read_source
from mmscaffold.config.statements import run_config
from mmscaffold.config.style import Style, style_of
from mmscaffold.config.values import BaseDict, CfgDict, deep_copy

# mmengine's Config keeps these names for itself (mmengine/config/config.py, RESERVED_KEYS).
_RESERVED = ("filename", "text", "pretty_text", "env_variables")
# The name, not a folder of that name in a path, nor a placeholder. It spares most files a
# walk of their tree.
_BASE_NAME = re.compile(r"(?<![/\w{])(?<!\{ )_base_(?![/\w])")


def resolve(path: str | Path) -> ResolvedConfig:
    """Resolve one config and its bases without running any of them.

    Args:
        path: The config file.

    Raises:
        ConfigError: If it, or a base of it, cannot be read, parsed, evaluated or merged.
    """
    return Resolver().resolve(path)


class Resolver:
    """Resolves many configs that share bases; what it has resolved, it keeps.

    Args:
        overlay: Contents that stand in for those on disk, by absolute path: the
            planned edits of a migration.
        below: A resolver of the same files without the overlay, whose results are
            reused for every file that no overlaid file reaches.
        within: Refuse bases outside this folder.
    """

    def __init__(
        self,
        overlay: Mapping[Path, bytes] | None = None,
        below: Resolver | None = None,
        within: str | Path | None = None,
    ) -> None:
        self._overlay = dict(overlay or {})
        self._below = below
        self._results: dict[Path, ResolvedConfig] = {}
        self._dependents: dict[Path, set[Path]] = {}
        self._in_progress: list[Path] = []
        self._within = None if within is None else Path(os.path.abspath(within))  # noqa: PTH100

    def source(self, path: Path) -> Source:
        """The file's content, as overlaid or as on disk."""
        if path in self._overlay:
            return Source(path, self._overlay[path])
        return read_source(path)

    def overlay(self, path: Path, raw: bytes) -> None:
        """Let ``raw`` stand in for a file, and forget every result that it reached."""
        self._overlay[path] = raw
        for dependent in self._dependents.pop(path, ()):
            self._results.pop(dependent, None)

    def resolve(self, path: str | Path) -> ResolvedConfig:
        """Resolve one config.

        Raises:
            ConfigError: If it, or a base of it, cannot be resolved.
        """
        # abspath, not resolve(): mmengine looks for bases beside the link, not its target.
        path = Path(os.path.abspath(path))  # noqa: PTH100
        result = self._results.get(path) or self._reuse(path)
        if result is None:
            if path in self._in_progress:
                chain = [*self._in_progress[self._in_progress.index(path) :], path]
                raise ConfigError(
                    "inherits from itself: " + " -> ".join(str(step) for step in chain),
                    where=str(path),
                    hint="Remove one of these _base_ entries.",
                )
            self._in_progress.append(path)
            try:
                result = self._resolve_file(path)
            finally:
                self._in_progress.pop()
            self._results[path] = result
            for file in result.files:
                self._dependents.setdefault(file, set()).add(path)
        return result

    def _reuse(self, path: Path) -> ResolvedConfig | None:
        if self._below is None:
            return None
        known = self._below._results.get(path)
        if known is None or any(file in self._overlay for file in known.files):
            return None
        return known

    def _resolve_file(self, path: Path) -> ResolvedConfig:
        source = self.source(path)
        if path.suffix != ".py":
            raise NotAConfigError(
                f"{path.suffix or 'a file without ending'} is not read yet",
                where=str(path),
                hint="Only classic Python configs (_base_ = [...]) are read so far.",
            )
        parsed, has_base_variables = parse_classic(source)
        if style_of(parsed) is Style.PURE_PYTHON:
            raise NotAConfigError(
                "is in the pure-Python style (read_base, or imported classes), or a script",
                where=str(path),
                hint="Only classic Python configs (_base_ = [...]) are read so far.",
            )
        base = CfgDict()
        files = [path]
        bases = base_paths(parsed)
        for base_path, node in bases:
            resolved = self._resolve_base(base_path, parsed.where(node))
            join_bases(base, resolved.root, str(path))
            files += [file for file in resolved.files if file not in files]
        if _reads_base(parsed):
            base = deep_copy(base, {}, BaseDict)
        own = run_config(parsed, base if isinstance(base, BaseDict) else BaseDict())
        if has_base_variables:
            variables = BaseVariables(base, str(path))
            for key in list(own):
                own[key], slot = variables.fill(own[key], own.slots.get(key))
                if slot is not None:
                    own.slots[key] = slot
            check_size(own, str(path))
        own.pop("_deprecation_", None)
        self._check(own, path)
        root = merge(own, base) if base else own
        return ResolvedConfig(
            path, root, own, parsed, tuple(base_path for base_path, _ in bases), tuple(files)
        )

    def _resolve_base(self, path: Path, where: str) -> ResolvedConfig:
        """Resolve one base.

        Args:
            path: The base.
            where: Where the child names it.
        """
        if self._within is not None and not path.is_relative_to(self._within):
            raise ConfigError(
                f"its base {path} lies outside {self._within}{self._chain()}",
                where=where,
                hint="Move the base into that folder, or resolve a folder that holds both.",
            )
        try:
            return self.resolve(path)
        except ConfigError as error:
            if error.where == str(path) and error.message == "no such file":
                raise ConfigError(
                    f"its base {path} does not exist{self._chain()}",
                    where=where,
                    hint="Correct the path in _base_; it is relative to this file.",
                ) from None
            raise

    def _chain(self) -> str:
        """How the file in progress was reached, if by other configs."""
        if len(self._in_progress) < 2:
            return ""
        return f" (reached by {' -> '.join(str(path) for path in self._in_progress)})"

    def _check(self, own: CfgDict, path: Path) -> None:
        for name in _RESERVED:
            if name in own:
                slot = own.slots.get(name)
                raise ConfigError(
                    f"the name {name!r} is reserved by mmengine's Config",
                    where=slot.origin.where if slot else str(path),
                    hint="Rename it; Config.fromfile refuses this file.",
                )


def _reads_base(parsed: ParsedSource) -> bool:
    """Whether the file uses ``_base_`` beyond setting it."""
    text = parsed.source.text
    if text.count("_base_") < 2 or len(_BASE_NAME.findall(text)) < 2:
        return False
    return any(
        isinstance(node, ast.Name) and node.id == "_base_" and isinstance(node.ctx, ast.Load)
        for node in ast.walk(parsed.tree)
    )
