"""Which class of the family takes an argument that a config gives to a part."""

from __future__ import annotations

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.parts import Part
from mmscaffold.facts.classes.known_class import KnownClass


def takers(config: ConfigView, part: Part, argument: str) -> frozenset[str | None]:
    """The class whose constructor names an argument, for each class that a part may be.

    Args:
        config: The config.
        part: One of its parts.
        argument: An argument that it gets.

    Returns:
        Dotted names: the first in line of each class; ``None`` where no class of the family is
        known to name it, and of classes of the project.
    """
    if config.is_own(part.bare):
        return frozenset({None})
    return frozenset(_taking(config, one, argument) for one in config.find(part).classes)


def _taking(config: ConfigView, known: KnownClass, argument: str) -> str | None:
    for one in config.family.lineage(known):
        if isinstance(one, KnownClass) and argument in (one.arguments or ()):
            return one.dotted
    return None
