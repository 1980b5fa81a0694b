"""Rules register by being a module of ``config_rules`` or ``code_rules``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from mmscaffold.check.rule import CODE, CONFIG, ENGINE, Rule
from mmscaffold.errors import MmscaffoldError

if TYPE_CHECKING:
    from types import ModuleType

_FOLDERS = {CONFIG: "config_rules", CODE: "code_rules"}


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, in the order of ids."""
    found = [rule for kind in (ENGINE, *_FOLDERS) for rule in rules_of_kind(kind)]
    return tuple(sorted(found, key=lambda rule: rule.id))


@cache
def rules_of_kind(kind: str) -> tuple[Rule, ...]:
    """The rules of one kind, in the order of ids; modules of others are not imported.

    Args:
        kind: As ``Rule.kind`` says it.
    """
    if kind == ENGINE:
        return (_rule("unused_ignore"),)
    folder = _FOLDERS[kind]
    names = [info.name for info in pkgutil.iter_modules(_module(folder).__path__)]
    return tuple(sorted((_rule(f"{folder}.{name}") for name in names), key=lambda one: one.id))


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"mmscaffold.check.{name}")


def _rule(name: str) -> Rule:
    rule: Rule = _module(name).RULE
    return rule


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
        import difflib

        begun = [rule.id for rule in all_rules() if len(wanted) > 3 and rule.id.startswith(wanted)]
        near = (
            begun[:3]
            or difflib.get_close_matches(prefix, names)
            or difflib.get_close_matches(wanted, names)
        )
        meant = f"Did you mean {' or '.join(near)}? " if near else ""
        raise MmscaffoldError(
            f"there is no rule {prefix!r}", hint=f"{meant}`mmscaffold explain` lists the rules."
        )
    return found
