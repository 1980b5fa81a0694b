"""Where in a project a class belongs: beside those that do the same work."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from mmscaffold.project.registered import registered_classes
from mmscaffold.scaffold.ancestry import Ancestry
from mmscaffold.scaffold.kind_of_class import FOLDER_OF_PART, kinds_of
from mmscaffold.scaffold.kinds import Kind


def home_of(folder: Path, ancestry: Ancestry, kind: Kind, base: str) -> Path:
    """The folder of a package where a class belongs.

    That of the registered classes whose bases upstream lie beside its own base: a detector goes
    to the detectors, a head to the heads. A part of a model that is written from scratch goes to
    those of its kind. Where there are none, it is the folder that is named as upstream, or that
    which holds the others.

    Args:
        folder: The folder of the package.
        ancestry: What its classes derive from.
        kind: What the class is.
        base: What it derives from, by a dotted name.
    """
    wanted = _part(ancestry, base)
    plural = FOLDER_OF_PART.get(kind.name, "")
    is_from_scratch = bool(plural) and not (wanted or "").endswith(plural)
    alike: Counter[Path] = Counter()
    others: dict[Path, set[str | None]] = {}
    for one in registered_classes(ancestry.code):
        if one.registry != kind.registry:
            continue
        place = one.definition.module.path.parent
        part = _part(ancestry, one.definition.dotted)
        others.setdefault(place, set()).add(part)
        is_alike = (
            kinds_of(ancestry, one.definition.dotted) == frozenset({kind.name})
            if is_from_scratch
            else part is not None and part == wanted
        )
        alike[place] += is_alike
    alike = +alike
    if alike:
        return alike.most_common(1)[0][0]
    if not others:
        return folder / kind.folder
    named = plural if is_from_scratch else (wanted or "").rpartition(".")[2]
    for place in sorted(others):
        for near in (place, place.parent):
            if named and near != folder.parent and (near / named).is_dir():
                return near / named
    # A folder that is named after what it holds holds nothing else.
    open_places = {
        place.parent if _is_named(place, parts) and place != folder else place
        for place, parts in others.items()
    }
    return min(open_places, key=lambda place: (len(place.parts), str(place)))


def _is_named(place: Path, parts: set[str | None]) -> bool:
    if place.name.endswith(tuple(FOLDER_OF_PART.values())):
        return True
    return any(part is not None and part.rpartition(".")[2] == place.name for part in parts)


def _part(ancestry: Ancestry, dotted: str) -> str | None:
    """The part of a package upstream that a class, or its nearest known base, lies in."""
    for one in ancestry.of(dotted):
        if ancestry.is_known(one):
            parts = one.split(".")
            # Without the class and its module: mmdet.models.detectors.
            return ".".join(parts[:-2])
    return None
