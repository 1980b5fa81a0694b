"""What became of parts of models, kept for the next config that has the very same part.

Most of what a config inherits from a base is not copied, but one value in all of them. What a
part becomes depends on nothing beside it, so it is walked through once, and its heirs share what
came out: that they are the same is seen later on without looking into them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.key_path import KeyPath
from mmscaffold.upgrade.ledger import Entry, Ledger
from mmscaffold.upgrade.notes import Note

# Below model.roi_head.bbox_head, it costs as much to keep a part as to walk through it.
_DEEPEST = 3


class Known(NamedTuple):
    """What became of one part.

    Attributes:
        old: The part; as long as it is kept here, nothing else can have its identity.
        made: What it became; ``None`` if nothing is left of it.
        entries: What the ledger says of all in it.
        notes: What there is to tell.
    """

    old: Any
    made: Any
    entries: tuple[Entry, ...]
    notes: tuple[Note, ...]


class KnownParts:
    """The parts of the models of one run, all of whose configs stay as they are.

    Attributes:
        shared: By ``id``, the dicts that several configs may have by now; who changes one must
            copy it first.
    """

    def __init__(self) -> None:
        self.shared: set[int] = set()
        self._known: dict[tuple[int, KeyPath, KeyPath, str], Known] = {}

    def may_keep(self, old: Any, path: KeyPath, ledger: Ledger) -> bool:
        """Whether what becomes of a part depends on the part alone, and is worth keeping.

        Args:
            old: The part.
            path: Its place in the old config.
            ledger: What was said so far; a rule of a family may have taken something out of it.
        """
        if len(path) > _DEEPEST or not old:
            return False
        if not isinstance(old, CfgDict) and not any(isinstance(item, CfgDict) for item in old):
            return False
        return not ledger.says_below(path)

    def find(self, old: Any, path: KeyPath, new: KeyPath, ledger: Ledger) -> Known | None:
        """What became of a part in an earlier config; it is written into the ledger of this one.

        Args:
            old: The part.
            path: Its place in the old config.
            new: Its place in the new one.
            ledger: That of this config.
        """
        known = self._known.get((id(old), path, new, ledger.rule))
        if known is not None:
            ledger.add_all(known.entries)
        return known

    def keep(self, known: Known, path: KeyPath, new: KeyPath, rule: str) -> None:
        """Keep what became of a part.

        Args:
            known: The part, and what it became.
            path: Its place in the old config.
            new: Its place in the new one.
            rule: The id of the rule that did it.
        """
        self._known[id(known.old), path, new, rule] = known
        self.share(known.made)

    def share(self, made: Any) -> None:
        """Have a value, and all in it, copied by who changes something in it.

        Args:
            made: What several configs may have by now.
        """
        pending = [made]
        while pending:
            one = pending.pop()
            if isinstance(one, CfgDict):
                self.shared.add(id(one))
                pending += one.values()
            elif isinstance(one, list | tuple):
                pending += one
