"""What the parts around a part give it before they build it: ``head.update(train_cfg=...)``."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.parts import Part
from mmscaffold.facts.classes.known_class import ANY


def not_given(config: ConfigView, part: Part, lacking: AbstractSet[str]) -> AbstractSet[str]:
    """What of the arguments that the dict of a part lacks no other part gives it, either.

    Nothing, where that is not known: the code of the project holds the part, or what holds it
    hands it arguments by position.

    Args:
        config: The config.
        part: A part within another.
        lacking: What its class needs and its dict does not have.
    """
    others = config.parts_below(str(part.path[0]))
    around = [one for one in others if one.path != part.path and _is_below(part, one)]
    if not around:
        return frozenset()
    keys = [key for key in part.path[len(around[-1].path) :] if isinstance(key, str)]
    # What stands in a mere dict, such as train_cfg, may be handed on and built by any of them.
    givers = around if len(keys) == 1 else [one for one in others if not _is_below(one, part)]
    for one in givers:
        given = config.family.given(config.find(one))
        if given is None or config.is_own(one.bare):
            return frozenset()
        if ANY in given and one in around:
            return frozenset()
        lacking -= given
    return lacking


def _is_below(part: Part, other: Part) -> bool:
    return part.path[: len(other.path)] == other.path
