"""A scheduler counts iterations, with numbers that look like epochs.

With ``by_epoch=False`` the milestones ``[8, 11]`` are the 8th and the 11th iteration: the
learning rate drops within the first seconds of the training, and stays there
(mmengine/hooks/param_scheduler_hook.py, ``after_train_iter``). Under an epoch loop such a
scheduler should count epochs; a warm-up in iterations is the usual exception, and no finding.

How to mend it: remove ``by_epoch=False``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.schedule.training_length import Unit

ID = "MMS134"
SEVERITY = Severity.WARNING
_TRAINING = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
VALID: list[Example] = [
    _TRAINING + "param_scheduler = dict(type='MultiStepLR', milestones=[8, 11])",
    _TRAINING + "param_scheduler = dict(type='LinearLR', by_epoch=False, end=10)",
    _TRAINING
    + "param_scheduler = dict(type='MultiStepLR', by_epoch=False, milestones=[8000, 11000])",
    "train_cfg = dict(type='IterBasedTrainLoop', max_iters=100)\n"
    "param_scheduler = dict(type='MultiStepLR', by_epoch=False, milestones=[8, 11])",
]
INVALID: list[Example] = [
    _TRAINING + "param_scheduler = dict(type='MultiStepLR', by_epoch=False, milestones=[8, 11])",
    _TRAINING + "param_scheduler = dict(type='CosineAnnealingLR', by_epoch=False, end=12)",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each scheduler that is over within as many iterations as epochs."""
    length = config.length
    if length is None or length.unit is not Unit.EPOCHS:
        return
    for scheduler in config.schedulers:
        if scheduler.unit is not Unit.ITERATIONS:
            continue
        last = scheduler.last_change if scheduler.milestones or scheduler.anneals else None
        if last is not None and last <= length.maximum:
            yield config.found(
                (*scheduler.path, "by_epoch"),
                f"{scheduler.type} with by_epoch=False is over after {last} iterations, of a "
                f"training of {length.maximum} epochs",
                "Count in epochs, without by_epoch=False, or in iterations.",
            )
