"""The text that mmengine substitutes in a config before Python parses it.

mmengine (``Config._file2dict``) rewrites the text three times: predefined variables
such as ``{{ fileDirname }}``, environment variables ``{{$NAME:default}}``, and base
variables ``{{_base_.x}}``, which become a string literal that is looked up after
execution. The same passes run here, but every byte keeps its place in the file.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.environment import Pass, environment_passes
from mmscaffold.config.text.source import ParsedSource, Source
from mmscaffold.config.text.syntax_nodes import syntax_nodes
from mmscaffold.lazy import lazy_pattern

_BASE = lazy_pattern(r"\{\{\s*_base_\.([\w\.]+)\s*\}\}")
_PREDEFINED = {
    name: lazy_pattern(r"\{\{\s*" + name + r"\s*\}\}")
    for name in ("fileDirname", "fileBasename", "fileBasenameNoExtension", "fileExtname")
}
_MOST_PLACEHOLDERS = 1_000
_MOST_CHARACTERS = 2 << 20  # afterwards
# Control characters: no config can hold this string by accident.
_TOKEN = "\x01{}\x02"
_MISTAKEN = "."  # before the name of a base variable that mmengine may take for another
_TOKEN_PATTERN = lazy_pattern("\x01([\\w.]+)\x02")


class PlaceholderNode(ast.Constant):
    """A string in which ``{{_base_.x}}`` stands; its value has a token there."""


def base_variable(value: str) -> str | None:
    """The dotted name of the base variable that ``value`` stands for, if it is one."""
    if not value.startswith("\x01"):
        return None
    match = _TOKEN_PATTERN.fullmatch(value)
    return None if match is None or match[1].startswith(_MISTAKEN) else match[1]


def base_variable_token(name: str) -> str:
    """The string that stands for a base variable until it is looked up."""
    return _TOKEN.format(name)


def why_not_replaced(value: str) -> str | None:
    """Why what stands for a base variable in a string is not known, if it is so."""
    if "\x01" not in value or base_variable(value) is not None:
        return None
    if _TOKEN_PATTERN.fullmatch(value):
        return "mmengine may take this {{_base_...}} for another one, which differs in a dot only"
    return "mmengine does not replace {{_base_...}} inside a longer string"


class SubstitutedText(NamedTuple):
    """A file's text after the substitution of its placeholders.

    Attributes:
        text: What is to be parsed.
        offsets: Makes, for each UTF-8 byte of ``text``, and its end, the byte of the file
            it came from; ``None`` where the two are the same.
        has_base_variables: Whether it holds base variables still to be looked up.
    """

    text: str
    offsets: Callable[[], list[int]] | None
    has_base_variables: bool


def parse_classic(source: Source) -> tuple[ParsedSource, bool]:
    """Substitute the placeholders of a classic config, then parse it.

    Returns:
        The parsed file, and whether it holds base variables still to be looked up.

    Raises:
        ConfigError: If it is not valid Python, or an environment variable has neither a
            value nor a default.
    """
    if "{{" not in source.text:
        return ParsedSource(source), False
    substituted = substitute(source, _TOKEN)
    parsed = ParsedSource(source, substituted.text, substituted.offsets)
    _check_it_parses_as_written(source)
    if substituted.has_base_variables:
        for node in syntax_nodes(parsed.tree):
            if type(node) is ast.Constant and isinstance(node.value, str) and "\x01" in node.value:
                node.__class__ = PlaceholderNode
    return parsed, substituted.has_base_variables


def _check_it_parses_as_written(source: Source) -> None:
    """Refuse what mmengine refuses: it parses a file before it replaces anything.

    ``Config._is_lazy_import`` does, to tell the styles apart.
    """
    import warnings

    try:
        with warnings.catch_warnings():
            # Invalid escapes are the author's affair.
            warnings.simplefilter("ignore")
            ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        raise ConfigError(
            "is not valid Python before its placeholders are replaced, as mmengine parses it",
            where=f"{source.path}:{line}" if line else str(source.path),
            hint="Put a variable of the environment in quotes: {{'$NAME:default'}}.",
        ) from None


def substitute(source: Source, token: str) -> SubstitutedText:
    """Substitute the placeholders of a config.

    Args:
        source: The file.
        token: What stands for a base variable; ``{}`` in it becomes the variable's name.

    Raises:
        ConfigError: If an environment variable has neither a value nor a default.
    """
    if "{{" not in source.text:
        return SubstitutedText(source.text, None, False)
    text = source.text
    if text.count("{{") > _MOST_PLACEHOLDERS:
        raise ConfigError(
            f"has more than {_MOST_PLACEHOLDERS:,} placeholders {{{{...}}}}",
            where=str(source.path),
            hint="mmengine looks each of them up; is it a config?",
        )
    passes: list[Pass] = []
    for make in (_predefined_passes, environment_passes, partial(_base_passes, token=token)):
        made = make(text, source)
        passes += made
        count = 0
        for pattern, replacement in made:
            text, count = pattern.subn(replacement, text)
            if len(text) > _MOST_CHARACTERS:
                raise ConfigError(
                    f"its placeholders make more than {_MOST_CHARACTERS:,} characters of it",
                    where=str(source.path),
                )

    def offsets() -> list[int]:
        # Few files are ever asked for their places.
        tracked = _TrackedText(source.text)
        for pattern, replacement in passes:
            tracked.substitute(pattern, replacement)
        return tracked.byte_offsets(source)

    return SubstitutedText(text, offsets, count > 0)


def _predefined_passes(_: str, source: Source) -> list[Pass]:
    path = source.path
    predefined = {
        "fileDirname": str(path.parent).replace("\\", "/"),
        "fileBasename": path.name,
        "fileBasenameNoExtension": path.stem,
        "fileExtname": path.suffix,
    }
    return [(_PREDEFINED[name], _constantly(value)) for name, value in predefined.items()]


def _base_passes(text: str, _: Source, *, token: str) -> list[Pass]:
    """The last pass, which marks base variables."""
    taken = _mistaken(set(_BASE.findall(text)))

    def mark(match: re.Match[str]) -> str:
        name = match.group(1)
        return f'"{token.format(_MISTAKEN + name if name in taken else name)}"'

    return [(_BASE, mark)]


def _mistaken(names: set[str]) -> frozenset[str]:
    """The base variables that mmengine may take for another, as chance will have it.

    It looks for each as a regular expression, in the order of a set: ``a.b`` finds ``a_b``, too.
    """
    by_length: dict[int, list[str]] = {}
    for name in names:
        by_length.setdefault(len(name), []).append(name)
    return frozenset(
        name
        for alike in by_length.values()
        for other in alike
        if "." in other
        for name in alike
        if name != other and re.fullmatch(other, name)
    )


def _constantly(value: str) -> Callable[[re.Match[str]], str]:
    return lambda _: value


class _TrackedText:
    """Text under substitution; each character remembers its place in the original."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._places = list(range(len(text) + 1))

    def substitute(
        self, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str]
    ) -> None:
        """Replace every match."""
        parts: list[str] = []
        places: list[int] = []
        done = 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            new = replacement(match)
            parts += [self.text[done:start], new]
            places += self._places[done:start]
            places += [self._places[start]] * len(new)
            done = end
        self.text = "".join([*parts, self.text[done:]])
        self._places = places + self._places[done:]

    def byte_offsets(self, source: Source) -> list[int]:
        """For each UTF-8 byte of the text, and its end, the byte of the file it came from."""
        if source.text.isascii() and self.text.isascii():
            return [source.bom_length + place for place in self._places]
        file_bytes = [source.bom_length]
        for character in source.text:
            file_bytes.append(file_bytes[-1] + len(character.encode("utf-8")))
        offsets: list[int] = []
        for character, place in zip(self.text, self._places, strict=False):
            offsets += [file_bytes[place]] * len(character.encode("utf-8"))
        offsets.append(file_bytes[self._places[-1]])
        return offsets
