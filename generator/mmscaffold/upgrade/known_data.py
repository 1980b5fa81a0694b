"""What became of the data of configs, kept for the next config that has the very same data.

Most configs of a tree inherit their data as they are. The rules that are ``OF_DATA`` see nothing
else of a config, so they are applied once to each value of ``data``; for every config that has
it, what they said and made is repeated, rule by rule. Later rules must not change what they made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from mmscaffold.config.change import MISSING
from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.upgrade.data.pipelines import Pipeline
from mmscaffold.upgrade.ledger import Entry, Ledger
from mmscaffold.upgrade.models.known_parts import KnownParts
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Rule, rules_of

_DATA = "data"


class _Said(NamedTuple):
    """What one rule said and made of some data.

    Attributes:
        notes: What there is to tell.
        entries: What the ledger says.
        made: The keys of the new config that it set first, as all of the rules left them.
    """

    notes: tuple[Note, ...]
    entries: tuple[Entry, ...]
    made: tuple[tuple[str, Any, Origin | None], ...]


@dataclass(frozen=True)
class OfData:
    """What all rules said and made of some data.

    Attributes:
        data: The old value; as long as it is kept here, nothing else can have its identity.
        said: What each rule said, by its id.
        pipelines: Those of the data sets.
        preprocessor: What is asked of the preprocessor of a model.
    """

    data: Any
    said: dict[str, _Said]
    pipelines: list[Pipeline]
    preprocessor: CfgDict

    def tell(self, old: OldConfig) -> None:
        """Tell a config what later rules ask about its data."""
        old.pipelines = self.pipelines
        old.preprocessor = self.preprocessor.copy()

    def repeat(self, rule: Rule, new: New, ledger: Ledger) -> tuple[Note, ...]:
        """Write down what a rule said, and make what it made.

        Args:
            rule: The rule.
            new: The new config.
            ledger: The ledger of the config.

        Returns:
            Its notes.
        """
        said = self.said[rule.id]
        ledger.add_all(said.entries)
        for key, value, origin in said.made:
            new.values.put(key, value, origin)
        return said.notes


class KnownData:
    """The data of one run, all of whose configs stay as they are.

    Args:
        known_parts: Where it is said which dicts several configs may have.
    """

    def __init__(self, known_parts: KnownParts) -> None:
        self._known_parts = known_parts
        self._known: dict[tuple[int, str | None], OfData] = {}

    def of(self, old: OldConfig) -> OfData:
        """What becomes of the data of a config."""
        data = old.root.get(_DATA, MISSING)
        key = (id(data), old.package)
        if key not in self._known:
            self._known[key] = self._applied(old, data)
        return self._known[key]

    def _applied(self, old: OldConfig, data: Any) -> OfData:
        root = CfgDict()
        if data is not MISSING:
            root.put(_DATA, data, origin_of(old.root, _DATA))
        ledger = Ledger()
        alone = OldConfig(replace(old.config, root=root), ledger, old.package)
        new = New(CfgDict())
        raw: dict[str, tuple[tuple[Note, ...], tuple[Entry, ...], list[str]]] = {}
        for rule in rules_of(old.package):
            if rule.of_data:
                ledger.rule = rule.id
                entries, keys = len(ledger.entries), set(new.values)
                notes = tuple(rule.apply(alone, new))
                made = [key for key in new.values if key not in keys]
                raw[rule.id] = notes, tuple(ledger.entries[entries:]), made
        self._known_parts.share(new.values)
        said = {
            rule: _Said(
                notes, entries, tuple((k, new.get(k), origin_of(new.values, k)) for k in made)
            )
            for rule, (notes, entries, made) in raw.items()
        }
        return OfData(data, said, alone.pipelines, alone.preprocessor)
