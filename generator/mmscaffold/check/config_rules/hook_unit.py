"""A hook or the log counts epochs while the loop counts iterations.

## Why it matters

To mmengine, the whole of ``IterBasedTrainLoop`` is a single epoch. With ``by_epoch=True``, the
default of all three,

- ``LogProcessor`` prints epochs that never advance;
- ``CheckpointHook`` saves nothing until training is over, and an interrupted run leaves
  nothing behind;
- ``LoggerHook(log_metric_by_epoch=True)`` plots all validations at step 0.

## Symptoms

The log says ``Epoch(train) [1][500/...]``, then ``Epoch(val) [0]``: the epoch seems to go back.
The work folder has no checkpoint while the training runs, or all validations appear at a single
step in the visualizer.

## Before -> after

Set ``by_epoch=False`` (``log_metric_by_epoch=False`` for ``LoggerHook``).

## Fix safety

There is no automatic fix: the interval beside it counts in the same unit, and would have to be
chosen again.

## Source in mmengine

mmengine/runner/log_processor.py; mmengine/hooks/checkpoint_hook.py; mmengine/hooks/logger_hook.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.units import Unit

_EFFECTS = {
    "CheckpointHook": "saves nothing until training is over",
    "LoggerHook": "plots all validations at step 0",
}


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each part that counts epochs."""
    if config.unit is not Unit.ITERATIONS or not config.is_runnable:
        return
    processor = config.plain.get("log_processor")
    if not isinstance(processor, dict) or processor.get("by_epoch", True) is True:
        key = ("log_processor",) if processor is not None else ("train_cfg",)
        yield config.found(
            key,
            "the log counts epochs, the loop iterations: it prints Epoch(train) [1], then "
            "Epoch(val) [0]",
            "Set log_processor = dict(type='LogProcessor', by_epoch=False).",
        )
    for path, hook, row in config.known_hooks:
        effect = _EFFECTS.get(row.name)
        if effect is not None and row.flag is not None and hook.get(row.flag, True) is True:
            yield config.found(
                path,
                f"{row.name} counts epochs, the loop iterations: it {effect}",
                f"Set {row.flag}=False.",
            )


RULE = Rule(
    id="MMS112",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            log_processor = dict(by_epoch=False)
            default_hooks = dict(
                checkpoint=dict(type='CheckpointHook', by_epoch=False),
                logger=dict(type='LoggerHook', log_metric_by_epoch=False),
            )
            """,
        ),
        Valid(
            """
            train_cfg = dict(by_epoch=True, max_epochs=12)
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', by_epoch=False))
            """,
            because="Checkpoints by iterations under an epoch loop are useful.",
        ),
        Valid(
            "train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)",
            because="It is only a part of a config.",
        ),
    ],
    invalid=[
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            log_processor = dict(by_epoch=False)
            default_hooks = dict(
                checkpoint=dict(type='CheckpointHook'),
                logger=dict(type='LoggerHook', log_metric_by_epoch=False),
            )
            """,
            at=Spot(6, 16, 43),
            message=(
                "CheckpointHook counts epochs, the loop iterations: it saves nothing until "
                "training is over"
            ),
            after="""
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            log_processor = dict(by_epoch=False)
            default_hooks = dict(
                checkpoint=dict(type='CheckpointHook', by_epoch=False, interval=10000),
                logger=dict(type='LoggerHook', log_metric_by_epoch=False),
            )
            """,
        ),
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            log_processor = dict(type='LogProcessor', window_size=50, by_epoch=True)
            """,
            at=Spot(4, 17, 73),
            message=(
                "the log counts epochs, the loop iterations: it prints Epoch(train) [1], then "
                "Epoch(val) [0]"
            ),
        ),
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            log_processor = dict(by_epoch=False)
            default_hooks = dict(logger=dict(type='LoggerHook', interval=50))
            """,
            at=Spot(5, 29, 65),
            message=(
                "LoggerHook counts epochs, the loop iterations: it plots all validations at step 0"
            ),
        ),
    ],
)
