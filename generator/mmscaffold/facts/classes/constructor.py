"""What a class can be built with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

WITHOUT_ARGUMENTS = frozenset(
    {"abc.ABC", "object", "torch.nn.Module", "torch.nn.modules.Module", "nn.Module",
     "torch.utils.data.Dataset", "torch.utils.data.Sampler", "torch.utils.data.dataset.Dataset",
     "torch.utils.data.sampler.Sampler", "torch.utils.data.IterableDataset", "enum.Enum"}
)  # fmt: skip
"""Bases, elsewhere, that take no arguments of their own."""


class Constructor(NamedTuple):
    """What a class can be built with.

    Attributes:
        arguments: The names of its arguments, ``self`` left out.
        required: Those without a default.
        is_open: Whether it takes any other keyword.
        supplied: What it hands to the constructors of its bases itself, by name.
        positional: Its arguments that can be given by position, in order; empty if not known.
        passed: How many arguments it hands to the constructor of its base by position.
        keeps_rest: Whether the other keywords do not go on to its bases, or may not.
        is_joined: Whether its bases also get keywords from it that cannot be told.
    """

    arguments: frozenset[str]
    required: frozenset[str]
    is_open: bool
    supplied: frozenset[str] = frozenset()
    positional: tuple[str, ...] = ()
    passed: int = 0
    keeps_rest: bool = False
    is_joined: bool = False


def joined_constructors(parts: Iterable[Constructor | None]) -> Constructor | None:
    """What a class takes whose bases' constructors are these, nearest first.

    Args:
        parts: The constructor of the class and of each base, ``None`` where one defines none.

    Returns:
        ``None`` if none defines any.
    """
    arguments: set[str] = set()
    required: set[str] = set()
    supplied: set[str] = set()
    passed = 0
    found = is_joined = False
    for part in parts:
        if part is None:
            continue
        supplied.update(part.positional[:passed])
        # What a class supplies, its bases need not get from elsewhere; nor what it takes
        # itself, which does not stay in its **kwargs.
        if not is_joined:
            required |= part.required - supplied - arguments
        found = True
        arguments |= part.arguments
        supplied |= part.supplied
        passed = part.passed
        is_joined |= part.is_joined
        if part.keeps_rest:
            break
        if not part.is_open:
            return Constructor(frozenset(arguments), frozenset(required), is_open=False)
    return Constructor(frozenset(arguments), frozenset(required), is_open=True) if found else None
