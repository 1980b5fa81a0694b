"""What an upgraded config must resolve to, and what there is to tell about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.facts.legacy import READ_BY_2X
from mmscaffold.upgrade.ledger import Ledger
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.package import row_of
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.placeholders import filled_in
from mmscaffold.upgrade.rule import ANY, all_rules
from mmscaffold.upgrade.schedule_proof import ScheduleProof, prove_schedule

VARIABLES = "variables"
"""In the ledger, who kept the keys that only the config itself reads."""


@dataclass(frozen=True)
class UpgradeGoal:
    """The config of 3.x that trains what one of 2.x trained.

    Attributes:
        root: What the upgraded file must resolve to; values that were moved have their origins.
        ledger: What became of each old value.
        notes: What is different now, or must be decided.
        unaccounted: Old keys of which no rule said what became of them: a fault of ours.
        schedule: Whether learning rate and momentum are what they were; ``None`` of a base, which
            has no length.
    """

    root: CfgDict
    ledger: Ledger
    notes: tuple[Note, ...]
    unaccounted: tuple[KeyPath, ...]
    schedule: ScheduleProof | None = None


def upgrade_goal(config: ResolvedConfig, package: str | None = "mmdet") -> UpgradeGoal:
    """Apply the rules to one config of 2.x.

    Args:
        config: The config, its bases merged in.
        package: The import name of the package whose tables apply; ``None`` upgrades only what
            all packages on mmcv 1.x share.
    """
    if row_of(package).fills_placeholders:
        root = filled_in(config.root)
        config = config if root is config.root else replace(config, root=root)
    ledger = Ledger()
    old = OldConfig(config, ledger, package)
    new = New(CfgDict())
    notes: list[Note] = []
    _keep_variables(old, new)
    for rule in all_rules():
        if rule.package in (ANY, package):
            old.rule = rule.id
            notes += rule.apply(old, new)
    unaccounted = tuple(ledger.unaccounted(config.root))
    schedule = prove_schedule(old.root, new.values) if old.is_whole else None
    notes += schedule.notes() if schedule is not None else ()
    return UpgradeGoal(new.values, ledger, tuple(notes), unaccounted, schedule)


def _keep_variables(old: OldConfig, new: New) -> None:
    """Move what neither Runner reads: names that the config gives to values of its own."""
    old.rule = VARIABLES
    top = old.top()
    for key in old.root:
        if key not in READ_BY_2X:
            top.move(key, new)
