"""A schedule that never stepped in 2.x goes.

``IterBasedRunner`` never says that an epoch begins, so a schedule with ``by_epoch=True`` leaves
its parameter as it is, warm-up included. By default, ``lr_config`` counts what the runner counts,
but ``momentum_config`` always counts epochs. A policy of None is no schedule.

Everywhere else the unit of the schedule moves with it: ``by_epoch=False`` under an epoch loop
works in both generations.

Sources: mmcv 1.7.2, runner/iter_based_runner.py (``run``, ``register_training_hooks``) and
runner/hooks/lr_updater.py (``before_train_epoch``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import CfgList
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example
from mmscaffold.upgrade.scheduling import SCHEDULERS, all_schedules, drop_all

ID, PACKAGE = "UPR-05 schedule-idle", ANY
WRITES = ("param_scheduler",)
AFTER: tuple[str, ...] = ()
_ITERS = "runner = dict(type='IterBasedRunner', max_iters=9000)\n"
EXAMPLES = (
    Example(
        _ITERS + "lr_config = dict(policy='step', by_epoch=True, step=[8], warmup='linear',\n"
        "                 warmup_iters=500)\n",
        "param_scheduler = []\n",
        ("UP101",),
    ),
    Example("lr_config = None\n", "param_scheduler = []\n"),
    Example(
        _ITERS + "lr_config = dict(policy='step', step=[8])\n",
        "param_scheduler = [dict(type='MultiStepLR', by_epoch=False, milestones=[8])]\n",
    ),
    Example(
        "runner = dict(type='EpochBasedRunner', max_epochs=12)\n"
        "lr_config = dict(policy='step', by_epoch=False, step=[800])\n",
        "param_scheduler = [dict(type='MultiStepLR', by_epoch=False, milestones=[800])]\n",
    ),
)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Begin the list of schedulers, and drop what never steps."""
    top = old.top()
    if "lr_config" in top or top.get("momentum_config") is not None:
        new.put("param_scheduler", CfgList())
    for key in ("lr_config", "momentum_config"):
        value = top.get(key)
        if value is None:
            top.drop(key, Reason.DEFAULT)
        elif not isinstance(value, dict) or not isinstance(value.get("policy"), str):
            yield _unreadable(key, value)
            top.leave_to_note(key)
    for schedule in all_schedules(old):
        if schedule.never_steps:
            drop_all(schedule.part, Reason.NO_EFFECT)
            message = f"{schedule.key} counted epochs, which an IterBasedRunner never tells"
            help_ = "Nothing was changed by it in 2.x; write schedulers that count iterations."
            yield Note("UP101", message, SCHEDULERS, schedule.path, help_)


def _unreadable(key: str, value: object) -> Note:
    why = value.reason if isinstance(value, Unknown) else "it has no policy that is a text"
    help_ = "Write param_scheduler yourself."
    return Note("UP214", f"{key} cannot be read: {why}", SCHEDULERS, (key,), help_)
