"""The commands: whole configs changed with a preview, and the page of a rule."""

from __future__ import annotations

from typing import Any

from mmscaffold.check.registry import find_rule
from mmscaffold.errors import MmscaffoldError
from mmscaffold.lsp.feature import Command, Outcome
from mmscaffold.lsp.operations import OPERATIONS
from mmscaffold.lsp.pages import rule_page, rule_url
from mmscaffold.lsp.session import Session


def explain_rule(session: Session, arguments: list[Any]) -> Outcome:
    """The page of a rule in Markdown, for editors that show it, and its address for others.

    Raises:
        MmscaffoldError: If there is no such rule.
    """
    if not arguments or not isinstance(arguments[0], str):
        raise MmscaffoldError("mmscaffold.explainRule takes the id of a rule")
    rule = find_rule(arguments[0])
    url = rule_url(rule)
    page = {"rule": rule.id, "markdown": rule_page(rule.id), "url": url}
    if session.shows_pages:
        return Outcome(page)
    return Outcome(page, message=f"{rule.id}: {rule.summary}.", show=url)


COMMANDS = (
    *(Command(operation.command, operation.run) for operation in OPERATIONS),
    Command("mmscaffold.explainRule", explain_rule),
)
