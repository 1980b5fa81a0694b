"""Whether a detector hands what its backbone gives to its neck as it is.

All of the packages do: ``x = self.backbone(x)``, ``x = self.neck(x)``. One of a project may put
something in between, or change the dicts of both before it builds them.
"""

from __future__ import annotations

import ast

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.parts import Part
from mmscaffold.facts.classes import upstream
from mmscaffold.project.code import ClassDefinition

# What the code of a detector names if it has anything to do with either.
_TOUCHING = frozenset({"__init__", "__getattr__", "backbone", "neck", "extract_feat"})
_HARMLESS = frozenset({"object", "abc.ABC", "typing.Generic"})


def is_unbroken(config: ConfigView, detector: Part) -> bool:
    """Whether nothing comes between the backbone and the neck of a detector, as far as is known.

    Args:
        config: The config.
        detector: The part whose dict holds both.
    """
    if not config.is_own(detector.bare):
        return config.is_of_a_package(detector)
    own = config.imported_code
    lineage = [] if own is None else list(own.lineage("MODELS", detector.bare))
    return bool(lineage) and all(_leaves_alone(one) for one in lineage)


def _leaves_alone(one: ClassDefinition | str) -> bool:
    if isinstance(one, str):
        return one in _HARMLESS or upstream().knows(upstream().canonical(one))
    return all(_TOUCHING.isdisjoint(_named(node)) for node in ast.walk(one.node))


def _named(node: ast.AST) -> tuple[object, ...]:
    """What a node names; a text too, for ``getattr(self, 'neck')``."""
    if isinstance(node, ast.Constant):
        return (node.value,) if isinstance(node.value, str) else ()
    keys = ("id", "attr", "name", "arg")
    return tuple(getattr(node, key, None) for key in keys)
