"""Resolved values in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmscaffold.check.config_view import class_name
from mmscaffold.config.edit.rendering import render
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import LazyName, Unknown, to_plain

_LONGEST = 60
_MOST_ITEMS = 6


def text_of(value: Any) -> str:
    """A resolved value as Python text, on one line."""
    if isinstance(value, LazyName):
        return str(value)
    try:
        return render(to_plain(value))
    except ConfigError:
        return repr(value)


def short(value: Any, longest: int = _LONGEST) -> str:
    """A resolved value in a few words."""
    if isinstance(value, Unknown):
        return "not known"
    if isinstance(value, Mapping):
        name = class_name(value.get("type"))
        return f"dict(type={name!r}, ...)" if name else "dict(...)" if value else "dict()"
    if isinstance(value, list | tuple) and len(value) > _MOST_ITEMS:
        return f"{len(value)} items"
    return one_line(text_of(value), longest)


def one_line(text: str, longest: int = _LONGEST) -> str:
    """A text on one line, cut off where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
