"""Rules register by being a module of ``config_rules`` or ``code_rules``."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from mmscaffold.check.rule import Code, Invalid, Rule, Valid
from mmscaffold.errors import MmscaffoldError

if TYPE_CHECKING:
    from types import ModuleType

# The type of an example in a module that has no RULE yet.
Example = Code
_FOLDERS = ("config_rules", "code_rules")


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, in the order of ids."""
    found = [_rule(_module("unused_ignore"))]
    for folder in _FOLDERS:
        package = _module(folder)
        for info in pkgutil.iter_modules(package.__path__):
            found.append(_rule(_module(f"{folder}.{info.name}")))
    return tuple(sorted(found, key=lambda rule: rule.id))


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"mmscaffold.check.{name}")


def _rule(module: ModuleType) -> Rule:
    if hasattr(module, "RULE"):
        rule: Rule = module.RULE
        return rule
    # The code rules are converted one by one.
    return Rule(
        id=module.ID,
        severity=module.SEVERITY,
        check=module.check,
        valid=[Valid(code) for code in module.VALID],
        invalid=[Invalid(code) for code in module.INVALID],
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
