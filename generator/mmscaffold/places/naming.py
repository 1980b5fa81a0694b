"""What a name within a config stands for: a variable, a key of a base, an imported class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import LazyName, Unknown
from mmscaffold.config.key_path import KeyPath
from mmscaffold.places.config_text import ConfigText, inherited_by, origin_in, value_in
from mmscaffold.places.outline import Item
from mmscaffold.places.place import Place, Role

_BASE = "_base_"
_NO_NAMES = frozenset(
    {"dict", "list", "tuple", "set", "for", "in", "if", "else", "True", "False", "None", "and",
     "or", "not", "import", "from", "as", "with", "del", "lambda"}
)  # fmt: skip
_ABSENT = object()


@dataclass(frozen=True)
class Named:
    """What a name stands for.

    Attributes:
        text: The name as it is written, such as ``_base_.model``.
        path: The keys behind it.
        value: The value, or an ``Unknown``.
        origin: Where that was written; ``None`` if that is not known.
        statement: The statement of the same text that sets it.
        is_of_base: Whether it names a key of the bases.
    """

    text: str
    path: KeyPath
    value: Any
    origin: Origin | None = None
    statement: Item | None = None
    is_of_base: bool = False


def named_at(config: ConfigText, place: Place) -> Named | None:
    """What the name at a place stands for; ``None`` if there is none, or it is not known."""
    names = place.names
    if not names or names[0] in _NO_NAMES or not all(names):
        return None
    text = ".".join(names)
    item = place.item
    if item is not None and item.key_span is not None and place.offset <= item.key_span[1]:
        # The target of a statement, or a keyword.
        return None
    if names[0] == _BASE:
        path: KeyPath = names[1:]
        if not path:
            return None
        value = value_in(config.base_values, path, _ABSENT)
        origin = origin_in(config.base_values, path)
        return None if value is _ABSENT else Named(text, path, value, origin, is_of_base=True)
    token = place.token
    if token is None or (token.kind == "name" and _is_key(place, item)):
        return None
    statement = config.outline.statement(names[0], place.offset)
    root: Any = config.config.root if config.config is not None else config.base_values
    if config.config is not None and config.config.names:
        root = config.config.names
    value = value_in(root, names, _ABSENT)
    if value is _ABSENT:
        value = Unknown("it is not known what this name stands for", str(config.path))
        if statement is None:
            return None
    return Named(text, names, value, origin_in(root, names), statement)


def _is_key(place: Place, item: Item | None) -> bool:
    if item is None:
        return True
    if item.key_span is not None:
        return place.offset <= item.key_span[1]
    return place.role is Role.KEY and not (place.bracket is None and len(place.names) > 1)


def named_class(config: ConfigText, place: Place) -> tuple[str | LazyName, KeyPath] | None:
    """The class that the place names as a ``type``, and the path of the dict that names it."""
    item, bracket = place.item, place.bracket
    if item is None or place.role is not Role.VALUE:
        return None
    if item.key == "type" and bracket is not None and bracket.is_dict:
        return _written_type(config, place, bracket.path or ())
    if item.path in (("runner_type",), ("default_scope",)) and item.key == "runner_type":
        return _written_type(config, place, ())
    named = named_at(config, place)
    if named is not None and isinstance(named.value, LazyName):
        return named.value, ()
    return None


def _written_type(
    config: ConfigText, place: Place, path: KeyPath
) -> tuple[str | LazyName, KeyPath] | None:
    if place.string is not None:
        return (place.string[0], path) if place.string[0] else None
    named = named_at(config, place)
    if named is not None and isinstance(named.value, str | LazyName):
        return named.value, path
    return None


def type_of_dict(config: ConfigText, place: Place) -> tuple[str | LazyName, KeyPath] | None:
    """The class of the dict that a place lies in: as it is written there, or inherited."""
    bracket = place.bracket
    if bracket is None or not bracket.is_dict:
        return None
    item = bracket.item("type")
    if item is not None:
        found = type_in_item(config, item)
        return None if found is None else (found, bracket.path or ())
    named = value_in(inherited_by(config, place.brackets), ("type",))
    is_class = isinstance(named, str | LazyName) and bracket.path is not None
    return (named, bracket.path or ()) if is_class else None


def type_in_item(config: ConfigText, item: Item) -> str | LazyName | None:
    """The class that an item ``type=...`` names."""
    from mmscaffold.places.place import place_at

    there = place_at(config.outline, item.end)
    if there.item is not item:
        return None
    found = _written_type(config, there, ())
    if found is None and there.string is None and item.value[1] - item.value[0] > 1:
        # Behind its closing quote.
        there = place_at(config.outline, item.end - 1)
        found = _written_type(config, there, ())
    return None if found is None else found[0]
