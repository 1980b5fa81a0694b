"""Where the page of a rule is, and what it says."""

from __future__ import annotations

from mmscaffold.check.pages import page
from mmscaffold.check.registry import find_rule
from mmscaffold.check.rule import Rule
from mmscaffold.publication import REPOSITORY

_SOURCE = f"{REPOSITORY}/blob/main/docs/rules"


def rule_url(rule: Rule) -> str:
    """The address of a rule's page."""
    return f"{_SOURCE}/{rule.id}.md"


def rule_page(rule_id: str) -> str:
    """The page of a rule, in Markdown.

    Raises:
        MmscaffoldError: If there is no such rule.
    """
    return page(find_rule(rule_id))
