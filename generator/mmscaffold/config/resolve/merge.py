"""How a child config merges over its bases: mmengine's ``Config._merge_a_into_b``."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.text.placeholders import base_variable, embeds_base_variable

DELETE = "_delete_"


def join_bases(joined: CfgDict, other: CfgDict, path: str) -> None:
    """Add the keys of one more base; two bases must not share a top-level key.

    Args:
        joined: The bases so far, extended in place.
        other: The next base.
        path: The child, for the message.

    Raises:
        ConfigError: If both set a key, as mmengine refuses.
    """
    shared = joined.keys() & other.keys()
    if shared:
        key = min(shared)
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
    joined.update(other)


def merge(child: CfgDict, base: CfgDict) -> CfgDict:
    """Lay ``child`` over ``base``; neither is changed.

    Dicts merge key by key, everything else replaces. ``_delete_=True`` replaces a dict
    that the base has, and stays an ordinary key where the base has none.

    Raises:
        ConfigError: If a dict meets something else in the base.
    """
    merged = dict(base)
    for key, value in child.items():
        if isinstance(value, CfgDict) and key in base:
            below = base[key]
            delete = value.get(DELETE, False)
            if DELETE in value:
                value = _without_delete(value)
            if not delete:
                if isinstance(below, Unknown):
                    value = below
                elif not isinstance(below, CfgDict):
                    raise ConfigError(
                        f"{key!r} is a dict here, but a {type(below).__name__} in the base",
                        where=_where(child, key),
                        hint="Add _delete_=True to replace what the base has.",
                    )
                else:
                    value = merge(value, below)
        merged[key] = value
    return CfgDict.make(merged, (_merged_origins, child, base))


def _merged_origins(child: CfgDict, base: CfgDict) -> dict[Any, Origin]:
    below = base.origins
    over = {key: origin.over(below.get(key)) for key, origin in child.origins.items()}
    return {**below, **over}


def _where(container: CfgDict, key: Any) -> str | None:
    origin = origin_of(container, key)
    return origin.where if origin else None


def _without_delete(value: CfgDict) -> CfgDict:
    copied = value.copy()
    del copied[DELETE]
    return copied


class BaseVariables:
    """Replaces the placeholders ``{{_base_.x}}`` of one file by the values of its bases.

    Args:
        base: The bases after the child's own edits of ``_base_``.
        where: The file, for messages.
        missing: What is unknown of the bases, if one could not be found.
    """

    def __init__(self, base: CfgDict, where: str, missing: Unknown | None = None) -> None:
        self._base = base
        self._missing = missing
        self._where = where
        self._done: dict[int, Any] = {}

    def fill(self, value: Any, origin: Origin | None = None) -> tuple[Any, Origin | None]:
        """The value with every placeholder looked up, and the origin to go with it."""
        if isinstance(value, str):
            name = base_variable(value)
            if name is not None:
                return self._look_up(name, origin)
            if embeds_base_variable(value):
                reason = "mmengine does not replace {{_base_...}} inside a longer string"
                return Unknown(reason, origin.where if origin else self._where), origin
            return value, origin
        if isinstance(value, CfgDict | CfgList | CfgTuple):
            if id(value) not in self._done:
                self._done[id(value)] = value
                self._done[id(value)] = self._fill_container(value)
            return self._done[id(value)], origin
        return value, origin

    def _fill_container(self, value: Any) -> Any:
        if isinstance(value, CfgTuple):
            pairs = [self.fill(*pair) for pair in zip(value, value.origins, strict=True)]
            return CfgTuple.make((item for item, _ in pairs), [origin for _, origin in pairs])
        is_dict = isinstance(value, CfgDict)
        if is_dict and any("\x01" in key for key in value if isinstance(key, str)):
            reason = "mmengine does not replace {{_base_...}} in a key"
            return Unknown(reason, self._where)
        for key, item in list(value.items() if is_dict else enumerate(value)):
            if isinstance(item, str):
                if "\x01" in item:
                    value.put(key, *self.fill(item, origin_of(value, key)))
            elif isinstance(item, CfgDict | CfgList | CfgTuple):
                filled, _ = self.fill(item)
                if filled is not item:
                    value.put(key, filled, origin_of(value, key))
        return value

    def _look_up(self, name: str, origin: Origin | None) -> tuple[Any, Origin | None]:
        value: Any = self._base
        source: Origin | None = None
        for key in name.split("."):
            if not isinstance(value, dict) or key not in value:
                if self._missing is not None:
                    return self._missing, origin
                raise ConfigError(
                    f"no base sets {name!r}",
                    where=origin.where if origin else self._where,
                    hint="Check the name behind {{_base_. against the base files.",
                )
            source = origin_of(value, key)
            value = value[key]
        if origin is not None:
            origin = Origin(origin.parsed, origin.node, source, origin.replaced)
        return value, origin
