"""A milestone lies after the end of the training, so that the step never happens.

Milestones count from the ``begin`` of their scheduler (mmengine/optim/scheduler/
param_scheduler.py, ``MultiStepParamScheduler``). One that lies past the maximum never fires:
the learning rate is not lowered as often as it is written. It comes about when ``max_epochs``
is lowered and the milestones are not, or when milestones are written as if they counted from
the start of the training.

A milestone exactly at the maximum is no finding: it cannot fire either, and many official
configs have one.

How to mend it: scale the milestones to the length of the training, or run
``mmscaffold migrate --max-epochs N``, which does.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS106"
SEVERITY = Severity.WARNING
_TRAINING = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
VALID: list[Example] = [
    _TRAINING + "param_scheduler = dict(type='MultiStepLR', milestones=[8, 11])",
    _TRAINING + "param_scheduler = dict(type='MultiStepLR', milestones=[8, 12])",
]
INVALID: list[Example] = [
    _TRAINING + "param_scheduler = dict(type='MultiStepLR', milestones=[28, 34])",
    # Milestones count from begin: this one would fire at 14.
    _TRAINING + "param_scheduler = dict(type='MultiStepLR', begin=6, milestones=[8])",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each scheduler with such milestones."""
    length = config.length
    if length is None:
        return
    for scheduler in config.schedulers:
        if scheduler.unit is not length.unit:
            continue
        late = [one for one in scheduler.milestones if scheduler.begin + one > length.maximum]
        if late:
            counted = f", counted from begin={scheduler.begin}," if scheduler.begin else ""
            yield config.found(
                (*scheduler.path, "milestones"),
                f"milestones {late}{counted} lie after the end of the training at "
                f"{length.maximum} {length.unit.value}",
                "Scale the milestones to the length of the training.",
            )
