"""What a shell completes, beside what click knows: ids and names of rules, codes of notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def rules_to_choose(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Rules that begin so, by id or else by name, and families of rules such as ``MMS1``."""
    named = _rules()
    families = dict.fromkeys((one[:4] for one in named), "all rules of this kind")
    return _beginning(incomplete, {**families, **named})


def pages_to_explain(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Rules and notes of ``upgrade`` that begin so."""
    from mmscaffold.upgrade.codes import CODES

    return _beginning(incomplete, {**_rules(), **{row.code: row.name for row in CODES.values()}})


def _rules() -> dict[str, str]:
    from mmscaffold.check import all_rules

    return {rule.id: rule.name for rule in all_rules()}


def _beginning(incomplete: str, named: Mapping[str, str]) -> list[CompletionItem]:
    by_id = _items(incomplete.upper(), named.items())
    return by_id or _items(incomplete.lower(), ((name, one) for one, name in named.items()))


def _items(start: str, pairs: Iterable[tuple[str, str]]) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(word, help=text) for word, text in pairs if word.startswith(start)]
