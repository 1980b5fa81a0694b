"""Two schedulers of one parameter leave a gap, or anneal it at the same time.

Schedulers of one unit are meant to take turns: a warm-up, then a decay. Between the ``end`` of
one and the ``begin`` of the next the learning rate stands still. Where two that anneal overlap,
each multiplies what the other made of it, and the learning rate falls much faster than either
says (mmengine/optim/scheduler/param_scheduler.py computes each step from the value before).

A warm-up in iterations beside a decay in epochs is the usual way, and no finding; neither is
a warm-up that overlaps a decay, where the product is what is meant.

How to mend it: let the next scheduler ``begin`` where the one before it has its ``end``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.schedule.schedulers import Scheduler

ID = "MMS108"
SEVERITY = Severity.WARNING
_TRAINING = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)\n"
VALID: list[Example] = [
    _TRAINING + "param_scheduler = [\n"
    "    dict(type='QuadraticWarmupLR', end=5),\n"
    "    dict(type='CosineAnnealingLR', begin=5, end=300)]",
    _TRAINING + "param_scheduler = [\n"
    "    dict(type='LinearLR', end=5),\n"
    "    dict(type='MultiStepLR', begin=0, end=300, milestones=[200])]",
    _TRAINING + "param_scheduler = [\n"
    "    dict(type='LinearLR', by_epoch=False, end=1000),\n"
    "    dict(type='CosineAnnealingLR', begin=150, end=300)]",
    # Of the learning rate and of the momentum.
    _TRAINING + "param_scheduler = [\n"
    "    dict(type='CosineAnnealingLR', end=300),\n"
    "    dict(type='CosineAnnealingMomentum', end=300)]",
]
INVALID: list[Example] = [
    _TRAINING + "param_scheduler = [\n"
    "    dict(type='LinearLR', start_factor=0.1, end=5),\n"
    "    dict(type='CosineAnnealingLR', begin=50, end=300)]",
    _TRAINING + "param_scheduler = [\n"
    "    dict(type='CosineAnnealingLR', end=200),\n"
    "    dict(type='PolyLR', begin=100, end=300)]",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each pair of neighbours that does not meet."""
    groups: dict[object, list[Scheduler]] = {}
    for scheduler in config.schedulers:
        groups.setdefault((scheduler.parameter, scheduler.unit), []).append(scheduler)
    for group in groups.values():
        ordered = sorted(group, key=lambda one: one.begin)
        for before, after in itertools.pairwise(ordered):
            if before.end is None or not after.anneals:
                continue
            unit = after.unit.value
            if after.begin > before.end and before.is_warm_up:
                yield config.found(
                    (*after.path, "begin"),
                    f"{after.type} begins at {after.begin}, {before.type} ends at {before.end}: "
                    f"for {after.begin - before.end} {unit} the value stands still",
                    f"Set begin={before.end}, or add a ConstantLR if the plateau is meant.",
                )
            elif after.begin < before.end and before.anneals:
                yield config.found(
                    after.path,
                    f"{before.type} ({before.begin} to {before.end}) and {after.type} (from "
                    f"{after.begin}) both lower the value between {after.begin} and "
                    f"{before.end} {unit}",
                    f"Set begin={before.end}.",
                )
