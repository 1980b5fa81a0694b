"""Rules register by being a module of ``check/rules``."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from mmscaffold.check import rules
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.config.resolved import ResolvedConfig
from mmscaffold.errors import MmscaffoldError


@dataclass(frozen=True)
class Rule:
    """One rule; its module's docstring is its documentation page.

    Attributes:
        id: Such as ``MMS101``.
        name: What it finds, in a few words joined by hyphens.
        severity: Of all its findings.
        page: What it finds, why that matters and how to mend it.
        valid: Configs in which it must find nothing, by name of the file to check.
        invalid: Configs in which it must find something.
        check: Yields its findings in one resolved config.
    """

    id: str
    name: str
    severity: Severity
    page: str
    valid: list[str]
    invalid: list[str]
    check: Callable[[ResolvedConfig], Iterator[Diagnostic]]


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, in the order of ids."""
    found = []
    for info in pkgutil.iter_modules(rules.__path__):
        module = importlib.import_module(f"{rules.__name__}.{info.name}")
        found.append(
            Rule(
                module.ID,
                info.name.replace("_", "-"),
                module.SEVERITY,
                inspect.getdoc(module) or "",
                module.VALID,
                module.INVALID,
                module.check,
            )
        )
    return tuple(sorted(found, key=lambda rule: rule.id))


def find_rule(rule_id: str) -> Rule:
    """The rule with an id.

    Raises:
        MmscaffoldError: If there is none.
    """
    for rule in all_rules():
        if rule.id == rule_id.upper():
            return rule
    known = ", ".join(rule.id for rule in all_rules())
    raise MmscaffoldError(f"there is no rule {rule_id!r}", hint=f"The rules: {known}.")
