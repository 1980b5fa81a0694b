"""A config as an editor has it: its text, and what is known of it and its bases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.known_code import KnownCode
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.resolve.bases import base_file, file_path
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.text.source import ParsedFile
from mmscaffold.config.text.style import Style
from mmscaffold.places.outline import Bracket, Item, Outline
from mmscaffold.places.outlines import outline_of
from mmscaffold.places.tokens import string_content

_IMPORT = re.compile(r"^[ \t]+from[ \t]+(\.*)([\w.]*)[ \t]+import\b", re.MULTILINE)
_BASE = "_base_"
_SCOPE = "default_scope"


class _NoFile(ParsedFile):
    """Stands in for a file whose text cannot be parsed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def where(self, node: Any) -> str:
        """The file."""
        return str(self.path)


@dataclass(frozen=True)
class NamedBase:
    """A base that the text names.

    Attributes:
        path: The file, whether or not it exists.
        start: Where it is named, in characters.
        end: Where that ends.
    """

    path: Path
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class ConfigText:
    """A config in an editor.

    Attributes:
        path: The file.
        text: What the editor shows.
        known_code: The code that configs import.
        resolve: Resolves a config.
        config: The config as it resolves, or as it did when it last did; ``None`` if it never
            did. Its places are those of this text only if ``is_current``.
        heirs: Some configs that inherit from it, as they resolve.
    """

    path: Path
    text: str
    known_code: KnownCode
    resolve: Callable[[Path], ResolvedConfig]
    config: ResolvedConfig | None = None
    heirs: Callable[[], Iterable[ResolvedConfig]] = tuple

    @cached_property
    def outline(self) -> Outline:
        """What the text writes."""
        return outline_of(self.path, self.text)

    @cached_property
    def is_current(self) -> bool:
        """Whether the config resolves as it stands."""
        return self.config is not None and self.config.parsed.source.text == self.text

    @cached_property
    def is_pure(self) -> bool:
        """Whether it is in the pure-Python style."""
        if self.config is not None:
            return self.config.style is Style.PURE_PYTHON
        return "read_base" in self.text

    @cached_property
    def view(self) -> ConfigView:
        """The config, else its bases joined, as ``check`` asks of one."""
        if self.config is not None:
            return ConfigView(self.config, self.known_code)
        return ConfigView(
            ResolvedConfig(
                self.path,
                self.base_values,
                CfgDict(),
                _NoFile(self.path),
                tuple(one.path for one in self.bases),
                (self.path,),
            ),
            self.known_code,
        )

    @cached_property
    def class_view(self) -> ConfigView:
        """Where to look for the classes that it names.

        A part of configs says neither in which scope it is used nor what is imported: then that
        is as one of its heirs says.
        """
        if _SCOPE in self.view.root:
            return self.view
        found = (one for one in self.heirs() if isinstance(one.root.get(_SCOPE), str))
        heir = next(found, None)
        return self.view if heir is None else ConfigView(heir, self.known_code)

    @cached_property
    def named_bases(self) -> tuple[NamedBase, ...]:
        """The bases that the text names, in order."""
        return tuple(sorted(self._named_bases(), key=lambda one: one.start))

    def _named_bases(self) -> Iterator[NamedBase]:
        for statement in self.outline.statements:
            if statement.target == (_BASE,):
                yield from self._in_item(statement)
        if self.outline.is_python and "read_base" in self.text:
            for found in _IMPORT.finditer(self.text):
                path = self._imported(found.group(1), found.group(2))
                if path is not None:
                    yield NamedBase(path, found.start(1), found.end(2))

    def _in_item(self, item: Item) -> Iterator[NamedBase]:
        for bracket in item.brackets:
            for inner in bracket.items:
                yield from self._in_item(inner)
        if item.brackets:
            return
        start, end = item.value
        for token in self.outline.tokens.words[item.words[0] : item.words[1]]:
            if token.kind == "string":
                start, end = string_content(self.text, token)
                break
        else:
            if self.outline.is_python or self.outline.text[start : start + 1] in "\"'":
                start, end = start + 1, max(end - 1, start + 1)
            if self.outline.is_python:
                return
        name = self.text[start:end].strip()
        if name and "\0" not in name and "\n" not in name:
            try:
                path = base_file(name, _NoFile(self.path), None)
            except (ConfigError, ValueError):
                return
            if not isinstance(path, Unknown):
                yield NamedBase(path, start, end)

    def _imported(self, dots: str, module: str) -> Path | None:
        parts = module.split(".")
        if not all(parts):
            return None
        if not dots:
            folder = self.known_code_module(module)
            return folder if folder is not None and folder.suffix == ".py" else None
        above = [".."] * (len(dots) - 1)
        return file_path("/".join([str(self.path.parent), *above, *parts]) + ".py")

    def known_code_module(self, module: str) -> Path | None:
        """The file, or the folder, of a module that this config can import."""
        from mmscaffold.check.known_code import find_module

        return find_module(module, self.path.parent)

    @cached_property
    def bases(self) -> tuple[ResolvedConfig, ...]:
        """Those of them that resolve."""
        found = []
        for one in self.named_bases:
            try:
                found.append(self.resolve(one.path))
            except ConfigError:
                continue
        return tuple(found)

    @cached_property
    def base_values(self) -> CfgDict:
        """What the bases set, joined."""
        joined = CfgDict()
        for one in self.bases:
            for key, value in one.root.items():
                joined.put(key, value, one.root.origins.get(key))
        return joined

    def value(self, path: KeyPath, default: Any = None) -> Any:
        """The resolved value at a key path, of the config, or else of its bases."""
        root: Mapping[str, Any] = self.base_values if self.config is None else self.config.root
        return value_in(root, path, default)

    def base_value(self, path: KeyPath, default: Any = None) -> Any:
        """What the bases have at a key path."""
        return value_in(self.base_values, path, default)

    def origin(self, path: KeyPath) -> Origin | None:
        """Where the resolved value at a key path was written."""
        root: Mapping[str, Any] = self.base_values if self.config is None else self.config.root
        return origin_in(root, path)


def value_in(root: Any, path: KeyPath, default: Any = None) -> Any:
    """The value at a key path of some values."""
    value: Any = root
    for key in path:
        if not _is_container(value):
            return default
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return default
    return value


def _is_container(value: Any) -> bool:
    return isinstance(value, dict | list | tuple) and not isinstance(value, Unknown)


def origin_in(root: Any, path: KeyPath) -> Origin | None:
    """Where the value at a key path of some values was written; ``None`` if that is not known."""
    value: Any = root
    found = None
    for key in path:
        if not _is_container(value):
            return None
        found = origin_of(value, key)
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def inherited_by(config: ConfigText, brackets: tuple[Bracket, ...]) -> Any:
    """What the bases have where a dict of the text merges into it; ``None`` where none does.

    A list takes the place of the base's, and so does a dict with ``_delete_``; in the pure-Python
    style, an assignment.

    Args:
        config: The config.
        brackets: The dict, behind those that it lies in.
    """
    bracket = brackets[-1] if brackets else config.outline.document
    path = None if bracket is None else bracket.path
    if path is None or path[:1] == ("_base_",):
        return None
    if any(not _merges(one) for one in brackets):
        return None
    if config.is_pure and not any(one.callee.endswith(".update") for one in brackets[:2]):
        return None
    return config.base_value(path)


def _merges(bracket: Bracket) -> bool:
    if bracket.opener == "[" or (bracket.opener == "(" and not bracket.callee):
        return False
    return bracket.item("_delete_") is None
