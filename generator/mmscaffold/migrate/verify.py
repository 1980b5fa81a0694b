"""Compare what a config resolves to with what it was meant to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.values import LazyName, Unknown
from mmscaffold.config.key_path import KeyPath
from mmscaffold.migrate.plan import MISSING


def first_difference(actual: Any, wanted: Any, path: KeyPath = ()) -> KeyPath | None:
    """The first key at which two configs differ, or ``None``.

    Types count (a tuple is no list, ``True`` is not 1); the order of keys does not.
    Two unknowns are the same if they blame the same expression.
    """
    if actual is wanted:
        # Most of a config is shared with the one before.
        return None
    if isinstance(actual, dict) and isinstance(wanted, dict):
        for key in [*wanted, *(key for key in actual if key not in wanted)]:
            found = first_difference(
                actual.get(key, MISSING), wanted.get(key, MISSING), (*path, key)
            )
            if found is not None:
                return found
        return None
    if isinstance(actual, LazyName) and isinstance(wanted, LazyName):
        return None if actual.dumped == wanted.dumped else path
    if isinstance(actual, Unknown) and isinstance(wanted, Unknown):
        return None if actual.reason == wanted.reason else path
    for kind in (list, tuple):
        if isinstance(actual, kind) and isinstance(wanted, kind):
            return _first_in_sequences(actual, wanted, path)
    if type(actual) is not type(wanted):
        return path
    return None if actual == wanted or (actual != actual and wanted != wanted) else path


def _first_in_sequences(actual: Any, wanted: Any, path: KeyPath) -> KeyPath | None:
    if len(actual) != len(wanted):
        return path
    for index, (left, right) in enumerate(zip(actual, wanted, strict=True)):
        found = first_difference(left, right, (*path, index))
        if found is not None:
            return found
    return None


def all_differences(before: Any, after: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """What differs between two plain configs, as deep as dicts and equally long lists go.

    Yields:
        Each key that differs, with its value afterwards (or ``MISSING``).
    """
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from all_differences(
                before.get(key, MISSING), after.get(key, MISSING), (*path, key)
            )
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from all_differences(*pair, (*path, index))
    elif first_difference(before, after) is not None:
        yield path, after
