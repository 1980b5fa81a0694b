"""Where the thing at a place comes from: bases, names, classes, modules, overridden keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mmscaffold.config.text.disk import is_file
from mmscaffold.config.text.source import Span
from mmscaffold.places.class_page import class_page
from mmscaffold.places.config_text import ConfigText
from mmscaffold.places.naming import named_at, named_class, type_of_dict
from mmscaffold.places.place import Place, Role, place_at
from mmscaffold.places.spots import Spot
from mmscaffold.places.tokens import string_content

_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


@dataclass(frozen=True)
class Link:
    """A stretch of the text that names a file.

    Attributes:
        start: Where it begins, in characters.
        end: Where it ends.
        path: The file, which is there.
    """

    start: int
    end: int
    path: Path


def definitions_at(config: ConfigText, offset: int) -> list[Spot]:
    """Where what stands at an offset comes from; several where each overrode the next."""
    place = place_at(config.outline, offset)
    for base in config.named_bases:
        if base.start <= offset <= base.end:
            return [Spot(base.path)]
    module = _module_here(config, place)
    if module is not None:
        return [Spot(module)]
    named = named_class(config, place)
    if named is not None:
        page = class_page(config.class_view, *named)
        if page is not None and page.place is not None:
            return [_spot_of_line(page.place.path, page.place.line)]
    return list(dict.fromkeys(_of_name(config, place) or _of_key(config, place)))


def _of_name(config: ConfigText, place: Place) -> list[Spot]:
    named = named_at(config, place)
    if named is None:
        return []
    if named.statement is not None and named.statement.key_span is not None:
        return [Spot.in_text(config.path, config.text, *named.statement.key_span)]
    return [] if named.origin is None else [Spot.of(named.origin)]


def _of_key(config: ConfigText, place: Place) -> list[Spot]:
    """What the key here overrides; else the class that takes it; else where it was set."""
    path = place.key_part or place.path
    token = place.token
    if path is None or token is None or token.kind not in ("name", "string", "number"):
        return []
    origin = config.origin(path)
    found = []
    if origin is not None:
        chain = [one.written for one in (origin, *origin.overrode())]
        found = [Spot.of(one) for one in chain if one.path != config.path]
        if not found and origin.written.span != origin.span:
            found = [Spot.of(origin.written)]
    if not found and place.role is Role.KEY:
        named = type_of_dict(config, place)
        page = class_page(config.class_view, *named) if named is not None else None
        if page is not None and page.place is not None and page.parameter(str(path[-1])):
            found = [_spot_of_line(page.place.path, page.place.line)]
    return found


def _module_here(config: ConfigText, place: Place) -> Path | None:
    if place.string is None or place.item is None:
        return None
    around = (place.item.path or ())[:2]
    if around[:1] != ("custom_imports",) and around[:1] != ("imports",):
        return None
    return _module(config, place.string[0])


def _module(config: ConfigText, name: str) -> Path | None:
    if not _MODULE.fullmatch(name):
        return None
    found = config.known_code_module(name)
    if found is None or found.suffix == ".py":
        return found
    init = found / "__init__.py"
    return init if is_file(init) else None


def _spot_of_line(path: Path, line: int) -> Spot:
    """A line of a file of code."""
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError:
        return Spot(path)
    start = sum(map(len, lines[: line - 1]))
    length = len(lines[line - 1].rstrip()) if line <= len(lines) else 0
    return Spot(path, Span(start, start + length))


def document_links(config: ConfigText) -> Iterator[Link]:
    """The bases, and the modules of ``custom_imports``, that the text names and that are there."""
    for base in config.named_bases:
        if is_file(base.path):
            yield Link(base.start, base.end, base.path)
    for item in config.outline.items():
        if item.path is None or item.path[:1] != ("custom_imports",) or item.brackets:
            continue
        for token in config.outline.tokens.words[item.words[0] : item.words[1]]:
            if token.kind == "string":
                start, end = string_content(config.text, token)
                path = _module(config, config.text[start:end])
                if path is not None:
                    yield Link(start, end, path)
