"""What a rule is, and which there are: every module in ``rules/`` is one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from types import ModuleType

from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New

ANY = "any"
"""The package of a rule that holds for every package on mmcv 1.x."""


@dataclass(frozen=True)
class Example:
    """One config before and after; the test of a rule, and a part of its page.

    Attributes:
        old: A config of 2.x.
        new: What its keys become; of the keys that the rule writes, it holds all.
        codes: The notes that it gets from any rule, in order.
    """

    old: str
    new: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One module of ``rules/``.

    Attributes:
        id: Its number and name, such as ``UPR-04 schedule-step``.
        package: ``any``, or the import name of the package whose classes it knows.
        writes: The top-level keys of 3.x that it sets or adds to.
        after: The ids of the rules that must have been applied; ``UPR-22`` means all of that
            number.
        examples: Its tests.
        apply: Reads the old config and adds to the new one.
        doc: Its documentation.
        of_data: Whether it reads nothing of the old config but its ``data``, and nothing of the
            new one but what other such rules made.
    """

    id: str
    package: str
    writes: tuple[str, ...]
    after: tuple[str, ...]
    examples: tuple[Example, ...]
    apply: Callable[[OldConfig, New], Iterator[Note]]
    doc: str
    of_data: bool = False


def _rule(module: ModuleType) -> Rule:
    return Rule(
        module.ID,
        module.PACKAGE,
        module.WRITES,
        module.AFTER,
        module.EXAMPLES,
        module.apply,
        module.__doc__ or "",
        getattr(module, "OF_DATA", False),
    )


def _known(after: Iterable[str], ids: Iterable[str]) -> list[str]:
    return [key for key in ids if any(key == one or key.startswith(f"{one} ") for one in after)]


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, each behind those that it comes after; in the order of ids where that is free.

    Raises:
        graphlib.CycleError: If the rules wait for each other.
    """
    folder = importlib.import_module("mmscaffold.upgrade.rules")
    names = [f"{folder.__name__}.{info.name}" for info in pkgutil.iter_modules(folder.__path__)]
    rules = {rule.id: rule for rule in map(_rule, map(importlib.import_module, names))}
    sorter = TopologicalSorter({key: _known(rules[key].after, rules) for key in sorted(rules)})
    sorter.prepare()
    ordered = []
    while sorter.is_active():
        for key in sorted(sorter.get_ready()):
            ordered.append(rules[key])
            sorter.done(key)
    return tuple(ordered)


@cache
def rules_of(package: str | None) -> tuple[Rule, ...]:
    """The rules that hold for a package, in order.

    Args:
        package: Its import name; ``None`` is any other.
    """
    return tuple(rule for rule in all_rules() if rule.package in (ANY, package))
