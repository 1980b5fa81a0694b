"""Whose fault a finding is: that of the file that brings it, not of one that it inherits from.

A rule points at the value that does not fit. Where that stands in a base, and the base by itself
is in order, it is what inherits from it that is at fault: there the finding is told, there
comments and ``per-file-ignores`` suppress it, and there it can be corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Place
from mmscaffold.check.known_code import KnownCode
from mmscaffold.check.rule import Rule
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.containers import origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.resolve.bases import base_assignment
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.facts.loops import UNIT_OF_MAXIMUM
from mmscaffold.facts.runner import TRAINING_KEYS

_Found = list[tuple[Rule, Diagnostic]]


class Blame:
    """Runs rules over configs, and tells each finding where it comes from.

    Args:
        rules: The rules.
        resolver: Resolves the bases.
        known_code: The code that configs import.
    """

    def __init__(self, rules: Sequence[Rule], resolver: Resolver, known_code: KnownCode) -> None:
        self._rules = rules
        self._resolver = resolver
        self._known_code = known_code
        self._latest_base: ConfigView | None = None
        self._of_bases: dict[tuple[Path, str], dict[tuple[str, str, str], Diagnostic]] = {}

    def found(self, view: ConfigView) -> _Found:
        """What the rules find in a config, each at the file that brings it."""
        return [
            (rule, self._at_fault(view, rule, one))
            for rule in self._rules
            for one in rule.check(view)
        ]

    def _at_fault(self, view: ConfigView, rule: Rule, found: Diagnostic) -> Diagnostic:
        if found.place.path == view.path:
            return found
        key = _key(rule, found)
        for base in view.config.bases:
            known = self._in_base(base, rule).get(key)
            if known is not None:
                return known
        origin = _bringing(view)
        if origin is None:
            return found
        hint = f"{found.hint} The value stands at {found.place}, which this file inherits."
        return found._replace(place=Place.of(origin), hint=hint)

    def _in_base(self, path: Path, rule: Rule) -> dict[tuple[str, str, str], Diagnostic]:
        """What one rule finds in a base: the others are asked when they find something, too."""
        place = (path, rule.id)
        if place not in self._of_bases:
            self._of_bases[place] = {}
            view = self._view(path)
            if view is not None:
                self._of_bases[place] = {
                    _key(rule, one): self._at_fault(view, rule, one) for one in rule.check(view)
                }
        return self._of_bases[place]

    def _view(self, path: Path) -> ConfigView | None:
        """A base by itself; only the latest is kept, as each would keep alive all its values."""
        latest = self._latest_base
        if latest is None or latest.path != path:
            try:
                base = self._resolver.resolve(path)
            except ConfigError:
                return None
            # What a base lacks is no reason to pass over what it has.
            latest = ConfigView(base, self._known_code, taken_as_whole=True)
            self._latest_base = latest
        return latest


def _key(rule: Rule, found: Diagnostic) -> tuple[str, str, str]:
    return rule.id, str(found.place), found.message


def _bringing(view: ConfigView) -> Origin | None:
    """Where a config sets what made the values of its bases wrong; else its ``_base_``."""
    own = view.config.own
    for key in TRAINING_KEYS:
        if key in own:
            inner = own[key]
            lengths: list[Any] = [one for one in UNIT_OF_MAXIMUM if _has(inner, one)]
            origin = origin_of(inner, lengths[0]) if lengths else None
            return origin or origin_of(own, key)
    parsed = view.config.parsed
    if isinstance(parsed, ParsedSource):
        statement = base_assignment(parsed.tree)
        if statement is not None:
            return Origin(parsed, statement.value)
    return next((origin_of(own, key) for key in own), None)


def _has(value: Any, key: str) -> bool:
    return isinstance(value, dict) and key in value
