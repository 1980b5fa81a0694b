"""What an editor shows of the thing under the pointer, as Markdown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import LazyName, Unknown, to_plain
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.places.class_page import ClassPage, class_page
from mmscaffold.places.config_text import ConfigText
from mmscaffold.places.naming import named_at, named_class, type_of_dict
from mmscaffold.places.place import Place, Role, place_at
from mmscaffold.places.values_text import one_line, text_of

_LONGEST_VALUE = 1500
_LONGEST_LINE = 60
_MOST_PARAMETERS = 40
_MOST_KEYS = 20
_ABSENT = object()


@dataclass(frozen=True)
class Hover:
    """A text about a stretch of the document.

    Attributes:
        markdown: The text.
        start: Where the thing begins that it is about, in characters.
        end: Where that ends.
    """

    markdown: str
    start: int
    end: int


def hover_at(config: ConfigText, offset: int) -> Hover | None:
    """What is known of what stands at an offset; ``None`` if that is nothing."""
    place = place_at(config.outline, offset)
    token = place.token
    if token is None or token.kind in ("comment", "newline"):
        return None
    span = (token.start, token.end)
    base = _base_at(config, place)
    if base is not None:
        return base
    blocks = [*_class_here(config, place), *_name_here(config, place)]
    is_about_name = bool(blocks) and token.kind in ("name", "placeholder", "mark")
    item = place.item
    if item is not None and not is_about_name and _is_speaking(place):
        path = place.key_part or place.path
        if path is not None and path[:1] != ("_base_",):
            if place.role is Role.KEY and item.key_span is not None:
                span = item.key_span
            blocks = [*_value_at(config, path), *_parameter_here(config, place), *blocks]
        elif place.role is Role.KEY:
            blocks = [*_parameter_here(config, place), *blocks]
    return Hover("\n\n".join(blocks), *span) if blocks else None


def _is_speaking(place: Place) -> bool:
    """Whether the word here is a key or a value, and not a bracket or a comma."""
    token = place.token
    return token is not None and token.kind in ("name", "string", "number", "placeholder")


def _base_at(config: ConfigText, place: Place) -> Hover | None:
    for one in config.named_bases:
        if one.start <= place.offset <= one.end:
            try:
                base = config.resolve(one.path)
            except ConfigError as error:
                return Hover(f"{_code(str(error.message))}", one.start, one.end)
            keys = [key for key in base.root if not key.startswith("_")]
            more = f" and {len(keys) - _MOST_KEYS} more" if len(keys) > _MOST_KEYS else ""
            lines = [
                f"Base {_link(one.path, config.path.parent)}",
                f"It sets {', '.join(_code(key) for key in keys[:_MOST_KEYS])}{more}.",
            ]
            if base.bases:
                named = ", ".join(_link(each, one.path.parent) for each in base.bases)
                lines.append(f"Its own bases: {named}")
            return Hover("\n\n".join(lines), one.start, one.end)
    return None


def _value_at(config: ConfigText, path: KeyPath) -> list[str]:
    value = config.value(path, _ABSENT)
    if value is _ABSENT:
        return []
    blocks = [f"**{_escaped(format_key_path(path))}**", shown(value)]
    history = list(_history(config, config.origin(path)))
    return [*blocks, "\n".join(history)] if history else blocks


def shown(value: Any) -> str:
    """A resolved value as a block of code, or why it is not known."""
    if isinstance(value, Unknown):
        return f"Not known: {_escaped(value.reason)}"
    text = text_of(value)
    if isinstance(value, dict | list | tuple) and len(text) > _LONGEST_LINE:
        from mmscaffold.config.edit.rendering import render_lines

        try:
            text = render_lines(to_plain(value))
        except ConfigError:
            text = text_of(value)
    if len(text) > _LONGEST_VALUE:
        text = text[:_LONGEST_VALUE].rpartition("\n")[0] + "\n..."
    return _block(text)


def _history(config: ConfigText, origin: Origin | None) -> Iterator[str]:
    """Where a value was set, and what it replaced, newest first."""
    if origin is None:
        return
    yield f"- set in {_where(config, origin)}"
    if origin.copied_from is not None:
        yield f"  as {_code(one_line(origin.text))}, which is {_where(config, origin.written)}"
    for old in origin.overrode():
        written = old.written
        text = _code(one_line(written.text))
        yield f"- overrides {text} of {_where(config, written)}"


def _where(config: ConfigText, origin: Origin) -> str:
    place = f"#L{origin.line}"
    name = os.path.relpath(origin.path, config.path.parent)
    if origin.path == config.path:
        name = f"this file, line {origin.line}"
    else:
        name = f"{name}:{origin.line}"
    return f"[{_escaped(name)}]({origin.path.as_uri()}{place})"


def _class_here(config: ConfigText, place: Place) -> list[str]:
    named = named_class(config, place)
    if named is None:
        return []
    page = class_page(config.class_view, *named)
    return [] if page is None else list(class_blocks(page, config.path.parent))


def class_blocks(page: ClassPage, folder: Path) -> Iterator[str]:
    """A class as Markdown: where it is defined, what it is, what it takes."""
    bases = f"({', '.join(page.bases)})" if page.bases else ""
    place = page.place
    where = "" if place is None else f" — {_link(place.path, folder, place.line)}"
    yield f"class {_code(page.name + bases)}{where}"
    if page.summary:
        yield page.summary
    lines = [f"    {one.label}," for one in page.parameters[:_MOST_PARAMETERS]]
    if len(page.parameters) > _MOST_PARAMETERS:
        lines.append(f"    # {len(page.parameters) - _MOST_PARAMETERS} more")
    if page.is_open:
        lines.append("    **kwargs,")
    if lines:
        yield _block("\n".join([f"{page.name}(", *lines, ")"]))
    else:
        yield _block(f"{page.name}()")


def _parameter_here(config: ConfigText, place: Place) -> list[str]:
    """What the class of the dict says of the key here."""
    item = place.item
    if item is None or not isinstance(item.key, str) or item.key == "type":
        return []
    named = type_of_dict(config, place)
    page = class_page(config.class_view, *named) if named is not None else None
    parameter = page.parameter(item.key) if page is not None else None
    if parameter is None:
        return []
    told = f": {parameter.told}" if parameter.told else ""
    return [f"{_code(parameter.label)} of {_code(parameter.owner)}{told}"]


def _name_here(config: ConfigText, place: Place) -> list[str]:
    named = named_at(config, place)
    if named is None or isinstance(named.value, LazyName):
        return []
    blocks = [f"**{_escaped(named.text)}**", shown(named.value)]
    history = list(_history(config, named.origin))
    return [*blocks, "\n".join(history)] if history else blocks


def _link(path: Path, folder: Path, line: int | None = None) -> str:
    name = os.path.relpath(path, folder)
    if name.count("..") > 3:
        name = path.name
    at = "" if line is None else f":{line}"
    anchor = "" if line is None else f"#L{line}"
    return f"[{_escaped(name)}{at}]({path.as_uri()}{anchor})"


def _code(text: str) -> str:
    return f"``{text}``" if "`" in text else f"`{text}`"


def _block(text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}python\n{text}\n{fence}"


def _escaped(text: str) -> str:
    return "".join(f"\\{one}" if one in "\\*_[]<>`" else one for one in text)
