"""The training ends before the learning rate has decayed.

A scheduler that anneals reaches its lowest value at its ``end``. If the training ends before,
the model never sees the small learning rates that the schedule is made for. It comes about
when ``max_epochs`` is lowered, for a quick run, and the schedule is not.

How to mend it: set ``end`` (and ``T_max``) to the length of the training, or run
``mmscaffold migrate --max-epochs N``, which moves the whole schedule.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS105"
SEVERITY = Severity.WARNING
_TRAINING = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
VALID: list[Example] = [
    _TRAINING + "param_scheduler = dict(type='CosineAnnealingLR', end=12)",
    # Nothing happens between its last milestone and its end.
    _TRAINING + "param_scheduler = dict(type='MultiStepLR', end=36, milestones=[8, 11])",
]
INVALID: list[Example] = [
    _TRAINING + "param_scheduler = dict(type='CosineAnnealingLR', T_max=300, end=300)",
    _TRAINING + "param_scheduler = dict(type='PolyLR', end=13)",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each annealing that is cut off."""
    length = config.length
    if length is None:
        return
    for scheduler in config.schedulers:
        if not scheduler.anneals or scheduler.unit is not length.unit:
            continue
        if scheduler.end is not None and scheduler.end > length.maximum:
            yield config.found(
                (*scheduler.path, "end"),
                f"{scheduler.type} runs until {scheduler.end}, but the training ends at "
                f"{length.maximum} {length.unit.value}: it never gets to its lowest value",
                f"Set end={length.maximum} and let T_max and the like follow.",
            )
