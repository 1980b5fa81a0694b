"""What an upgraded config must resolve to, and what there is to tell about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mmscaffold.check.config_names import is_read
from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.facts.legacy import READ_BY_2X
from mmscaffold.facts.runner import KNOWN_KEYS
from mmscaffold.upgrade.generation import OF_3X
from mmscaffold.upgrade.known import Known
from mmscaffold.upgrade.ledger import Ledger, Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.package import row_of
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.placeholders import filled_in
from mmscaffold.upgrade.rule import rules_of
from mmscaffold.upgrade.schedule_proof import ScheduleProof, prove_schedule

VARIABLES = "variables"
"""In the ledger, who kept the keys that only the config itself reads."""
# What stands in OF_3X makes it a config of both generations, which is refused (rules/refused.py).
_ONLY_OF_2X = READ_BY_2X - KNOWN_KEYS
_WOULD_COME_TO_LIFE = KNOWN_KEYS - READ_BY_2X - set(OF_3X)


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


def upgrade_goal(
    config: ResolvedConfig,
    package: str | None = "mmdet",
    known: Known | None = None,
) -> UpgradeGoal:
    """Apply the rules to one config of 2.x.

    Args:
        config: The config, its bases merged in.
        package: The import name of the package whose tables apply; ``None`` upgrades only what
            all packages on mmcv 1.x share.
        known: What was found out about the values of other configs of the run.
    """
    known = known or Known()
    if row_of(package).fills_placeholders:
        root = filled_in(config.root, known.without_placeholders)
        config = config if root is config.root else replace(config, root=root)
    ledger = Ledger()
    old = OldConfig(config, ledger, package, known.parts)
    new = New(CfgDict(), (), known.parts.shared)
    notes: list[Note] = []
    notes += _keep_variables(old, new)
    of_data = known.data.of(old)
    of_data.tell(old)
    for rule in rules_of(package):
        ledger.rule = rule.id
        notes += of_data.repeat(rule, new, ledger) if rule.of_data else rule.apply(old, new)
    unaccounted = tuple(ledger.unaccounted(config.root))
    schedule = prove_schedule(old.root, new.values) if old.is_whole else None
    notes += schedule.notes() if schedule is not None else ()
    return UpgradeGoal(new.values, ledger, tuple(notes), unaccounted, schedule)


def _keep_variables(old: OldConfig, new: New) -> Iterator[Note]:
    """Move what 2.x did not read: names that the config gives to values of its own.

    A name that 3.x reads would come to life: ``resume = True`` would resume.
    """
    old.ledger.rule = VARIABLES
    top = old.top()
    for key in old.root:
        if key in READ_BY_2X:
            continue
        if key not in _WOULD_COME_TO_LIFE or not _was_set_for_2x(old.config, key):
            top.move(key, new)
            continue
        top.drop(key, Reason.NO_EFFECT)
        if is_read(old.config, key):
            message = f"the variable {key} has a name that 3.x reads"
            yield Note("UP303", message, (), (key,), "Give the variable another name.")
        else:
            message = f"{key} said nothing to 2.x; 3.x would have acted on it"
            help_ = f"Write {key} again, if 3.x is to act on it."
            yield Note("UP101", message, (), (key,), help_)


def _was_set_for_2x(config: ResolvedConfig, key: str) -> bool:
    """Whether the file that sets a key is of 2.x; a base of 3.x may stand below this config."""
    file = config.origin((key,)).parsed
    files_of_2x = [config.origin((other,)).parsed for other in _ONLY_OF_2X & config.root.keys()]
    return bool(files_of_2x) and file in (config.parsed, *files_of_2x)
