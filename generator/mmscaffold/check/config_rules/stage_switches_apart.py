"""The parts of a last stage begin at different epochs.

## Why it matters

A config for training in two stages says where the second begins in several places: the hook that
switches the pipeline (``switch_epoch``, or ``num_last_epochs`` before the end), the
``dynamic_intervals`` of the loop, which validate more often from there on, and the ``begin`` of a
``ConstantLR`` with ``factor=1`` that keeps the learning rate to the end. They are meant to be the
same epoch. This happens when a child overrides some of them: variables of a base are not
re-evaluated.

## Symptoms

In the log, the switch of the pipeline, the denser validations and the constant ``lr`` begin at
different epochs.

## Before -> after

Write all of them in one file from one variable; or run ``mmscaffold migrate --max-epochs N``,
which moves them together.

## Fix safety

There is no automatic fix: any of the epochs may be the one that is intended.

## Source in mmengine

mmengine/runner/loops.py, ``EpochBasedTrainLoop._decide_current_val_interval``;
mmdet/engine/hooks/pipeline_switch_hook.py and yolox_mode_switch_hook.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.steps import Relation
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.hooks import hook_steps


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each part that begins elsewhere than the hook switches."""
    length = config.length
    if length is None or length.unit is not Unit.EPOCHS:
        return
    switches = list(_switches(config, length.maximum))
    if len(switches) != 1:
        return
    name, switch = switches[0]
    if not 0 < switch < length.maximum:
        return
    for path, what, begin in _others(config, length.maximum):
        if begin != switch:
            yield config.found(
                path,
                f"{what} from epoch {begin} on, but {name} switches at {switch} of "
                f"{length.maximum}",
                f"Set it to {switch}, or move the switch.",
            )


def _switches(config: ConfigView, maximum: int) -> Iterator[tuple[str, int]]:
    for _, hook, row in config.known_hooks:
        for step in hook_steps(hook, row):
            if step.row.begins_last_stage:
                is_last = step.row.relation is Relation.LAST
                yield row.name, maximum - step.value if is_last else step.value


def _others(config: ConfigView, maximum: int) -> Iterator[tuple[KeyPath, str, float]]:
    intervals = (config.loop or {}).get("dynamic_intervals")
    if isinstance(intervals, list | tuple) and len(intervals) == 1:
        first = intervals[0]
        if isinstance(first, list | tuple) and len(first) == 2 and is_number(first[0]):
            path: KeyPath = ("train_cfg", "dynamic_intervals")
            yield path, f"dynamic_intervals validate every {Unit.EPOCHS.count(first[1])}", first[0]
    for scheduler in config.schedulers:
        is_plateau = scheduler.type == "ConstantLR" and scheduler.values.get("factor") == 1
        to_the_end = scheduler.end in (None, maximum)
        if is_plateau and to_the_end and scheduler.begin and scheduler.unit is Unit.EPOCHS:
            yield (*scheduler.path, "begin"), "ConstantLR keeps the last value", scheduler.begin


RULE = Rule(
    id="MMS117",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(
                type='EpochBasedTrainLoop', max_epochs=300, dynamic_intervals=[(280, 1)]
            )
            custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=280)]
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=280)]
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=15)]
            param_scheduler = [dict(type='ConstantLR', factor=1, begin=285, end=300)]
            """,
        ),
        Valid(
            """
            train_cfg = dict(
                type='IterBasedTrainLoop', max_iters=9, dynamic_intervals=[(5, 1)]
            )
            custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=280)]
            """,
            because="The last iterations of an iteration loop have nothing to do with a stage.",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(
                type='EpochBasedTrainLoop', max_epochs=300, dynamic_intervals=[(80, 1)]
            )
            custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=280)]
            """,
            at=Spot(2, 67, 76),
            message=(
                "dynamic_intervals validate every 1 epoch from epoch 80 on, but "
                "PipelineSwitchHook switches at 280 of 300"
            ),
            after="""
            train_cfg = dict(
                type='EpochBasedTrainLoop', max_epochs=300, dynamic_intervals=[(280, 1)]
            )
            custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=280)]
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)
            custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=15)]
            param_scheduler = [dict(type='ConstantLR', factor=1, begin=295, end=300)]
            """,
            at=Spot(3, 60, 63),
            message=(
                "ConstantLR keeps the last value from epoch 295 on, but YOLOXModeSwitchHook "
                "switches at 285 of 300"
            ),
        ),
    ],
)
