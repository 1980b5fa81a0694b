"""A bound on the work that one config file may ask for."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.errors import ConfigError, WorkBudgetError
from mmscaffold.config.evaluate.containers import BaseDict
from mmscaffold.lazy import lazy_pattern

# The largest official config takes some 30,000 steps; this many still end in a second.
MAX_STEPS = 250_000
MAX_ELEMENTS = 500_000
MAX_TEXT = 4_000_000
# Python turns no longer integer into text: 4,300 digits.
MAX_INTEGER_BITS = 14_000
# Of the containers in each other; official configs have a dozen levels.
MAX_DEPTH = 100
MANY = 64
# What may be touched for one step, whether it is kept or not: elements of a container,
# characters of a string, and products of the limbs of two integers.
_ELEMENTS_PER_STEP = 16
_CHARACTERS_PER_STEP = 1024
_LIMBS_PER_STEP = 512
_LIMB = 30  # bits
_DIGITS = lazy_pattern(r"\d+")
_SCALARS = frozenset({int, float, bool, type(None)})
# The largest official config has 70,000.
MAX_EXPANDED = 1_000_000


# Methods and functions that look at nothing but a key or a length.
_AT_ONCE = frozenset(
    {
        "add", "append", "callable", "discard", "get", "getattr", "hasattr", "isinstance", "items",
        "keys", "len", "popitem", "range", "setdefault", "values",
    }
)  # fmt: skip
# Those that compare or hash whole values.
_COMPARING = frozenset(
    {"count", "frozenset", "index", "max", "min", "remove", "set", "sort", "sorted"}
)
# Those that copy what they are given, or part of it.
_COPYING = frozenset(
    {
        "copy", "copy.copy", "difference", "dict", "intersection", "reversed",
        "symmetric_difference", "union", "update",
    }
)  # fmt: skip
_STORING = frozenset({"merge", "setdefault", "update"})


class Budget:
    """Counts evaluation steps and container elements of one file.

    Attributes:
        steps: Expression nodes evaluated so far.
        aliases: How often a container was named, and so may be held once more; each time
            at most doubles what all values hold. Where that is not so, ``MANY``.
    """

    __slots__ = ("aliases", "elements", "steps", "text")

    def __init__(self) -> None:
        self.aliases = 0
        self.steps = 0
        self.elements = 0
        self.text = 0

    def too_long(self) -> WorkBudgetError:
        """The error for a file that takes too many steps."""
        return WorkBudgetError(
            f"evaluating it takes more than {MAX_STEPS:,} steps",
            hint="A config this busy is treated as hostile; simplify its loops.",
        )

    def charge_call(self, name: str, receiver: Any, arguments: list[Any]) -> None:
        """Account for what one function or method does with all that it is given.

        Args:
            name: Its name; that of a function of the library is dotted.
            receiver: What a method is called on; ``None`` for a function.
            arguments: The positional arguments.
        """
        if name in _AT_ONCE or (name == "pop" and (not arguments or isinstance(receiver, dict))):
            for value in arguments:
                self.charge_key(value)
        elif name in {"deepcopy", "to_dict"}:
            self.charge_copied(receiver)
        elif name in _COMPARING:
            self.charge_compared(receiver, *arguments)
        elif name in _COPYING:
            for value in (receiver, *arguments):
                if hasattr(value, "__len__"):
                    self.charge_elements(len(value))
        else:
            self.charge_touched(receiver, *arguments)
        if isinstance(receiver, BaseDict) and name in _STORING:
            # mmengine rebuilds what is stored in a base; see ``copies.as_base``.
            for value in arguments:
                self.charge_copied(value)

    def charge_steps(self, count: int) -> None:
        """Account for work that is as much as ``count`` expressions."""
        self.steps += count
        if self.steps > MAX_STEPS:
            raise self.too_long()

    def charge_touched(self, *values: Any) -> None:
        """Account for reading all of some containers and strings, but nothing in them."""
        for value in values:
            if isinstance(value, str | bytes):
                self.charge_steps(len(value) // _CHARACTERS_PER_STEP)
            elif hasattr(value, "__len__"):
                self.charge_steps(len(value) // _ELEMENTS_PER_STEP)

    def charge_compared(self, *values: Any) -> None:
        """Account for comparing, hashing or copying values, and all in them, aliases too."""
        for value in values:
            if isinstance(value, str | bytes | range):
                self.charge_touched(value)
            elif hasattr(value, "of"):
                # A view of a dict.
                self.charge_compared(value.of)
            elif isinstance(value, dict | list | tuple | set | frozenset):
                self.charge_steps(expanded_size(value, {}) // _ELEMENTS_PER_STEP)

    def charge_key(self, key: Any) -> None:
        """Account for the hash of a key: that of a tuple is computed each time."""
        if isinstance(key, tuple):
            self.charge_compared(key)

    def charge_slice(self, sliced: Any, bounds: slice) -> None:
        """Account for the part of a list, tuple or string between two bounds."""
        if isinstance(sliced, list | tuple | str | bytes):
            count = len(range(*bounds.indices(len(sliced))))
            if isinstance(sliced, str | bytes):
                self.charge_text(count)
            else:
                self.charge_elements(count)

    def charge_copied(self, value: Any) -> None:
        """Account for a copy of a container and all in it, every alias written out."""
        if isinstance(value, dict | list | tuple | set | frozenset):
            self.charge_elements(expanded_size(value, {}))

    def charge_product(self, left: int, right: int) -> None:
        """Account for a product or quotient of two integers."""
        limbs = (left.bit_length() // _LIMB) * (right.bit_length() // _LIMB)
        self.charge_steps(limbs // _LIMBS_PER_STEP)

    def charge_elements(self, count: int) -> None:
        """Account for ``count`` new container elements, before they are made."""
        self.elements += count
        self.charge_steps(count // _ELEMENTS_PER_STEP)
        if self.elements > MAX_ELEMENTS:
            raise WorkBudgetError(
                f"makes containers of more than {MAX_ELEMENTS:,} elements",
                hint="A config this large is treated as hostile; shrink the container.",
            )

    def charge_text(self, length: int) -> None:
        """Account for ``length`` new characters, before they are made."""
        self.text += length
        self.charge_steps(length // _CHARACTERS_PER_STEP)
        if self.text > MAX_TEXT:
            raise WorkBudgetError(
                f"makes strings of more than {MAX_TEXT:,} characters in all",
                hint="A config this large is treated as hostile; shrink the string.",
            )

    def charge_expanded(self, value: Any, times: int = 1) -> None:
        """Account for the text of a value in which the same list may occur many times.

        Args:
            value: The value.
            times: How often it is made text.
        """
        if isinstance(value, int):
            digits = value.bit_length() // 3
            # Making them takes time that grows with their square.
            self.charge_steps((digits // 100) ** 2 // 32 * times)
            self.charge_text((digits + 1) * times)
        else:
            self.charge_text(expanded_size(value, {}) * times)

    def charge_format(self, spec: str) -> None:
        """Account for the width that a format spec asks for, before it is formatted."""
        self.charge_text(digits_in(spec))

    def check_aliases(self, value: Any, where: str, length: int) -> None:
        """Refuse a value whose leaves, with every alias written out, are too many.

        Args:
            value: All that a file sets.
            where: The file, for messages.
            length: How many characters it has.
        """
        if not self.aliases:
            return
        check_depth(value, where)
        written = self.steps + self.elements + self.text + length
        if written << min(self.aliases, MANY) > MAX_EXPANDED:
            check_size(value, where)

    def charge_integer(self, bits: int) -> None:
        """Refuse an integer of more than ``MAX_INTEGER_BITS`` bits."""
        if bits > MAX_INTEGER_BITS:
            raise WorkBudgetError(
                f"computes an integer of about {bits:,} bits",
                hint="A config this large is treated as hostile; shrink the number.",
            )


def digits_in(template: str | bytes) -> int:
    """The sum of all numbers in a format, each of which may be a width."""
    text = template if isinstance(template, str) else template.decode("latin-1")
    return sum(int(run[:12]) for run in _DIGITS.findall(text))


def check_depth(value: Any, where: str) -> None:
    """Refuse a value whose containers nest too deeply: what prints or compares it recurs.

    Raises:
        ConfigError: If there are more than ``MAX_DEPTH`` levels, or it contains itself.
    """
    if _height(value, 0, {}) <= MAX_DEPTH:
        return
    try:
        expanded_size(value, {})
    except ConfigError as error:
        error.where = error.where or where
        raise
    except RecursionError:
        pass
    raise ConfigError(f"nests containers more than {MAX_DEPTH} levels deep", where=where)


def _height(value: Any, level: int, known: dict[int, int]) -> int:
    """How many levels of containers are in a value; beyond ``MAX_DEPTH`` the first found."""
    height = known.get(id(value))
    if height is not None or level > MAX_DEPTH:
        return height or 0 if level <= MAX_DEPTH else MAX_DEPTH + 1
    height = 0
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list | tuple):
            height = max(height, 1 + _height(item, level + 1, known))
            if height > MAX_DEPTH:
                break
    known[id(value)] = height
    return height


def check_size(value: Any, where: str) -> None:
    """Refuse a value of too many leaves, every alias in it written out.

    Raises:
        WorkBudgetError: If it has more than ``MAX_EXPANDED``.
        ConfigError: If it contains itself, or nests too deeply.
    """
    try:
        size = expanded_size(value, {})
    except ConfigError as error:
        error.where = error.where or where
        raise
    except RecursionError:
        raise ConfigError("is nested too deeply to be a config", where=where) from None
    if size > MAX_EXPANDED:
        raise WorkBudgetError(
            f"its values, written out, exceed {MAX_EXPANDED:,} leaves",
            where=where,
            hint="The same container is nested in itself too often; treated as hostile.",
        )


def expanded_size(value: Any, memo: dict[int, int]) -> int:
    """Count the leaves of a value as if every alias were written out.

    Takes linear time, whatever the answer: ten nested lists of ten times the same list
    are eleven objects, but ten thousand million leaves.

    Raises:
        ConfigError: If the value contains itself.
    """
    if isinstance(value, str | bytes):
        return len(value) + 1
    if isinstance(value, dict):
        items: Any = value.values()
    elif isinstance(value, list | tuple | set | frozenset):
        items = value
    else:
        return 1
    known = memo.get(id(value))
    if known == 0:
        raise ConfigError("a container that contains itself cannot be a config value")
    if known is not None:
        return known
    memo[id(value)] = 0
    # One for itself, and one for each item beside what the item holds.
    size = 1 + len(value)
    for item in items:
        kind = type(item)
        if kind is str:
            size += len(item)
        elif kind not in _SCALARS:
            size += expanded_size(item, memo) - 1
    memo[id(value)] = size
    return size
