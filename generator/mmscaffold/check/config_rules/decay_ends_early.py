"""The learning rate decays to its last value long before the training ends.

A scheduler that anneals (cosine, polynomial, linear, exponential) stops at its ``end``
(mmengine/optim/scheduler/param_scheduler.py). If that is before the training does, and no
other scheduler follows, the rest is trained with the lowest learning rate. It comes about
when ``max_epochs`` is raised and the schedule is not.

A ``MultiStepLR`` that ends early after its last milestone changes nothing and is no finding;
neither is a plateau that is written as one, with a ``ConstantLR`` up to the end.

How to mend it: set ``end`` (and ``T_max``) to the length of the training, or run
``mmscaffold migrate --max-epochs N``, which moves the whole schedule. If the plateau is
meant, say so with a ``ConstantLR``, or ignore the finding with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS104"
SEVERITY = Severity.WARNING
_TRAINING = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)\n"
VALID: list[Example] = [
    _TRAINING + "param_scheduler = dict(type='CosineAnnealingLR', T_max=36, end=36)",
    _TRAINING + "param_scheduler = dict(type='CosineAnnealingLR', T_max=36)",
    _TRAINING + "param_scheduler = dict(type='MultiStepLR', end=12, milestones=[8, 11])",
    # The YOLOX way: a plateau that is written as one.
    _TRAINING + "param_scheduler = [\n"
    "    dict(type='CosineAnnealingLR', T_max=30, end=30),\n"
    "    dict(type='ConstantLR', factor=1, begin=30, end=36)]",
    # A warm-up ends early by its nature.
    _TRAINING + "param_scheduler = dict(type='LinearLR', start_factor=0.1, end=3)",
    _TRAINING + "param_scheduler = dict(type='LinearLR', end=500, by_epoch=False)",
]
INVALID: list[Example] = [
    _TRAINING + "param_scheduler = dict(type='CosineAnnealingLR', T_max=12, end=12)",
    _TRAINING + "param_scheduler = [\n"
    "    dict(type='LinearLR', start_factor=0.1, end=2),\n"
    "    dict(type='PolyLR', begin=2, end=24)]",
    "train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)\n"
    "param_scheduler = dict(type='PolyLR', by_epoch=False, end=40000)",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for the scheduler that ends last, for each that is scheduled."""
    length = config.length
    if length is None:
        return
    for scheduler in config.schedulers:
        end = scheduler.end
        if not scheduler.anneals or end is None or scheduler.unit is not length.unit:
            continue
        others = [
            other
            for other in config.schedulers
            if other is not scheduler and other.parameter == scheduler.parameter
        ]
        # Those of the other unit cannot be compared, but for warm-ups.
        followed = any(
            other.end is None or other.end > end
            for other in others
            if other.unit is length.unit or not other.is_warm_up
        )
        if end < length.maximum and not followed:
            yield config.found(
                (*scheduler.path, "end"),
                f"{scheduler.type} ends at {end} of {length.maximum} {length.unit.value}: the "
                f"last {length.maximum - end} are trained with its lowest value",
                f"Set end={length.maximum} and let T_max and the like follow, or leave end out.",
            )
