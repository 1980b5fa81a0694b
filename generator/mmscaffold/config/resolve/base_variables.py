"""The values that ``{{_base_.x}}`` stands for: those of the bases, once they are joined."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.budget import check_size
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.config.evaluate.copies import detached
from mmscaffold.config.evaluate.incomplete_base import IncompleteBase
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import BaseVariable, Unknown, present
from mmscaffold.config.text.placeholders import base_variable, why_not_replaced


def left_in_bases(base: CfgDict, where: str) -> CfgDict:
    """The bases, without a ``{{_base_.x}}`` that a file stored in them.

    mmengine looks up only what stands in the file's own keys; in its bases, the random text stays.

    Args:
        base: The bases as the file has edited them; they are not changed, for the file's own
            keys may hold parts of them.
        where: The file, for messages.
    """
    if not _holds_variable(base):
        return base
    copied: CfgDict = detached(base)
    if isinstance(base, IncompleteBase):
        copied = IncompleteBase.of(copied, base.missing, is_open=base.is_open)
    stack: list[Any] = [copied]
    while stack:
        value = stack.pop()
        for key, item in list(value.items() if isinstance(value, dict) else enumerate(value)):
            if isinstance(item, BaseVariable) or (
                isinstance(item, CfgTuple) and _holds_variable(item)
            ):
                reason = "mmengine does not replace {{_base_...}} that is stored in a base"
                value.put(key, Unknown(reason, where), origin_of(value, key))
            elif isinstance(item, CfgDict | CfgList):
                stack.append(item)
    return copied


def _holds_variable(value: Any) -> bool:
    stack = [value]
    seen: set[int] = set()
    for item in stack:
        if isinstance(item, BaseVariable):
            return True
        if isinstance(item, CfgDict | CfgList | CfgTuple) and id(item) not in seen:
            seen.add(id(item))
            stack += item.values() if isinstance(item, CfgDict) else item
    return False


def fill_base_variables(own: CfgDict, base: CfgDict, missing: Unknown | None, where: str) -> None:
    """Replace ``{{_base_.x}}`` in what a file sets by the values of its bases.

    Raises:
        ConfigError: If no base sets one of them.
    """
    variables = BaseVariables(base, where, missing)
    for key, value in list(own.items()):
        own.put(key, *variables.fill(value, own.origins.get(key)))
    check_size(own, where)


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
        if isinstance(value, BaseVariable):
            return self._look_up(value.name, origin)
        if isinstance(value, str):
            # Of a YAML or JSON file.
            name = base_variable(value)
            if name is not None:
                return self._look_up(name, origin)
            reason = why_not_replaced(value)
            if reason is not None:
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
            if isinstance(item, str | BaseVariable):
                if isinstance(item, BaseVariable) or "\x01" in item:
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
            if isinstance(value, Unknown):
                break
            if not isinstance(value, dict) or key not in value:
                if self._missing is not None:
                    return present(self._missing), origin
                raise ConfigError(
                    f"no base sets {name!r}",
                    where=origin.where if origin else self._where,
                    hint="Check the name behind {{_base_. against the base files.",
                )
            source = origin_of(value, key)
            value = present(value[key])
        if origin is not None:
            origin = Origin(origin.parsed, origin.node, source, origin.replaced)
        return value, origin
