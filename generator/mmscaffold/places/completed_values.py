"""The values that could be written at a place: classes, names, keys of the base's values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mmscaffold.facts.packages import ROOT_SCOPE
from mmscaffold.places.config_text import ConfigText, value_in
from mmscaffold.places.outline import Item
from mmscaffold.places.place import Place
from mmscaffold.places.registry_fit import TypeName, names_at, registries_at
from mmscaffold.places.suggestion import Kind, Suggestion, siblings, word_span
from mmscaffold.places.values_text import short

_WORD = re.compile(r"\w*")


def types_at(config: ConfigText, place: Place, item: Item) -> Iterator[Suggestion]:
    """The classes that a ``type`` could name."""
    bracket = place.bracket
    path = bracket.path if bracket is not None else None
    registries = registries_at(config, path, siblings(config, place)) if path is not None else []
    if not registries:
        registries = registries_at(config, (), siblings(config, place)) or [
            "MODELS", "TASK_UTILS", "TRANSFORMS", "DATASETS", "HOOKS",
        ]  # fmt: skip
    key = next((str(one) for one in reversed(path or ()) if isinstance(one, str)), None)
    if place.string is None:
        yield from variables_at(config, place)
    yield from names_of(config, place, registries, key)


def names_of(
    config: ConfigText, place: Place, registries: list[str], key: str | None
) -> Iterator[Suggestion]:
    """The names in some registries: strings, or classes to import in a pure-Python config."""
    bracket = place.bracket
    path = bracket.path if bracket is not None else ()
    view = config.class_view
    scope = (view.scope_at(path) if path else view.scope) or ROOT_SCOPE
    string = place.string
    is_imported = string is None and config.is_pure and config.outline.is_python
    if string is None and config.outline.is_python:
        start, end = word_span(config, place)
        quotes = "" if is_imported else "'"
    elif string is None:
        (start, end), quotes = word_span(config, place), ""
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


def variables_at(config: ConfigText, place: Place) -> Iterator[Suggestion]:
    """The names that the text sets before a place, and those that it imports."""
    if not config.outline.is_python:
        return
    start, end = word_span(config, place)
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


def keys_of_base_name(config: ConfigText, place: Place) -> Iterator[Suggestion]:
    """What ``_base_.`` could go on with."""
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


def _last_word(config: ConfigText, offset: int) -> str:
    backwards = _WORD.match(config.text[max(0, offset - 200) : offset][::-1])
    return backwards.group()[::-1] if backwards else ""
