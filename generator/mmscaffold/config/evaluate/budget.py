"""A bound on the work that one config file may ask for."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.errors import ConfigError, WorkBudgetError

# The largest official config takes some 30,000 steps; this many still end in a second.
MAX_STEPS = 600_000
MAX_ELEMENTS = 1_000_000
MAX_TEXT = 4_000_000
MAX_INTEGER_BITS = 100_000
MANY = 64
_SCALARS = frozenset({int, float, bool, type(None)})
# The largest official config has 70,000.
MAX_EXPANDED = 1_000_000


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

    def charge_elements(self, count: int) -> None:
        """Account for ``count`` new container elements, before they are made."""
        self.elements += count
        if self.elements > MAX_ELEMENTS:
            raise WorkBudgetError(
                f"makes containers of more than {MAX_ELEMENTS:,} elements",
                hint="A config this large is treated as hostile; shrink the container.",
            )

    def charge_text(self, length: int) -> None:
        """Account for ``length`` new characters, before they are made."""
        self.text += length
        if self.text > MAX_TEXT:
            raise WorkBudgetError(
                f"makes strings of more than {MAX_TEXT:,} characters in all",
                hint="A config this large is treated as hostile; shrink the string.",
            )

    def charge_expanded(self, value: Any) -> None:
        """Account for the text of a value in which the same list may occur many times."""
        self.charge_text(expanded_size(value, {}))

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
        written = self.steps + self.elements + self.text + length
        if self.aliases and written << min(self.aliases, MANY) > MAX_EXPANDED:
            check_size(value, where)

    def charge_integer(self, bits: int) -> None:
        """Refuse an integer of more than ``MAX_INTEGER_BITS`` bits."""
        if bits > MAX_INTEGER_BITS:
            raise WorkBudgetError(
                f"computes an integer of about {bits:,} bits",
                hint="A config this large is treated as hostile; shrink the number.",
            )


def digits_in(template: str | bytes) -> int:
    """The largest number in a format, which may be a width."""
    text = template if isinstance(template, str) else template.decode("latin-1")
    widest = 0
    for run in "".join(c if c.isdigit() else " " for c in text).split():
        widest = max(widest, int(run[:12]))
    return widest


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
