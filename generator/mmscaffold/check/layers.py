"""What is built without a registry: layers of dicts without a ``type``, and torch's wrappers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.parts import Part
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.building import NO_ARGUMENTS
from mmscaffold.facts.layers import BUILT_OF_DICTS, Layer
from mmscaffold.facts.wrappers import WRAPPERS
from mmscaffold.project.family import Verdict

# How alike two names must be, for difflib: `num_feat` and `num_feats` are.
_ALIKE = 0.8


_Row = TypeVar("_Row")
_Misspelt = Iterator[tuple[KeyPath, Layer, str, str]]


def misspelt_keys(config: ConfigView) -> _Misspelt:
    """Keys of layers and wrappers that are no arguments, but look like one; a layer's ``type``.

    What looks like no argument may be one of another release.

    Yields:
        The key path of the dict, its row, the key, and what was meant; empty for a ``type``.
    """
    for part in config.parts_below("model"):
        for argument, layer in (_row(config, part, BUILT_OF_DICTS) or {}).items():
            yield from _below((*part.path, argument), part.values.get(argument), layer)
    for part in config.parts_below("model_wrapper_cfg"):
        wrapper = _row(config, part, WRAPPERS)
        if wrapper is not None:
            for key in part.values:
                yield from _looks_like(part.path, wrapper, key)


def _row(config: ConfigView, part: Part, rows: Mapping[str, _Row]) -> _Row | None:
    """The row of the one class of the family that a part names."""
    found = config.find(part)
    if found.verdict is not Verdict.KNOWN or config.is_own(part.bare):
        return None
    classes = {one.dotted for one in found.classes}
    return rows.get(classes.pop()) if len(classes) == 1 else None


def _below(path: KeyPath, values: Any, layer: Layer) -> _Misspelt:
    if not isinstance(values, Mapping):
        return
    for key, value in values.items():
        if key in layer.built:
            yield from _below((*path, key), value, layer.built[key])
        elif key == "type":
            yield path, layer, key, ""
        else:
            yield from _looks_like(path, layer, key)


def _looks_like(path: KeyPath, layer: Layer, key: Any) -> _Misspelt:
    if isinstance(key, str) and key not in layer.arguments | NO_ARGUMENTS:
        import difflib

        near = difflib.get_close_matches(key, layer.arguments, n=1, cutoff=_ALIKE)
        if near:
            yield path, layer, key, near[0]
