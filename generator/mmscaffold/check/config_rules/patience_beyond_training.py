"""What waits for a number of validations without progress waits for more than there are.

``EarlyStoppingHook`` and ``ReduceOnPlateauLR`` count validations, not epochs.

## Why it matters

With ``val_interval=10``, a ``patience`` of 10 is 100 epochs. In a training that is no longer,
nothing is ever stopped, and no rate is ever lowered.

## Symptoms

The training runs to its end although the metric stands still; ``lr`` in the log never changes.

## Before -> after

Choose a ``patience`` well below the number of validations, or validate more often.

## Fix safety

There is no automatic fix: how long to wait is a choice.

## Source in mmengine

mmengine/hooks/early_stopping_hook.py, ``EarlyStoppingHook._check_stop_condition``;
mmengine/optim/scheduler/param_scheduler.py, ``ReduceOnPlateauParamScheduler``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.hooks import EARLY_STOPPING
from mmscaffold.facts.loops import LOOP_OF_UNIT
from mmscaffold.facts.schedulers import scheduler_family


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each ``patience`` that is too long."""
    number = _validations(config)
    if number is None:
        return
    for path, part, default, more, effect in _waiting(config):
        patience = part.get("patience", default)
        if is_number(patience) and patience + more > number:
            plural = "" if number == 1 else "s"
            yield config.found(
                (*path, "patience") if "patience" in part else path,
                f"patience={patience} counts validations, and the training has {number}: it "
                f"{effect}",
                f"Choose a patience well below {number} validation{plural}, or a shorter "
                "val_interval.",
            )


def _waiting(config: ConfigView) -> Iterator[tuple[KeyPath, Mapping[str, Any], int, int, str]]:
    """What waits.

    Yields:
        Its key path, itself, its default, how many validations more than its patience it needs,
        and what comes of too few.
    """
    for path, hook in config.hooks:
        kind = config.known_as(hook["type"], "HOOKS", overrides=("after_val_epoch",))
        # With a threshold, it may stop the training all the same.
        if kind == EARLY_STOPPING.name and hook.get(EARLY_STOPPING.threshold) is None:
            # The first validation is the best so far, whatever it says.
            yield path, hook, EARLY_STOPPING.patience, 1, "never stops the training"
    for path, scheduler in config.scheduler_dicts:
        kind = config.known_as(scheduler["type"], "PARAM_SCHEDULERS") or ""
        family = scheduler_family(kind)
        if family.after_validations and family.patience is not None:
            # Neither the first counts nor the last, which comes after its end; and it acts when
            # its patience is exceeded.
            yield path, scheduler, family.patience, 3, "never lowers its value"


def _validations(config: ConfigView) -> int | None:
    """How often the training validates; ``None`` where that is not known, or never."""
    length, loop = config.length, config.loop
    row = config.upstream_loop
    if length is None or loop is None or row is None or config.root.get("val_cfg") is None:
        return None
    defaults = LOOP_OF_UNIT[length.unit]
    interval = loop.get("val_interval", defaults.val_interval)
    begin = loop.get("val_begin", defaults.val_begin)
    if not is_number(interval) or not is_number(begin) or interval < 1 or begin < 1:
        return None
    if loop.get("dynamic_intervals") is not None or begin > length.maximum:
        return None
    # The last epoch is validated whatever the interval (mmengine/runner/loops.py).
    rest = 1 if length.maximum % interval else 0
    return length.maximum // interval - (begin - 1) // interval + rest


RULE = Rule(
    id="MMS159",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=100, val_interval=5)
            val_cfg = dict()
            custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco/bbox_mAP', patience=8)]
            """,
        ),
        Valid(
            """
            train_cfg = dict(
                type='EpochBasedTrainLoop', max_epochs=100, val_interval=50,
                dynamic_intervals=[(50, 1)],
            )
            val_cfg = dict()
            custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco/bbox_mAP', patience=8)]
            """,
            because="It validates more often later on.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            val_cfg = dict()
            custom_hooks = [
                dict(type='EarlyStoppingHook', monitor='a', patience=99, stopping_threshold=0.9)
            ]
            """,
            because="It stops at 0.9, and at nothing else.",
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='EarlyStoppingHook', monitor='a', patience=20)]
            """,
            because="Without any validation, MMS137 says so.",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=100, val_interval=10)
            val_cfg = dict()
            custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco/bbox_mAP', patience=10)]
            """,
            at=Spot(3, 82, 84),
            message=(
                "patience=10 counts validations, and the training has 10: it never stops the "
                "training"
            ),
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=100, val_interval=10)
            val_cfg = dict()
            custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco/bbox_mAP', patience=2)]
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=8000, val_begin=3000)
            val_cfg = dict()
            param_scheduler = dict(type='ReduceOnPlateauLR', monitor='coco/bbox_mAP')
            """,
            at=Spot(3, 19, 74),
            message=(
                "patience=10 counts validations, and the training has 6: it never lowers its value"
            ),
            because="The default is 10.",
        ),
    ],
)
