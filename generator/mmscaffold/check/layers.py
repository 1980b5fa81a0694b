"""The layers that classes of mmdet build of dicts without a ``type``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.building import NO_ARGUMENTS
from mmscaffold.facts.layers import BUILT_OF_DICTS, Layer
from mmscaffold.project.family import Verdict

# How alike two names must be, for difflib: `num_feat` and `num_feats` are.
_ALIKE = 0.8


def misspelt_keys(config: ConfigView) -> Iterator[tuple[KeyPath, Layer, str, str]]:
    """Keys of layers that are no arguments, but look like one; and each ``type``.

    What looks like no argument may be one of another release.

    Yields:
        The key path of the dict, its row, the key, and what was meant; empty for a ``type``.
    """
    for part in config.parts_below("model"):
        found = config.find(part)
        if found.verdict is not Verdict.KNOWN or config.is_own(part.bare):
            continue
        rows = {one.dotted: BUILT_OF_DICTS.get(one.dotted) for one in found.classes}
        first = next(iter(rows.values()), None)
        if first is None or len(rows) > 1:
            continue
        for argument, layer in first.items():
            yield from _below((*part.path, argument), part.values.get(argument), layer)


def _below(path: KeyPath, values: Any, layer: Layer) -> Iterator[tuple[KeyPath, Layer, str, str]]:
    if not isinstance(values, Mapping):
        return
    for key, value in values.items():
        if key in layer.built:
            yield from _below((*path, key), value, layer.built[key])
        elif key == "type":
            yield path, layer, key, ""
        elif isinstance(key, str) and key not in layer.arguments | NO_ARGUMENTS:
            import difflib

            near = difflib.get_close_matches(key, layer.arguments, n=1, cutoff=_ALIKE)
            if near:
                yield path, layer, key, near[0]
