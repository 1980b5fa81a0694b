"""Where in a project a class belongs: beside those that do the same work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mmscaffold.facts.classes import upstream
from mmscaffold.project.code import Package
from mmscaffold.project.registered import registered_classes


def home_of(folder: Path, code: Package, registry: str, base: str, usual: str) -> Path:
    """The folder of a package where a class belongs.

    That of the registered classes whose bases upstream lie beside its own base: a detector goes
    to the detectors, a head to the heads. Where there are none, it is the folder that is named
    as upstream, or that which holds the others.

    Args:
        folder: The folder of the package.
        code: Its code.
        registry: The registry that the class goes into.
        base: What it derives from, by a dotted name.
        usual: The name of the folder for the first class of its kind.
    """
    wanted = _part(code, base, registry)
    alike: Counter[Path] = Counter()
    others: dict[Path, set[str | None]] = {}
    for one in registered_classes(code):
        if one.registry != registry:
            continue
        place = one.definition.module.path.parent
        part = _part(code, one.definition.dotted, registry)
        others.setdefault(place, set()).add(part)
        if part is not None and part == wanted:
            alike[place] += 1
    if alike:
        return alike.most_common(1)[0][0]
    if not others:
        return folder / usual
    named = wanted.rpartition(".")[2] if wanted else ""
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
    return any(part is not None and part.rpartition(".")[2] == place.name for part in parts)


def _part(code: Package, dotted: str, registry: str) -> str | None:
    """The part of a package upstream that a class, or its nearest known base, lies in."""
    for one in lineage(code, dotted, registry):
        if upstream().knows(one):
            parts = one.split(".")
            # Without the class and its module: mmdet.models.detectors.
            return ".".join(parts[:-2])
    return None


def lineage(code: Package, dotted: str, registry: str) -> Iterator[str]:
    """A class and all its bases, nearest first: the project's own, then those upstream.

    Args:
        code: The project's package.
        dotted: The class.
        registry: A registry in which its bases are found by their names alone.
    """
    own = code.canonical(dotted)
    seen = [own]
    if own in code.classes:
        seen += code.ancestors(code.classes[own])
    for one in seen:
        if one in code.classes:
            yield one
            continue
        known = upstream().canonical(one)
        if not upstream().knows(known):
            known = upstream().registered(registry, one.rpartition(".")[2]) or known
        yield from upstream().lineage(known)
