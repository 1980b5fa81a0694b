"""A scheduler counts epochs while the loop counts iterations.

``IterBasedTrainLoop`` is one single epoch to mmengine: a scheduler with ``by_epoch=True``, the
default, takes its only step when the training is over (mmengine/hooks/param_scheduler_hook.py,
``after_train_epoch``). The learning rate stays at its first value, without a word in the log.

How to mend it: add ``by_epoch=False`` and write ``begin``, ``end`` and ``milestones`` in
iterations; or ``convert_to_iter_based=True``, which multiplies by the length of the dataloader.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.schedule.training_length import Unit

ID = "MMS111"
SEVERITY = Severity.ERROR
_TRAINING = "train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)\n"
VALID: list[Example] = [
    _TRAINING
    + "param_scheduler = dict(type='MultiStepLR', by_epoch=False, milestones=[60000, 80000])",
    _TRAINING
    + "param_scheduler = dict(type='MultiStepLR', convert_to_iter_based=True, milestones=[8])",
    "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
    "param_scheduler = dict(type='MultiStepLR', milestones=[8])",
    # It steps after validations, whatever its unit.
    _TRAINING + "param_scheduler = dict(type='ReduceOnPlateauLR')",
]
INVALID: list[Example] = [
    _TRAINING + "param_scheduler = dict(type='MultiStepLR', milestones=[8, 11])",
    _TRAINING + "param_scheduler = [\n"
    "    dict(type='LinearLR', by_epoch=False, end=500),\n"
    "    dict(type='CosineAnnealingLR', by_epoch=True, begin=0, end=12)]",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such scheduler."""
    if config.unit is not Unit.ITERATIONS:
        return
    for scheduler in config.schedulers:
        if scheduler.unit is not Unit.EPOCHS or scheduler.family.after_validations:
            continue
        if not scheduler.values.get("convert_to_iter_based"):
            key = "by_epoch" if "by_epoch" in scheduler.values else "type"
            yield config.found(
                (*scheduler.path, key),
                f"{scheduler.type} counts epochs, the loop counts iterations: it steps once, "
                "when the training is over",
                "Add by_epoch=False and count in iterations, or convert_to_iter_based=True.",
            )
