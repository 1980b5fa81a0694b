"""Configs of MMDetection 2.x become configs of 3.x that train what the old ones trained.

``plan_upgrade`` plans; ``mmscaffold.migrate.write_plan`` writes the ``edits`` of what it returns.
Inside, ``goal`` applies the ``rules`` to a resolved config of 2.x: what the upgraded file must
resolve to, with a ``ledger`` that says what became of every old value, and ``notes`` on what is
different or must be decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmscaffold.lazy import lazy_names

if TYPE_CHECKING:
    from mmscaffold.upgrade.bases import BasesMode
    from mmscaffold.upgrade.codes import CODES, Level, NoteCode
    from mmscaffold.upgrade.ledger import Fate, Ledger, Reason
    from mmscaffold.upgrade.notes import Note
    from mmscaffold.upgrade.plan import FileUpgrade, PlacedNote, UpgradePlan
    from mmscaffold.upgrade.planner import plan_upgrade
    from mmscaffold.upgrade.tree_upgrader import Options

__all__ = [
    "CODES",
    "BasesMode",
    "Fate",
    "FileUpgrade",
    "Ledger",
    "Level",
    "Note",
    "NoteCode",
    "Options",
    "PlacedNote",
    "Reason",
    "UpgradePlan",
    "plan_upgrade",
]

# Looked up when they are asked for: the codes of notes alone need none of the rules.
__getattr__ = lazy_names(
    __name__,
    {
        "CODES": "codes",
        "BasesMode": "bases",
        "Fate": "ledger",
        "FileUpgrade": "plan",
        "Ledger": "ledger",
        "Level": "codes",
        "Note": "notes",
        "NoteCode": "codes",
        "Options": "tree_upgrader",
        "PlacedNote": "plan",
        "Reason": "ledger",
        "UpgradePlan": "plan",
        "plan_upgrade": "planner",
    },
)
