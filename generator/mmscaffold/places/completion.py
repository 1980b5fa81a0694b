"""What could be written at a place: parameters, keys of the base, classes, bases."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmscaffold.places.completed_files import files_of_base, modules_of_base
from mmscaffold.places.completed_keys import keys_at
from mmscaffold.places.completed_values import keys_of_base_name, names_of, types_at, variables_at
from mmscaffold.places.config_text import ConfigText
from mmscaffold.places.place import Place, Role, place_at
from mmscaffold.places.suggestion import Suggestion

_BASE_IMPORT = re.compile(r"[ \t]*from[ \t]+(\.+)((?:\w[\w.]*)?)$")
_KEYWORD = re.compile(r"[ \t]*(?:from|import|with|def|class|for|while|if|del|return)\b")


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
        yield from modules_of_base(config, place, imported.group(1), imported.group(2))
    elif config.outline.is_python and not place.brackets and _KEYWORD.match(line):
        return
    elif names[:1] == ("_base_",) and len(names) > 1:
        yield from keys_of_base_name(config, place)
    elif item is not None and item.path is not None and item.path[:1] == ("_base_",):
        yield from files_of_base(config, place)
    elif item is not None and item.key == "type" and place.role is Role.VALUE:
        yield from types_at(config, place, item)
    elif item is not None and item.path == ("runner_type",) and place.role is Role.VALUE:
        yield from names_of(config, place, ["RUNNERS"], None)
    elif place.role is Role.KEY and _may_be_key(config, place):
        yield from keys_at(config, place)
    elif place.role is Role.VALUE and place.string is None:
        yield from variables_at(config, place)


def _may_be_key(config: ConfigText, place: Place) -> bool:
    """Whether a key may be written as what stands here: a string is one within braces."""
    if place.string is None or not config.outline.is_python:
        return True
    return place.bracket is not None and place.bracket.opener == "{"
