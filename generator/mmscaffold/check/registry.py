"""Rules register by being a module of ``config_rules`` or ``code_rules``."""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.errors import MmscaffoldError

if TYPE_CHECKING:
    from types import ModuleType

# A file, or several by name, of which the first is checked.
Example = str | dict[str, str]
_FOLDERS = {"config": "config_rules", "code": "code_rules"}


@dataclass(frozen=True)
class Rule:
    """One rule; its module's docstring is its documentation page.

    Attributes:
        id: Such as ``MMS101``.
        name: What it finds, in a few words joined by hyphens.
        severity: Of all its findings.
        page: What it finds, why that matters and how to mend it.
        kind: ``config``, ``code`` or ``engine``: what it looks at.
        valid: Examples in which it must find nothing.
        invalid: Examples in which it must find something.
        check: Yields its findings in a ``ConfigView`` or in ``Code``.
        fixable: Whether ``--fix`` mends some of its findings.
    """

    id: str
    name: str
    severity: Severity
    page: str
    kind: str
    valid: list[Example]
    invalid: list[Example]
    check: Callable[[Any], Iterator[Diagnostic]]
    fixable: bool = False


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, in the order of ids."""
    found = [_rule(_module("unused_ignore"), "engine")]
    for kind, folder in _FOLDERS.items():
        package = _module(folder)
        for info in pkgutil.iter_modules(package.__path__):
            found.append(_rule(_module(f"{folder}.{info.name}"), kind))
    return tuple(sorted(found, key=lambda rule: rule.id))


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"mmscaffold.check.{name}")


def _rule(module: ModuleType, kind: str) -> Rule:
    return Rule(
        id=module.ID,
        name=module.__name__.rpartition(".")[2].replace("_", "-"),
        severity=module.SEVERITY,
        page=inspect.getdoc(module) or "",
        kind=kind,
        valid=module.VALID,
        invalid=module.INVALID,
        check=module.check,
        fixable=getattr(module, "FIXABLE", False),
    )


def find_rule(rule_id: str) -> Rule:
    """The rule with an id.

    Raises:
        MmscaffoldError: If there is none.
    """
    return rules_like(rule_id, whole=True)[0]


def rules_like(prefix: str, *, whole: bool = False) -> list[Rule]:
    """The rules whose id begins so: ``MMS1`` is all config rules.

    Args:
        prefix: The beginning of an id, in any case, or a rule's name.
        whole: Take a whole id or name only.

    Raises:
        MmscaffoldError: If there is none.
    """
    wanted = prefix.upper()
    found = [
        rule
        for rule in all_rules()
        if rule.id == wanted
        or rule.name.upper() == wanted
        or (not whole and rule.id.startswith(wanted))
    ]
    if not found or not wanted:
        names = [text for rule in all_rules() for text in (rule.id, rule.name)]
        near = difflib.get_close_matches(prefix, names) or difflib.get_close_matches(wanted, names)
        meant = f"Did you mean {' or '.join(near)}? " if near else ""
        raise MmscaffoldError(
            f"there is no rule {prefix!r}", hint=f"{meant}`mmscaffold explain` lists the rules."
        )
    return found
