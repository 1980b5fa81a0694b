"""Compare what a config resolves to with what it was meant to."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.resolved import KeyPath
from mmscaffold.config.values import Unknown
from mmscaffold.migrate.plan import MISSING, Missing


def first_difference(actual: Any, wanted: Any, path: KeyPath = ()) -> KeyPath | None:
    """The first key at which two plain configs differ, or ``None``.

    Types count (a tuple is no list, ``True`` is not 1); the order of keys does not.
    Two unknowns are the same if they blame the same expression.
    """
    if isinstance(actual, dict) and isinstance(wanted, dict):
        for key in [*wanted, *(key for key in actual if key not in wanted)]:
            found = first_difference(
                actual.get(key, MISSING), wanted.get(key, MISSING), (*path, key)
            )
            if found is not None:
                return found
        return None
    if isinstance(actual, Unknown) and isinstance(wanted, Unknown):
        return None if actual.reason == wanted.reason else path
    if type(actual) is not type(wanted) or isinstance(actual, Missing) is not isinstance(
        wanted, Missing
    ):
        return path
    if isinstance(actual, list | tuple):
        if len(actual) != len(wanted):
            return path
        for index, (left, right) in enumerate(zip(actual, wanted, strict=True)):
            found = first_difference(left, right, (*path, index))
            if found is not None:
                return found
        return None
    return None if actual == wanted or (actual != actual and wanted != wanted) else path
