"""A scheduler has a milestone that it never reaches, because it ends before.

A scheduler changes the learning rate only from ``begin`` up to its ``end``
(mmengine/optim/scheduler/param_scheduler.py): a milestone at ``end`` or later, but within
the training, is written and never happens. The learning rate stays where it was, without
a word in the log. It comes about when a child raises ``max_epochs`` and ``milestones``,
but the ``end`` of the scheduler is still the old one.

How to mend it: set ``end`` to the length of the training, or leave it out, so that
mmengine does. A milestone that lies at the end of the training or later is no finding:
it could never fire, and many official configs have one.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.config.change import Change

ID = "MMS102"
SEVERITY = Severity.ERROR
FIXABLE = True
_TRAINING = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)\n"
VALID: list[Example] = [
    # The milestones fire before the scheduler ends: harmless.
    _TRAINING + "param_scheduler = [dict(type='MultiStepLR', end=12, milestones=[8, 11])]",
    _TRAINING + "param_scheduler = dict(type='MultiStepLR', end=36, milestones=[28, 34])",
    # Without an end, mmengine takes the length of the training.
    _TRAINING + "param_scheduler = dict(type='MultiStepLR', milestones=[28, 34])",
    # A milestone at the maximum never fires, and never matters.
    _TRAINING + "param_scheduler = dict(type='MultiStepLR', end=36, milestones=[36])",
    # In another unit than the training, the two cannot be compared.
    _TRAINING
    + "param_scheduler = dict(type='MultiStepLR', by_epoch=False, end=9, milestones=[9])",
]
INVALID: list[Example] = [
    _TRAINING + "param_scheduler = [dict(type='MultiStepLR', end=12, milestones=[28, 34])]",
    # Milestones count from begin.
    _TRAINING + "param_scheduler = dict(type='MultiStepLR', begin=4, end=12, milestones=[9])",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each scheduler with a milestone out of its reach."""
    length = config.length
    if length is None:
        return
    for scheduler in config.schedulers:
        if scheduler.unit is not length.unit or scheduler.end is None:
            continue
        missed = [
            milestone
            for milestone in scheduler.milestones
            if scheduler.end <= scheduler.begin + milestone < length.maximum
        ]
        if missed:
            unit = length.unit.value
            end = config.origin((*scheduler.path, "end"))
            yield config.found(
                (*scheduler.path, "milestones"),
                f"{scheduler.type} ends at {scheduler.end} of {length.maximum} {unit}, so its "
                f"milestones {missed} never happen (end is set at {end.where})",
                f"Set end={length.maximum}, or leave end out.",
                (Change((*scheduler.path, "end"), length.maximum),),
            )
