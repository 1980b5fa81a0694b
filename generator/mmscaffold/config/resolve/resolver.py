"""Resolve configs with their bases, each file read, parsed and evaluated once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmscaffold.config.errors import (
    ConfigError,
    NotAConfigError,
    RefusedError,
    UnreadableError,
)
from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.evaluate.copies import deep_copy, detached, without_foreign
from mmscaffold.config.evaluate.evaluation import BASE
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Perhaps, Unknown, present
from mmscaffold.config.resolve.bases import base_file, base_scope, file_path
from mmscaffold.config.resolve.layers import ClassicLayer, Layer
from mmscaffold.config.resolve.merge import DELETE, join_bases, merge
from mmscaffold.config.resolve.pure_python import (
    base_imports,
    config_keys,
    import_names,
    imported_file,
    module_name,
    run_pure_python,
)
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.scope import add_scope, copied_where_merged
from mmscaffold.config.text.source import (
    DATA_SUFFIXES,
    ParsedFile,
    ParsedSource,
    Source,
    read_source,
)
from mmscaffold.config.text.style import Style, style_of

# mmengine's Config keeps these names for itself (mmengine/config/config.py, RESERVED_KEYS).
_RESERVED = ("filename", "text", "pretty_text", "env_variables")

_LONGEST_CHAIN = 50
_LONGEST_NAME = 1_000  # characters, in a message


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
        self._sources: dict[Path, Source] = {}
        self._dependents: dict[Path, set[Path]] = {}
        self._layers: dict[Path, ClassicLayer] = {}
        # By the base and its scope: the base as it was resolved, and its values with the scope.
        self._scoped: dict[tuple[Path, str], tuple[ResolvedConfig, CfgDict]] = {}
        self._in_progress: list[Path] = []
        self._within = None if within is None else Path(os.path.abspath(within))  # noqa: PTH100

    def source(self, path: Path) -> Source:
        """The file's content, as overlaid or as on disk.

        Raises:
            ConfigError: If it cannot be read.
        """
        if path in self._overlay:
            return Source(path, self._overlay[path])
        if path in self._sources:
            return self._sources[path]
        known = self._results.get(path)
        return read_source(path) if known is None else known.parsed.source

    def peek(self, path: Path) -> Source:
        """The file's content, kept until it is resolved.

        Raises:
            ConfigError: If it cannot be read.
        """
        source = self._sources[path] = self.source(path)
        return source

    def uncover(self, path: Path) -> None:
        """Let a file be as on disk again."""
        self.overlay(path, b"")
        del self._overlay[path]

    def overlay(self, path: Path, raw: bytes) -> None:
        """Let ``raw`` stand in for a file, and forget every result that it reached."""
        self._overlay[path] = raw
        self._sources.pop(path, None)
        for dependent in self._dependents.pop(path, ()):
            self._results.pop(dependent, None)

    def forget(self, path: Path) -> None:
        """Let the result of a file go; it is resolved again if it is requested again."""
        result = self._results.pop(path, None)
        self._layers.pop(path, None)
        for file in result.files if result else ():
            dependents = self._dependents.get(file)
            if dependents is not None:
                dependents.discard(path)
                if not dependents:
                    del self._dependents[file]

    def resolve(self, path: str | Path) -> ResolvedConfig:
        """Resolve one config.

        Raises:
            ConfigError: If it, or a base of it, cannot be resolved.
        """
        # abspath, not resolve(): mmengine looks for bases beside the link, not its target.
        return self._resolve(file_path(os.fspath(path)))

    def _resolve(self, path: Path) -> ResolvedConfig:
        """The result for a path without any ``..`` in it."""
        result = self._results.get(path) or self._reuse(path)
        if result is None:
            if path in self._in_progress:
                chain = [*self._in_progress[self._in_progress.index(path) :], path]
                raise ConfigError(
                    "inherits from itself: " + " -> ".join(str(step) for step in chain),
                    where=str(path),
                    hint="Remove one of these _base_ entries.",
                )
            if len(self._in_progress) >= _LONGEST_CHAIN:
                raise ConfigError(
                    f"inherits through more than {_LONGEST_CHAIN} files, "
                    f"from {self._in_progress[0]} on",
                    where=str(path),
                    hint="Is it generated? Official configs inherit through six at most.",
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
        self._sources.pop(path, None)
        if path.suffix in DATA_SUFFIXES:
            from mmscaffold.config.resolve.data_layer import DataLayer

            return self._resolve_layer(DataLayer(source))
        if path.suffix != ".py":
            raise NotAConfigError(
                f"{path.suffix or 'a file without an extension'} is not a config format",
                where=str(path),
                hint="mmengine reads .py, .yaml, .yml and .json.",
            )
        layer = self._layer(source)
        if style_of(layer.parsed) is Style.PURE_PYTHON:
            return self._resolve_pure_python(source)
        return self._resolve_layer(layer)

    def _layer(self, source: Source) -> ClassicLayer:
        """The file parsed; once only, however often its bases change."""
        resolver: Resolver | None = self
        while resolver is not None:
            known = resolver._layers.get(source.path)
            if known is not None and known.parsed.source.raw == source.raw:
                return known
            resolver = resolver._below
        layer = self._layers[source.path] = ClassicLayer(source)
        return layer

    def _resolve_layer(self, layer: Layer, *, apart: bool = False) -> ResolvedConfig:
        """Resolve a file that inherits by ``_base_``.

        Args:
            layer: The file.
            apart: Whether its containers may be changed afterwards: no cache has them, and
                only those are in two places that are in mmengine, too.
        """
        parsed, path = layer.parsed, layer.parsed.path
        base = CfgDict()
        files = {path: None}
        bases = []
        missing: Unknown | None = None
        missing_origin: Origin | None = None
        for name, node in layer.base_names():
            base_path = base_file(name, parsed, node)
            if isinstance(base_path, Unknown):
                missing, missing_origin = base_path, Origin(parsed, node)
                continue
            resolved = self._resolve_base(base_path, parsed, node)
            if resolved.style is Style.PURE_PYTHON:
                raise ConfigError(
                    f"its base {base_path} is in the pure-Python style",
                    where=parsed.where(node),
                    hint="mmengine refuses to mix the styles; write both in one of them.",
                )
            bases.append(base_path)
            root = resolved.root
            scope = base_scope(name)
            if scope is not None:
                root = self._scoped_root(resolved, scope, Origin(parsed, node))
            if BASE in root:
                missing, missing_origin = root[BASE], root.origins.get(BASE)
                root = root.copy()
                del root[BASE]
            join_bases(base, root, str(path))
            files.update(dict.fromkeys(resolved.files))
        own, base = layer.run(detached(base) if apart else base, missing, apart=apart)
        if BASE in own:
            # It runs code that is not evaluated, and that may set any key.
            missing = missing or own[BASE]
            del own[BASE]
            for key, value in own.items():
                if isinstance(value, CfgDict) and DELETE in value and key not in base:
                    # It stays if no base has the key.
                    own.put(key, present(missing), own.origins.get(key))
        own.pop("_deprecation_", None)
        _refuse_reserved(own, path)
        if missing is not None:
            for key, value in own.items():
                if isinstance(value, CfgDict) and key not in base:
                    base[key] = missing
        if apart:
            own = copied_where_merged(own, base)
        root = merge(own, base, layer.shared(base)) if base else own
        for key in [key for key in root if key.startswith("__")]:
            del root[key]
        if missing is not None:
            root.put(BASE, missing, missing_origin)
        return ResolvedConfig(path, root, own, parsed, tuple(bases), tuple(files))

    def _scoped_root(self, base: ResolvedConfig, scope: str, named: Origin) -> CfgDict:
        """The values of a ``package::path`` base, with the ``_scope_`` that mmengine adds."""
        key = (base.path, scope)
        resolver: Resolver | None = self
        while resolver is not None:
            known = resolver._scoped.get(key)
            if known is not None and known[0] is base:
                return known[1]
            resolver = resolver._below
        if base.path.suffix in DATA_SUFFIXES:
            from mmscaffold.config.resolve.data_layer import DataLayer

            layer: Layer = DataLayer(base.parsed.source)
        else:
            layer = self._layer(base.parsed.source)
        root = add_scope(self._resolve_layer(layer, apart=True).root, scope, named)
        self._scoped[key] = base, root
        return root

    def _resolve_pure_python(self, source: Source) -> ResolvedConfig:
        """Resolve a file that inherits by ``with read_base():``."""
        parsed = ParsedSource(source)
        path = source.path
        variables = CfgDict()
        files = {path: None}
        bases = []
        imported: frozenset[str] = frozenset()
        handed: dict[str, dict[str, Any]] = {}
        for statement in base_imports(parsed):
            base_path = imported_file(statement, parsed)
            resolved = self._resolve_base(base_path, parsed, statement)
            if resolved.style is not Style.PURE_PYTHON:
                # mmengine reads it as one, whatever it looks like.
                resolved = self._resolve_pure_python(self.source(base_path))
            known = handed.setdefault(module_name(statement), {})
            import_names(statement, resolved.names, known, variables, parsed)
            imported |= resolved.imported
            bases.append(base_path)
            files.update(dict.fromkeys(resolved.files))
        imported |= run_pure_python(parsed, variables)
        for name in [name for name in variables if name.startswith("__")]:
            del variables[name]
        root = config_keys(variables, imported)
        root = without_foreign(deep_copy(root, {}), str(path))
        _refuse_reserved(root, path)
        return ResolvedConfig(
            path,
            root,
            root,
            parsed,
            tuple(bases),
            tuple(files),
            Style.PURE_PYTHON,
            variables,
            imported,
        )

    def _resolve_base(self, path: Path, parsed: ParsedFile, node: Any) -> ResolvedConfig:
        """Resolve one base.

        Args:
            path: The base.
            parsed: The child.
            node: Where the child names it.
        """
        if self._within is not None and not path.is_relative_to(self._within):
            raise ConfigError(
                f"its base {path} lies outside {self._within}{self._chain()}",
                where=parsed.where(node),
                hint="Move the base into that folder, or resolve a folder that holds both.",
            )
        try:
            return self._resolve(path)
        except ConfigError as error:
            if not isinstance(error, UnreadableError) or error.where != str(path):
                raise
            name = str(path) if len(str(path)) < _LONGEST_NAME else f"{str(path)[:200]}..."
            missing = error.message == "no such file"
            what = "does not exist" if missing else error.message
            raise (RefusedError if missing else ConfigError)(
                f"its base {name} {what}{self._chain()}",
                where=parsed.where(node),
                hint=("mmengine refuses this, too. " if missing else "")
                + "Correct the path in _base_; it is relative to this file.",
            ) from None

    def _chain(self) -> str:
        """How the file in progress was reached, if by other configs."""
        if len(self._in_progress) < 2:
            return ""
        return f" (reached by {' -> '.join(str(path) for path in self._in_progress)})"


def _refuse_reserved(own: CfgDict, path: Path) -> None:
    for name in _RESERVED:
        if name in own and not isinstance(own[name], Perhaps):
            origin = own.origins.get(name)
            raise ConfigError(
                f"the name {name!r} is reserved by mmengine's Config",
                where=origin.where if origin else str(path),
                hint="Rename it; Config.fromfile refuses this file.",
            )
