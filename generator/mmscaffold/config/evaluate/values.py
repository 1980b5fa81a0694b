"""Values of a config that are not Python's own: unknowns, and names of what is not imported."""

from __future__ import annotations

from typing import Any


class Unknown:
    """A value that cannot be known without running foreign code.

    A container that code may have changed in a way that is not known becomes one in
    place (``forgotten``), so that every alias of it is one, too.

    Args:
        reason: Why, for people.
        where: ``path:line:column`` of the expression that is to blame.
        reach: Values that it may be, or hold: whatever changes it may change them.
    """

    __slots__ = ()

    reason: str
    where: str
    reach: tuple[Any, ...]

    def __new__(cls, *_: Any, **__: Any) -> Unknown:
        """Make one that is not a container."""
        return object.__new__(_PlainUnknown if cls is Unknown else cls)

    def __init__(self, reason: str, where: str, reach: tuple[Any, ...] = ()) -> None:
        """See the class."""

    def __bool__(self) -> bool:
        # A forgotten container may be empty; ``found or ...`` asks whether one was found.
        return True

    def __repr__(self) -> str:
        return f"<unknown: {self.reason} ({self.where})>"


class _PlainUnknown(Unknown):
    __slots__ = ("reach", "reason", "where")

    def __init__(self, reason: str, where: str, reach: tuple[Any, ...] = ()) -> None:
        self.reason = reason
        self.where = where
        self.reach = reach


class Perhaps(_PlainUnknown):
    """What a name stands for that unevaluated code may have set, or deleted: if anything.

    Only names are perhaps there: those of a file, and so the top-level keys of a base.
    Whatever reads one would fail if it were not there, and gets an ordinary ``Unknown``.
    """

    __slots__ = ()


def present(value: Any) -> Any:
    """The value of a name, given that there is such a name."""
    if type(value) is Perhaps:
        return Unknown(value.reason, value.where, value.reach)
    return value


def unreaching(value: Unknown) -> Unknown:
    """The same unknown, once nothing can be changed through it any more."""
    kind = Perhaps if type(value) is Perhaps else Unknown
    return kind(value.reason, value.where)


class Foreign(_PlainUnknown):
    """What a foreign name stands for: perhaps a function or module, which mmengine drops."""

    __slots__ = ()


class Reflection(Foreign):
    """What lets code reach every name of the config: ``globals``, ``exec``, a frame."""

    __slots__ = ()


class Harmless(Foreign):
    """A foreign function that changes none of its arguments: ``os.getenv``, ``print``."""

    __slots__ = ()


class NotEvaluatedError(Exception):
    """A call whose result is not known; what it was given may be changed.

    Args:
        reason: Why, for people.
    """


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


class BaseVariable:
    """``{{_base_.x}}`` until it is looked up: to the code of its config, a text not known.

    mmengine lets it be a random text (``Config._pre_substitute_base_vars``), and replaces that
    where it is left whole in the end; what code makes of it is of no use, but refused by nobody.

    Attributes:
        name: The dotted name of what is looked up.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        # One name is one random text, which is like no other.
        return isinstance(other, BaseVariable) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def text(self) -> str:
        """A text such as it may be: whatever cannot be done with this one, raises."""
        return f"_{self.name}_000000"

    @property
    def reason(self) -> str:
        """Why what is made of it is not known."""
        return f"mmengine looks {{{{_base_.{self.name}}}}} up last: here it is a random text"


# In messages, it is what it is to Python.
BaseVariable.__name__ = "str"


class ModuleValue:
    """A module that a config imports; mmengine drops it from the result."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


BUILTIN = "a builtin"
"""The reason of a ``FunctionValue`` that is one of Python's own."""


class FunctionValue:
    """A function that a config defines or imports; mmengine drops it from the result."""

    __slots__ = ("name", "reason")

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason


def is_kept(value: FunctionValue | ModuleValue) -> bool:
    """Whether mmengine keeps it as a value: neither modules nor what Python code defines."""
    return isinstance(value, FunctionValue) and value.reason == BUILTIN


class ConfigFunction(FunctionValue):
    """A function or lambda of the config itself.

    Attributes:
        node: Its definition.
        body: Its statements, or the expression of a lambda.
        defaults: Its defaults with their origins, by parameter.
        scopes: The scopes around it, outermost first.
        names: Who its names belong to.
        effects: What a call could do, once it was asked.
    """

    __slots__ = ("body", "defaults", "effects", "names", "node", "scopes")

    def __init__(
        self,
        name: str,
        node: Any,
        body: list[Any],
        defaults: dict[str, tuple[Any, Any]],
        scopes: tuple[dict[str, Any], ...],
        names: Any,
    ) -> None:
        super().__init__(name, f"function {name} of the config is not called")
        self.node = node
        self.body = body
        self.defaults = defaults
        self.scopes = scopes
        self.names = names
        self.effects: Any = None


# Nearly every value is one of these; looking up its exact type is the fastest test.
LEAVES = frozenset({str, int, float, bool, type(None)})


def to_plain(value: Any) -> Any:
    """Copy a value into ordinary dicts, lists and tuples."""
    if type(value) in LEAVES:
        return value
    if hasattr(value, "plain"):
        return value.plain()
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    if isinstance(value, tuple):
        return tuple(to_plain(item) for item in value)
    if type(value) is LazyName:
        return value.dumped
    return value
