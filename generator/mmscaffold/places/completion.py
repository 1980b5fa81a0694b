"""What could be written at a place: parameters, keys of the base, classes, bases."""

from __future__ import annotations

import enum
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.config.resolve.merge import DELETE
from mmscaffold.facts.building import DATALOADER_ARGUMENTS
from mmscaffold.facts.packages import ROOT_SCOPE
from mmscaffold.facts.runner import KNOWN_KEYS
from mmscaffold.places.class_page import ClassPage, class_page
from mmscaffold.places.config_text import ConfigText, inherited_by, value_in
from mmscaffold.places.naming import type_of_dict
from mmscaffold.places.outline import Bracket, Item
from mmscaffold.places.place import Place, Role, place_at
from mmscaffold.places.registry_fit import TypeName, given_at, names_at, registries_at
from mmscaffold.places.tokens import string_content
from mmscaffold.places.values_text import short

_SUFFIXES = (".py", ".yaml", ".yml", ".json")
_MOST_FILES = 500
_BASE_IMPORT = re.compile(r"[ \t]*from[ \t]+(\.+)((?:\w[\w.]*)?)$")
_KEYWORD = re.compile(r"[ \t]*(?:from|import|with|def|class|for|while|if|del|return)\b")
_WORD = re.compile(r"\w*")


class Kind(enum.Enum):
    """What a suggestion is."""

    PARAMETER = "a parameter of the class"
    KEY = "a key of the base"
    RUNNER_KEY = "a key that the Runner reads"
    MARKER = "a word of mmengine's merge"
    CLASS = "a class"
    FILE = "a file"
    FOLDER = "a folder"
    NAME = "a name"


@dataclass(frozen=True)
class Suggestion:
    """One thing that could be written.

    Attributes:
        label: What is shown, and what is looked for.
        text: What is written.
        kind: What it is.
        start: Where what is replaced begins, in characters; it ends at ``end``.
        end: Where that ends.
        detail: A few words beside it.
        told: More about it, as Markdown.
        rank: Its order: a lower one comes first.
        statement: What must be imported for it, if it is not yet.
    """

    label: str
    text: str
    kind: Kind
    start: int
    end: int
    detail: str = ""
    told: str = ""
    rank: int = 5
    statement: str | None = None


def suggestions_at(config: ConfigText, offset: int) -> list[Suggestion]:
    """What could be written at an offset, each once."""
    place = place_at(config.outline, offset)
    token = place.token
    if token is not None and token.kind == "comment" and offset > token.start:
        return []
    found: dict[str, Suggestion] = {}
    for one in _suggestions(config, place):
        found.setdefault(one.label, one)
    return list(found.values())


def _suggestions(config: ConfigText, place: Place) -> Iterator[Suggestion]:
    item = place.item
    names = place.names
    line = config.text[: place.offset].rpartition("\n")[2]
    imported = _BASE_IMPORT.match(line) if config.outline.is_python else None
    if imported is not None:
        yield from _modules(config, place, imported.group(1), imported.group(2))
    elif config.outline.is_python and not place.brackets and _KEYWORD.match(line):
        return
    elif names[:1] == ("_base_",) and len(names) > 1:
        yield from _of_base_name(config, place)
    elif item is not None and item.path is not None and item.path[:1] == ("_base_",):
        yield from _files(config, place)
    elif item is not None and item.key == "type" and place.role is Role.VALUE:
        yield from _types(config, place, item)
    elif item is not None and item.path == ("runner_type",) and place.role is Role.VALUE:
        yield from _names(config, place, ["RUNNERS"], None)
    elif place.role is Role.KEY and _may_be_key(config, place):
        yield from _keys(config, place)
    elif place.role is Role.VALUE and place.string is None:
        yield from _variables(config, place)


def _may_be_key(config: ConfigText, place: Place) -> bool:
    """Whether a key may be written as what stands here: a string is one within braces."""
    if place.string is None or not config.outline.is_python:
        return True
    return place.bracket is not None and place.bracket.opener == "{"


# Keys


def _keys(config: ConfigText, place: Place) -> Iterator[Suggestion]:
    bracket, item = place.bracket, place.item
    start, end = _word_span(config, place)
    if item is not None and item.key_span is not None:
        start = min(item.key_span[0], place.offset)
        end = item.key_span[1]
    there = _keys_there(config, place, bracket)
    write = _KeyWriter(config, place, has_sign=item is not None and item.key is not None)
    if bracket is None or bracket is config.outline.document:
        yield from _top_level(config, there, write, start, end)
        return
    path = bracket.path
    base = inherited_by(config, place.brackets)
    page = _page_here(config, place)
    if page is not None:
        given = given_at(config, path)
        for parameter in page.parameters:
            if parameter.name in there or parameter.name in given:
                continue
            inherited = value_in(base, (parameter.name,), _ABSENT)
            detail = parameter.label if inherited is _ABSENT else f"base: {short(inherited)}"
            rank = 1 if parameter.is_required and inherited is _ABSENT else 2
            told = f"`{parameter.label}` of `{parameter.owner}`\n\n{parameter.told}".strip()
            yield Suggestion(
                parameter.name, write(parameter.name), Kind.PARAMETER, start, end, detail, told,
                rank,
            )  # fmt: skip
    if isinstance(base, Mapping):
        for key, value in base.items():
            if isinstance(key, str) and key not in there:
                detail = f"base: {short(value)}"
                yield Suggestion(key, write(key), Kind.KEY, start, end, detail, rank=3)
        if DELETE not in there:
            told = "Replaces the dict of the base, instead of merging into it."
            yield Suggestion(
                DELETE, write(DELETE, "True"), Kind.MARKER, start, end, "replace the base's",
                told, 4,
            )  # fmt: skip
    if path is not None and len(path) == 1 and str(path[0]).endswith("_dataloader"):
        for key in sorted(DATALOADER_ARGUMENTS - there):
            yield Suggestion(key, write(key), Kind.PARAMETER, start, end, "of a dataloader")
    siblings = _siblings(config, place)
    fits = path is not None and bool(registries_at(config, path, siblings))
    if "type" not in there and (fits or path is None):
        yield Suggestion("type", write("type", "''"), Kind.KEY, start, end, "the class", rank=1)


_ABSENT = object()


def _top_level(
    config: ConfigText, there: set[str], write: _KeyWriter, start: int, end: int
) -> Iterator[Suggestion]:
    for key, value in config.base_values.items():
        if key not in there and not key.startswith("_"):
            rank = 2 if key in KNOWN_KEYS else 4
            yield Suggestion(
                key, write(key), Kind.KEY, start, end, f"base: {short(value)}", rank=rank
            )
    for key in sorted(KNOWN_KEYS - there):
        yield Suggestion(key, write(key), Kind.RUNNER_KEY, start, end, "read by mmengine", rank=3)
    if "_base_" not in there and not config.named_bases:
        yield Suggestion("_base_", write("_base_"), Kind.MARKER, start, end, "bases", rank=3)


class _KeyWriter:
    """Writes a key with the sign behind it, as the dict around it does."""

    def __init__(self, config: ConfigText, place: Place, *, has_sign: bool) -> None:
        bracket = place.bracket
        self._is_data = not config.outline.is_python
        self._is_json = config.path.suffix == ".json"
        self._is_braced = bracket is not None and bracket.opener == "{"
        self._is_call = bracket is not None and bracket.opener == "("
        self._has_sign = has_sign
        token = place.token
        self._quote = "'"
        self._in_string = token is not None and token.kind == "string"
        if token is not None and token.kind == "string":
            self._quote = config.text[token.start]
        elif self._is_json:
            self._quote = '"'

    def __call__(self, key: str, value: str = "") -> str:
        if self._is_json:
            value = {"True": "true", "''": '""'}.get(value, value)
        if self._is_data and not self._is_json and not self._is_braced:
            value = {"True": "true", "''": ""}.get(value, value)
            return key if self._has_sign else f"{key}: {value}"
        if self._is_braced or self._is_json:
            quoted = key if self._in_string else f"{self._quote}{key}{self._quote}"
            if self._is_data and not self._is_json and not self._in_string:
                quoted = key
            return quoted if self._has_sign or self._in_string else f"{quoted}: {value}"
        if self._has_sign:
            return key
        return f"{key}={value}" if self._is_call else f"{key} = {value}"


def _keys_there(config: ConfigText, place: Place, bracket: Bracket | None) -> set[str]:
    """The keys that are written beside this one."""
    items = config.outline.statements if bracket is None else bracket.items
    return {
        str(one.target[0] if one.target else one.key)
        for one in items
        if one is not place.item and one.key is not None and len(one.target or (1,)) == 1
    }


def _page_here(config: ConfigText, place: Place) -> ClassPage | None:
    named = type_of_dict(config, place)
    return None if named is None else class_page(config.class_view, *named)


# Values


def _types(config: ConfigText, place: Place, item: Item) -> Iterator[Suggestion]:
    bracket = place.bracket
    path = bracket.path if bracket is not None else None
    registries = registries_at(config, path, _siblings(config, place)) if path is not None else []
    if not registries:
        registries = registries_at(config, (), _siblings(config, place)) or [
            "MODELS", "TASK_UTILS", "TRANSFORMS", "DATASETS", "HOOKS",
        ]  # fmt: skip
    key = next((str(one) for one in reversed(path or ()) if isinstance(one, str)), None)
    if place.string is None:
        yield from _variables(config, place)
    yield from _names(config, place, registries, key)


def _names(
    config: ConfigText, place: Place, registries: list[str], key: str | None
) -> Iterator[Suggestion]:
    bracket = place.bracket
    path = bracket.path if bracket is not None else ()
    view = config.class_view
    scope = (view.scope_at(path) if path else view.scope) or ROOT_SCOPE
    string = place.string
    is_imported = string is None and config.is_pure and config.outline.is_python
    if string is None and config.outline.is_python:
        start, end = _word_span(config, place)
        quotes = "" if is_imported else "'"
    elif string is None:
        (start, end), quotes = _word_span(config, place), ""
        if config.path.suffix == ".json":
            quotes = '"'
    else:
        start, end = string[1], string[2]
        quotes = ""
    before = config.text[start : place.offset]
    prefix, dot, _ = before.rpartition(".")
    if dot:
        scope = prefix
    names = names_at(config, registries, key, scope)
    for name, known in sorted(names.items()):
        if is_imported:
            yield from _imported(config, name, known, start, end)
            continue
        label = f"{prefix}{dot}{name}"
        yield Suggestion(
            label, f"{quotes}{label}{quotes}", Kind.CLASS, start, end, known.source,
            rank=1 if known.is_likely else 2,
        )  # fmt: skip


def _imported(
    config: ConfigText, name: str, known: TypeName, start: int, end: int
) -> Iterator[Suggestion]:
    """A class with the statement that imports it, as a pure-Python config must."""
    module, _, own = known.dotted.rpartition(".")
    # Registered under another name, it is imported by its own.
    if module and own == name:
        yield Suggestion(
            name, name, Kind.CLASS, start, end, known.source, rank=1 if known.is_likely else 2,
            statement=None if _is_bound(config, name) else f"from {module} import {name}",
        )  # fmt: skip


def _is_bound(config: ConfigText, name: str) -> bool:
    named = config.config.names if config.config is not None else {}
    return name in named or re.search(rf"\bimport\b[^\n]*\b{name}\b", config.text) is not None


def import_offset(config: ConfigText) -> int:
    """Where a further import goes: in front of the first statement that is no text."""
    for one in config.outline.statements:
        words = config.outline.value_words(one)
        if one.key is not None or one.brackets or not words or words[0][:1] not in "\"'rR":
            return one.start
    return len(config.text)


def _siblings(config: ConfigText, place: Place) -> tuple[str, ...]:
    """The types of the other dicts in the list that a dict lies in."""
    if len(place.brackets) < 2:
        return ()
    found = []
    for item in place.brackets[-2].items:
        inner = item.bracket
        one = inner.item("type") if inner is not None and inner is not place.bracket else None
        if one is not None:
            found.append(config.text[slice(*one.value)].strip("'\""))
    return tuple(found)


def _variables(config: ConfigText, place: Place) -> Iterator[Suggestion]:
    """The names that the text sets before a place, and those that it imports."""
    if not config.outline.is_python:
        return
    start, end = _word_span(config, place)
    own = {
        str(one.target[0])
        for one in config.outline.statements
        if one.target is not None and one.end < place.offset and one.target[0] != "_base_"
    }
    for name in sorted(own):
        yield Suggestion(name, name, Kind.NAME, start, end, "of this file", rank=3)
    if config.config is not None and config.is_pure:
        for name in sorted(set(config.config.names) - own):
            value = config.config.names[name]
            kind = Kind.CLASS if name in config.config.imported else Kind.NAME
            yield Suggestion(name, name, kind, start, end, short(value), rank=4)


def _of_base_name(config: ConfigText, place: Place) -> Iterator[Suggestion]:
    names = place.names
    inner = value_in(config.base_values, names[1:-1])
    if not isinstance(inner, Mapping):
        return
    start = place.offset - len(_last_word(config, place.offset))
    end = start
    while end < len(config.text) and (config.text[end].isalnum() or config.text[end] == "_"):
        end += 1
    for key, value in inner.items():
        if isinstance(key, str) and key.isidentifier():
            yield Suggestion(key, key, Kind.KEY, start, max(end, place.offset), short(value))


def _files(config: ConfigText, place: Place) -> Iterator[Suggestion]:
    """The configs and folders that a path in ``_base_`` could go on with."""
    if place.string is None:
        return
    written, start, end = place.string
    before = written[: place.offset - start]
    if "::" in before or "\0" in before:
        return
    folder = Path(os.path.normpath(config.path.parent / before.rpartition("/")[0]))
    start += len(before.rpartition("/")[0]) + ("/" in before)
    try:
        entries = sorted(os.scandir(folder), key=lambda one: one.name)[:_MOST_FILES]
    except OSError:
        return
    if not before.rpartition("/")[2].strip("."):
        yield Suggestion("../", "../", Kind.FOLDER, start, end, "the folder above", rank=6)
    for entry in entries:
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        if entry.is_dir():
            yield Suggestion(f"{entry.name}/", f"{entry.name}/", Kind.FOLDER, start, end)
        elif entry.name.endswith(_SUFFIXES) and Path(entry.path) != config.path:
            yield Suggestion(entry.name, entry.name, Kind.FILE, start, end, rank=4)


def _modules(config: ConfigText, place: Place, dots: str, written: str) -> Iterator[Suggestion]:
    """The configs that ``from .x import`` could name."""
    parts = [".."] * (len(dots) - 1) + written.split(".")[:-1]
    folder = Path(os.path.normpath(config.path.parent.joinpath(*parts)))
    start, end = _word_span(config, place)
    try:
        entries = sorted(os.scandir(folder), key=lambda one: one.name)[:_MOST_FILES]
    except OSError:
        return
    for entry in entries:
        name = entry.name.removesuffix(".py")
        if not name.isidentifier() or name == "__init__" or Path(entry.path) == config.path:
            continue
        if entry.is_dir():
            yield Suggestion(name, name, Kind.FOLDER, start, end)
        elif entry.name.endswith(".py"):
            yield Suggestion(name, name, Kind.FILE, start, end, rank=4)


def _word_span(config: ConfigText, place: Place) -> tuple[int, int]:
    """The word at a place, of which a part may be written."""
    token = place.token
    if token is not None and token.kind in ("name", "number") and token.start <= place.offset:
        return token.start, token.end
    if token is not None and token.kind == "string":
        return string_content(config.text, token)
    return place.offset, place.offset


def _last_word(config: ConfigText, offset: int) -> str:
    backwards = _WORD.match(config.text[max(0, offset - 200) : offset][::-1])
    return backwards.group()[::-1] if backwards else ""
