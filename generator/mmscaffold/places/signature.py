"""What the class of the dict takes that a place lies in, and which of it stands there."""

from __future__ import annotations

from dataclasses import dataclass

from mmscaffold.places.class_page import ClassPage, Parameter, class_page
from mmscaffold.places.config_text import ConfigText
from mmscaffold.places.naming import type_of_dict
from mmscaffold.places.place import place_at
from mmscaffold.places.registry_fit import given_at


@dataclass(frozen=True)
class Signature:
    """A class as a call.

    Attributes:
        page: The class.
        label: The whole call.
        parameters: What it takes from the config.
        spans: Where each of its parameters stands in that, in characters.
        active: The number of the parameter at the place; ``None`` if it is none of them.
    """

    page: ClassPage
    label: str
    parameters: tuple[Parameter, ...]
    spans: tuple[tuple[int, int], ...]
    active: int | None


def signature_at(config: ConfigText, offset: int) -> Signature | None:
    """The class of the dict around an offset; ``None`` if there is none, or it is not known."""
    place = place_at(config.outline, offset)
    named = type_of_dict(config, place)
    page = class_page(config.class_view, *named) if named is not None else None
    if named is None or page is None:
        return None
    label = f"{page.name}("
    spans = []
    given = given_at(config, named[1])
    shown = tuple(one for one in page.parameters if one.name not in given)
    for number, parameter in enumerate(shown):
        label += ", " if number else ""
        spans.append((len(label), len(label) + len(parameter.label)))
        label += parameter.label
    label += (", **kwargs" if spans else "**kwargs") if page.is_open else ""
    names = [one.name for one in shown]
    key = place.path[-1] if place.item is not None and place.path else None
    if place.item is not None and place.item.key is not None:
        key = place.item.key
    active = names.index(str(key)) if key in names else None
    return Signature(page, f"{label})", shown, tuple(spans), active)
