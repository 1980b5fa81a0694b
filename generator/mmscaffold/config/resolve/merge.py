"""How a child config merges over its bases: mmengine's ``Config._merge_a_into_b``."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.errors import ConfigError, RefusedError
from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Perhaps, Unknown, present
from mmscaffold.config.walk import SCALARS

DELETE = "_delete_"
_CONTAINERS = (CfgDict, list, tuple)


def join_bases(joined: CfgDict, other: CfgDict, path: str) -> None:
    """Add the keys of one more base; two bases must not share a top-level key.

    Args:
        joined: The bases so far, extended in place.
        other: The next base.
        path: The child, for the message.

    Raises:
        ConfigError: If both set a key, as mmengine refuses.
    """
    # mmengine refuses two bases with the same key: what is perhaps there then is not.
    unsure = {key for base in (joined, other) for key in base if isinstance(base[key], Perhaps)}
    shared = joined.keys() & other.keys()
    if shared - unsure:
        key = min(shared - unsure)
        places = [
            container.origins[key].where
            for container in (joined, other)
            if key in container.origins
        ]
        raise ConfigError(
            f"two of its bases set the same key {key!r}: {' and '.join(places)}",
            where=path,
            hint="mmengine refuses this; set the key in one of them, or in the child.",
        )
    kept = {key: joined[key] for key in shared if isinstance(other[key], Perhaps)}
    origins = {key: joined.origins.get(key) for key in kept}
    joined.update(other)
    for key, value in kept.items():
        joined.put(key, value, origins[key])


def merge(child: CfgDict, base: CfgDict, shared: frozenset[int] = frozenset()) -> CfgDict:
    """Lay ``child`` over ``base``; neither is changed but for what is ``shared``.

    Dicts merge key by key, everything else replaces. ``_delete_=True`` replaces a dict
    that the base has, and stays an ordinary key where the base has none.

    Args:
        child: What is on top.
        base: What is below.
        shared: By ``id``, the dicts of the base that the child has by ``{{_base_.x}}``: mmengine
            takes ``_delete_`` out of them in both places.

    Raises:
        ConfigError: If a dict meets something else in the base.
    """
    merged = dict(base)
    for key, value in child.items():
        if isinstance(value, CfgDict) and key in base:
            below = base[key]
            delete = value.get(DELETE, False)
            if DELETE in value:
                value = _without_delete(value, in_place=id(value) in shared)
            if isinstance(delete, Unknown):
                value = delete
            elif delete and isinstance(below, Perhaps):
                # It stays in the dict if there is nothing to delete.
                value = below
            elif not delete:
                if isinstance(below, Unknown):
                    value = below
                elif not isinstance(below, CfgDict):
                    kind = "None" if below is None else _with_article(type(below).__name__)
                    raise RefusedError(
                        f"{key!r} is a dict here, but {kind} in the base",
                        where=_where(child, key),
                        hint="mmengine refuses this, too. Add _delete_=True to replace what "
                        "the base has.",
                    )
                else:
                    value = merge(value, below, shared)
        if type(value) is Perhaps and not (_is_unsure(child, key) and _is_unsure(base, key)):
            value = present(value)
        merged[key] = value
    return CfgDict.make(merged, (_merged_origins, child, base))


def _is_unsure(container: CfgDict, key: Any) -> bool:
    return key not in container or type(container[key]) is Perhaps


def _merged_origins(child: CfgDict, base: CfgDict) -> dict[Any, Origin]:
    below = base.origins
    over = {key: origin.over(below.get(key)) for key, origin in child.origins.items()}
    return {**below, **over}


def _where(container: CfgDict, key: Any) -> str | None:
    origin = origin_of(container, key)
    return origin.where if origin else None


def _without_delete(value: CfgDict, *, in_place: bool) -> CfgDict:
    copied = value if in_place else value.copy()
    del copied[DELETE]
    return copied


def dicts_with_delete(value: Any) -> frozenset[int]:
    """By ``id``, the dicts in a value that have the key ``_delete_``."""
    found: set[int] = set()
    stack = [value]
    seen: set[int] = set()
    while stack:
        item = stack.pop()
        if type(item) in SCALARS or not isinstance(item, _CONTAINERS) or id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, CfgDict):
            if DELETE in item:
                found.add(id(item))
            stack += item.values()
        else:
            stack += item
    return frozenset(found)


def _with_article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
