"""The containers of an evaluated config: ordinary dicts, lists and tuples with origins.

Scalars stay plain Python objects. A container remembers, for each key or index, the
``Slot``: the expression that filled it. Code that loses slots (``sorted``, a computed
list) is allowed to: an element without one has its container's origin.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.text.source import ParsedFile

if TYPE_CHECKING:
    import yaml


class Slot:
    """The expression that filled one key or index of a container.

    Attributes:
        parsed: The file that holds the expression.
        node: The expression; the whole statement of a function or class.
        copied_from: The slot that the expression merely names, if it does.
        overrode: The slot it replaced when a child config merged over its bases.
    """

    __slots__ = ("copied_from", "node", "overrode", "parsed")

    def __init__(
        self,
        parsed: ParsedFile,
        node: ast.expr | ast.stmt | yaml.Node,
        copied_from: Slot | None = None,
        overrode: Slot | None = None,
    ) -> None:
        self.parsed = parsed
        self.node = node
        self.copied_from = copied_from
        self.overrode = overrode

    @property
    def expression(self) -> ast.expr:
        """The Python expression.

        Raises:
            TypeError: If it is a node of YAML or JSON.
        """
        if not isinstance(self.node, ast.expr):
            raise TypeError("a value of YAML or JSON is no Python expression")
        return self.node

    def over(self, other: Slot | None) -> Slot:
        """This slot, having replaced ``other``."""
        if other is None:
            return self
        return Slot(self.parsed, self.node, self.copied_from, other)

    @property
    def origin(self) -> Origin:
        """The slot as users see it."""
        return Origin(self.parsed, self.node, self)


class CfgDict(dict[Any, Any]):
    """A dict that knows which expression gave each key its value."""

    __slots__ = ("slots",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slots: dict[Any, Slot] = {}


class BaseDict(CfgDict):
    """A dict reached through ``_base_``: mmengine's ConfigDict, with attribute access."""

    __slots__ = ()


class IncompleteBase(BaseDict):
    """What ``_base_`` reads where one of the bases could not be found.

    Attributes:
        missing: What is unknown, and why.
    """

    __slots__ = ("missing",)

    def __init__(self, known: CfgDict, missing: Unknown) -> None:
        super().__init__(known)
        self.slots = dict(known.slots)
        self.missing = missing


class CfgList(list[Any]):
    """A list that knows which expression gave each element, where that is known."""

    __slots__ = ("slots",)

    def __init__(self, values: Iterable[Any] = (), slots: list[Slot | None] | None = None) -> None:
        super().__init__(values)
        self.slots: list[Slot | None] = [None] * len(self) if slots is None else slots


class CfgTuple(tuple[Any, ...]):
    """A tuple that knows which expression gave each element, where that is known."""

    slots: list[Slot | None]

    @classmethod
    def make(cls, values: Iterable[Any], slots: list[Slot | None] | None = None) -> CfgTuple:
        """Build a tuple with one slot (or ``None``) per element."""
        result = cls(values)
        result.slots = [None] * len(result) if slots is None else slots
        return result


class Unknown:
    """A value that cannot be known without running foreign code.

    Args:
        reason: Why, for people.
        where: ``path:line:column`` of the expression that is to blame.
    """

    __slots__ = ("reason", "where")

    def __init__(self, reason: str, where: str) -> None:
        self.reason = reason
        self.where = where

    def __repr__(self) -> str:
        return f"<unknown: {self.reason} ({self.where})>"


class LazyName:
    """A class or module that a pure-Python config imports, known by its dotted name only.

    Attributes:
        dotted: The name, such as ``mmdet.models.RetinaNet``.
        is_module: Whether it was bound by ``import``, so that it names a module.
    """

    __slots__ = ("dotted", "is_module")

    def __init__(self, dotted: str, *, is_module: bool = False) -> None:
        self.dotted = dotted
        self.is_module = is_module

    def __str__(self) -> str:
        return self.dotted if self.is_module else self.dotted.rpartition(".")[2]

    __repr__ = __str__

    @property
    def dumped(self) -> str:
        """The string that mmengine writes for it (config.py, ``_lazy2string``)."""
        return f"{self.dotted}.{self}" if self.is_module else self.dotted

    def attribute(self, name: str) -> LazyName:
        """What ``name`` is of it."""
        return LazyName(f"{self.dotted}.{name}")


class ModuleValue:
    """A module that a config imports; mmengine drops it from the result."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class FunctionValue:
    """A function that a config defines or imports; mmengine drops it from the result."""

    __slots__ = ("name", "reason")

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason


def without_foreign(value: Any, where: str, done: dict[int, Any] | None = None) -> Any:
    """The value with every function and module in it made an ``Unknown``, in place."""
    done = {} if done is None else done
    if isinstance(value, FunctionValue | ModuleValue):
        return Unknown(f"{value.name} is a function or module, which is no config value", where)
    if not isinstance(value, dict | list | tuple):
        return value
    # Aliases may nest one list a billion times; each object is seen once.
    if id(value) in done:
        return done[id(value)]
    done[id(value)] = value
    if isinstance(value, tuple):
        items = [without_foreign(item, where, done) for item in value]
        done[id(value)] = CfgTuple.make(items, getattr(value, "slots", None))
    elif isinstance(value, list):
        value[:] = [without_foreign(item, where, done) for item in value]
    else:
        for key, item in value.items():
            value[key] = without_foreign(item, where, done)
    return done[id(value)]


def slot_of(container: Any, key: Any) -> Slot | None:
    """The slot of one key or index, if the container keeps slots."""
    if isinstance(container, CfgDict):
        return container.slots.get(key)
    if isinstance(container, CfgList | CfgTuple) and isinstance(key, int):
        try:
            return container.slots[key]
        except IndexError:
            return None
    return None


def to_plain(value: Any) -> Any:
    """Copy a value into ordinary dicts, lists and tuples."""
    kind = type(value)
    if kind in _LEAVES:
        return value
    if isinstance(value, dict):
        return {
            key: item if type(item) in _LEAVES else to_plain(item) for key, item in value.items()
        }
    if isinstance(value, list):
        return [item if type(item) in _LEAVES else to_plain(item) for item in value]
    if isinstance(value, tuple):
        return tuple([item if type(item) in _LEAVES else to_plain(item) for item in value])
    if kind is LazyName:
        return value.dumped
    return value


# Nearly every value is one of these; looking up its exact type is the fastest test.
_LEAVES = frozenset({str, int, float, bool, type(None)})


def deep_copy(value: Any, memo: dict[int, Any]) -> Any:
    """Copy containers and keep their slots, as ``copy.deepcopy`` would.

    Args:
        value: What to copy.
        memo: The copies made so far by ``id``, so that aliases stay aliases.
    """
    if id(value) in memo:
        return memo[id(value)]
    if isinstance(value, CfgDict):
        # An incomplete base is copied as an ordinary one: what is missing of it stays so.
        copied = BaseDict() if isinstance(value, BaseDict) else CfgDict()
        memo[id(value)] = copied
        for key, item in value.items():
            copied[key] = deep_copy(item, memo)
        copied.slots = dict(value.slots)
        return copied
    if isinstance(value, CfgList):
        items = CfgList((), [])
        memo[id(value)] = items
        items.extend(deep_copy(item, memo) for item in value)
        items.slots = list(value.slots)
        return items
    if isinstance(value, tuple):
        slots = list(value.slots) if isinstance(value, CfgTuple) else None
        return CfgTuple.make((deep_copy(item, memo) for item in value), slots)
    if isinstance(value, set):
        return set(value)
    return value


def detached(value: Any) -> Any:
    """A copy in which no two places share a container, as mmengine hands bases on.

    mmengine rebuilds every container of a base (``Config._dict_to_config_dict``), so that
    an edit of one name of a base never shows under another.
    """
    if isinstance(value, CfgDict):
        copied = BaseDict()
        for key, item in value.items():
            copied[key] = detached(item)
        copied.slots = dict(value.slots)
        return copied
    if isinstance(value, CfgList):
        return CfgList([detached(item) for item in value], list(value.slots))
    if isinstance(value, CfgTuple):
        return CfgTuple.make([detached(item) for item in value], list(value.slots))
    return value


def shallow_copy(value: Any) -> Any:
    """Copy one container, as its ``.copy()`` would, slots included."""
    if isinstance(value, CfgDict):
        copied = type(value)(value)
        copied.slots = dict(value.slots)
        return copied
    if isinstance(value, CfgList):
        return CfgList(value, list(value.slots))
    return value
