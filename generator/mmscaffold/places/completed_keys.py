"""The keys that could be written at a place, each as the dict around it writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mmscaffold.config.resolve.merge import DELETE
from mmscaffold.facts.building import DATALOADER_ARGUMENTS
from mmscaffold.facts.runner import KNOWN_KEYS
from mmscaffold.places.class_page import ClassPage, class_page
from mmscaffold.places.config_text import ConfigText, inherited_by, value_in
from mmscaffold.places.naming import type_of_dict
from mmscaffold.places.outline import Bracket
from mmscaffold.places.place import Place
from mmscaffold.places.registry_fit import given_at, registries_at
from mmscaffold.places.suggestion import Kind, Suggestion, siblings, word_span
from mmscaffold.places.values_text import short


def keys_at(config: ConfigText, place: Place) -> Iterator[Suggestion]:
    """What the class takes, what the base has, and what the Runner reads, as far as not given."""
    bracket, item = place.bracket, place.item
    start, end = word_span(config, place)
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
    fits = path is not None and bool(registries_at(config, path, siblings(config, place)))
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
