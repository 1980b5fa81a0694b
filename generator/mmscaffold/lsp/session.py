"""What a feature may ask: documents, resolved configs, the index, known classes, settings.

Everything here belongs to the one thread that answers requests (``worker``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from lsprotocol import types

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.known_code import KnownCode
from mmscaffold.check.report import Finding
from mmscaffold.check.settings import Settings, load_settings
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.text.disk import read_file
from mmscaffold.config.text.source import DATA_SUFFIXES, MAX_BYTES_OF_CODE, Source
from mmscaffold.errors import MmscaffoldError
from mmscaffold.lsp.documents import Document, path_of, uri_of
from mmscaffold.lsp.positions import Text
from mmscaffold.lsp.settings import ClientSettings
from mmscaffold.lsp.workspace import ConfigIndex, Stamp, stamp_of
from mmscaffold.project.code import parse
from mmscaffold.project.errors import ProjectError
from mmscaffold.project.project import Project, find_project

_BOM = b"\xef\xbb\xbf"
# Results that are kept beside those of open documents.
_MOST_RESULTS = 400


class CodeTrees(Mapping[Path, ast.Module]):
    """Syntax trees of files of code, parsed when they are asked for and whenever they change.

    Args:
        buffers: The contents of open documents.
    """

    def __init__(self, buffers: Mapping[Path, bytes]) -> None:
        self._buffers = buffers
        self._trees: dict[Path, tuple[Stamp | bytes, ast.Module]] = {}

    def __getitem__(self, path: Path) -> ast.Module:
        buffer = self._buffers.get(path)
        stamp = buffer if buffer is not None else stamp_of(path)
        known = self._trees.get(path)
        if known is None or known[0] != stamp:
            try:
                known = self._trees[path] = stamp, parse(path, buffer)
            except ProjectError:
                raise KeyError(path) from None
        return known[1]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._trees)

    def __len__(self) -> int:
        return len(self._trees)


class _WatchingResolver(Resolver):
    """Remembers which files it read, as they were then."""

    def __init__(self) -> None:
        super().__init__()
        self._read: dict[Path, Stamp] = {}

    def source(self, path: Path) -> Source:
        """The file's content, as overlaid or as on disk."""
        if path not in self._overlay and path not in self._read:
            # Before it is read: what is written meanwhile is noticed.
            self._read[path] = stamp_of(path)
        return super().source(path)

    def overlay(self, path: Path, raw: bytes) -> None:
        """Let ``raw`` stand in for a file, and forget every result that it reached."""
        self._read.pop(path, None)
        super().overlay(path, raw)

    def forget_changed(self, files: Iterable[Path] | None = None) -> bool:
        """Forget what was read of files that have changed since, and all that it reached.

        Args:
            files: The files to look at; all that were read by default.
        """
        changed = [
            path
            for path in (list(self._read) if files is None else files)
            if path in self._read and self._read[path] != stamp_of(path)
        ]
        for path in changed:
            self.uncover(path)
        return bool(changed)


class Session:
    """What is known of the workspace, as the editor has it at this moment.

    Attributes:
        index: Which files are configs, and who inherits from whom.
        settings: What the user set in the editor.
        folders: The folders of the workspace.
        encoding: In whose units the editor counts columns.
        capabilities: What the editor can do.
        known_code: The code that configs import, as ``check`` reads it.
        trees: The syntax of files of code, each as it is now, as far as they can be parsed.
        findings: What was last found in each open document, and in what: the config, or the
            contents of a file of code.
    """

    def __init__(self) -> None:
        self._documents: dict[Path, Document] = {}
        self._buffers: dict[Path, bytes] = {}
        self.index = ConfigIndex()
        self.settings = ClientSettings()
        self.folders: tuple[Path, ...] = ()
        self.encoding: str = "utf-16"
        self.capabilities = types.ClientCapabilities()
        self.known_code = KnownCode()
        self.trees = CodeTrees(self._buffers)
        self.findings: dict[Path, tuple[ResolvedConfig | bytes, list[Finding]]] = {}
        self._resolver = _WatchingResolver()
        self._last_good: dict[Path, ResolvedConfig] = {}

    @property
    def whole_index(self) -> ConfigIndex:
        """The index, once every file of the workspace was looked at; the first time, this waits.

        For what somebody asked for; what is only shown beside the text takes ``index`` as it is,
        and the editor is told to ask again when it is complete.
        """
        if not self.index.is_complete:
            for _ in self.index.read_all(self.folders, lambda: False):
                pass
        return self.index

    # Documents

    def synchronise(self, documents: Mapping[Path, Document]) -> None:
        """Take in the open documents as they are now; results that they reach are forgotten."""
        closed = self._buffers.keys() - documents.keys()
        for path in closed:
            self._resolver.uncover(path)
            del self._buffers[path]
            self.findings.pop(path, None)
        for path, document in documents.items():
            if self._documents.get(path) is not document:
                raw = document.text.raw
                if self._buffers.get(path) != raw:
                    self._buffers[path] = raw
                    self._resolver.overlay(path, raw)
        self._documents = dict(documents)
        self.index.cover(self._buffers)
        for path in closed:
            self.index.file(path)

    @property
    def documents(self) -> Mapping[Path, Document]:
        """The open documents."""
        return self._documents

    @property
    def buffers(self) -> Mapping[Path, bytes]:
        """The contents of the open documents, which stand in for those of their files."""
        return self._buffers

    def path(self, uri: str) -> Path | None:
        """The file that a URI means; ``None`` for what is none."""
        return path_of(uri)

    def config_path(self, uri: str) -> Path | None:
        """The config that a URI means; ``None`` for code, for other data, and for no file."""
        path = path_of(uri)
        return path if path is not None and self.index.is_config(path) else None

    def uri(self, path: Path) -> str:
        """The URI of a file, as the editor writes it if it is open there."""
        document = self._documents.get(path)
        return document.uri if document else uri_of(path)

    def raw(self, path: Path) -> bytes:
        """The bytes of a file, as the editor has it or as on disk.

        Raises:
            ConfigError: If it cannot be read.
        """
        buffer = self._buffers.get(path)
        return read_file(path, MAX_BYTES_OF_CODE) if buffer is None else buffer

    def text(self, path: Path) -> Text:
        """The text of a file, as the editor has it or as on disk, with its positions.

        Raises:
            ConfigError: If it cannot be read.
        """
        document = self._documents.get(path)
        if document is not None:
            return document.text
        raw = self.raw(path)
        bom_length = len(_BOM) if raw.startswith(_BOM) else 0
        return Text(raw[bom_length:].decode("utf-8", "replace"), self.encoding, bom_length)

    # Configs

    @property
    def resolver(self) -> Resolver:
        """Resolves configs as the editor has them; ``resolve`` also looks for changes on disk."""
        return self._resolver

    def resolve(self, path: Path) -> ResolvedConfig:
        """Resolve a config as the editor has it, over bases as they are on disk now.

        Raises:
            ConfigError: If it does not resolve; ``latest`` is what it was before.
        """
        try:
            config = self._resolver.resolve(path)
            if self._resolver.forget_changed(config.files):
                config = self._resolver.resolve(path)
        except ConfigError:
            if not self._resolver.forget_changed():
                raise
            config = self._resolver.resolve(path)
        self._last_good.pop(path, None)
        self._last_good[path] = config
        self._forget_some()
        return config

    def latest(self, path: Path) -> ResolvedConfig | None:
        """The config, or what it was when it last resolved; its places may be outdated."""
        try:
            return self.resolve(path)
        except ConfigError:
            return self._last_good.get(path)

    def known(self, path: Path) -> ResolvedConfig | None:
        """What a config was when it was last asked for, and did resolve."""
        return self._last_good.get(path)

    def view(self, config: ResolvedConfig) -> ConfigView:
        """A config as the rules of ``check`` ask of it: parts, registries, classes."""
        return ConfigView(config, self.known_code)

    def _forget_some(self) -> None:
        while len(self._last_good) > _MOST_RESULTS:
            oldest = next(iter(self._last_good))
            del self._last_good[oldest]
            self._resolver.forget(oldest)

    @property
    def shows_pages(self) -> bool:
        """Whether the editor shows pages in Markdown itself: ``experimental.mmscaffold.pages``."""
        extra = self.capabilities.experimental
        ours = extra.get("mmscaffold") if isinstance(extra, dict) else None
        return isinstance(ours, dict) and ours.get("pages") is True

    # Projects

    def project(self, path: Path) -> Project | None:
        """The project around a file; ``None`` if there is none, or its table is wrong."""
        try:
            return find_project([path.parent])
        except MmscaffoldError:
            return None

    def check_settings(self, path: Path) -> Settings:
        """Which rules run for a file, by the ``pyproject.toml`` around it.

        Raises:
            MmscaffoldError: If that is wrong.
        """
        return load_settings(path)

    def files_changed(self, paths: Iterable[Path]) -> None:
        """Take in that files were written, made or deleted, by whomever."""
        for path in paths:
            if path.suffix not in DATA_SUFFIXES and not self.index.is_config(path):
                self.known_code = KnownCode()
                self.findings.clear()
