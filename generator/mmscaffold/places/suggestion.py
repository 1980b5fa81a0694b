"""What an editor could write, and where."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from mmscaffold.places.config_text import ConfigText
from mmscaffold.places.place import Place
from mmscaffold.places.tokens import string_content


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


def word_span(config: ConfigText, place: Place) -> tuple[int, int]:
    """The word at a place, of which a part may be written."""
    token = place.token
    if token is not None and token.kind in ("name", "number") and token.start <= place.offset:
        return token.start, token.end
    if token is not None and token.kind == "string":
        return string_content(config.text, token)
    return place.offset, place.offset


def siblings(config: ConfigText, place: Place) -> tuple[str, ...]:
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
