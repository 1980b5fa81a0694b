"""A hook that switches to the last stage of training never does so, or does so at once.

- mmdet's ``PipelineSwitchHook`` compares the epoch, from 0, with ``switch_epoch``: one at the
  maximum or later never switches. The same holds for ``DisableObjectSampleHook`` of mmdet3d,
  ``StopDistillHook`` of mmrazor and ``RTMOModeSwitchHook`` of mmpose; ``SwitchRecipeHook`` of
  mmpretrain counts from 1.
- mmdet's ``YOLOXModeSwitchHook`` switches ``num_last_epochs + 1`` epochs before the end. If the
  training is no longer than that, all of it runs without Mosaic and MixUp. The hooks of that
  kind in mmyolo and mmpose wait for one particular epoch, and never switch then.

## Why it matters

The last stage, without strong augmentation, is part of the recipe: without it, or with nothing
else, the results are worse. This happens when ``max_epochs`` is lowered for a quick run.

## Symptoms

The log never says that the pipeline is switched (``No mosaic and mixup aug now!``), or says so
before the first iteration.

## Before -> after

Move the switch, or run ``mmscaffold migrate --max-epochs N``, which does so.

## Fix safety

There is no automatic fix: how long the last stage should be is a choice.

## Source in mmengine

mmdet/engine/hooks/pipeline_switch_hook.py and yolox_mode_switch_hook.py, which read
``runner.epoch`` (mmengine/runner/runner.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView, class_name, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.hooks import Hook
from mmscaffold.facts.steps import Relation
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.hooks import HookStep, hook_steps


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each switch that does not divide the training."""
    length = config.length
    if length is None or length.unit is not Unit.EPOCHS:
        return
    for path, hook, row in config.known_hooks:
        yield from _below_0(config, path, hook, row)
        for step in hook_steps(hook, row):
            if step.row.unit is not Unit.EPOCHS:
                continue
            if step.row.relation is Relation.LAST:
                yield from _counting_back(config, path, hook, step, length.maximum)
            elif step.row.switches and step.value > length.maximum + step.row.first - 1:
                last = length.maximum + step.row.first - 1
                counted = "" if step.row.first else "counted from 0, "
                yield config.found(
                    (*path, *step.path),
                    f"{row.name} switches at epoch {step.value}, {counted}"
                    f"but training has {length.maximum} epochs: it never does",
                    f"Choose an epoch up to {last}.",
                )
            elif step.row.switches and len(step.path) == 1 and step.value <= step.row.first:
                # One of several steps may well be the first.
                yield config.found(
                    (*path, *step.path),
                    f"{row.name} switches at epoch {step.value}, which is at once: there is no "
                    "first stage",
                    "Choose a later epoch, or write the pipeline of the last stage into the data "
                    "set.",
                )


def _below_0(
    config: ConfigView, path: KeyPath, hook: Mapping[str, Any], row: Hook
) -> Iterator[Diagnostic]:
    """What no training reaches: epochs count from 0 or 1, and the last ones are at least none."""
    for step in row.steps:
        value = hook.get(step.argument)
        if step.unit is not Unit.EPOCHS or not is_number(value) or value >= 0:
            continue
        if step.relation is Relation.LAST:
            effect = f"keeps {step.argument}={value} for the last stage: it never switches"
        elif not step.switches:
            continue
        elif step.is_exact:
            effect = f"switches at epoch {value}: it never does"
        else:
            effect = f"switches at epoch {value}, which is at once: there is no first stage"
        yield config.found(
            (*path, step.argument), f"{row.name} {effect}", "Choose an epoch of the training."
        )


def _counting_back(
    config: ConfigView, path: KeyPath, hook: Mapping[str, Any], step: HookStep, maximum: int
) -> Iterator[Diagnostic]:
    exact, last = step.row.is_exact, step.value
    if last < (maximum if exact else maximum - 1):
        return
    effect = "it never switches" if exact else "it switches in the first of them"
    key = (*path, *step.path) if step.row.argument in hook else path
    yield config.found(
        key,
        f"{class_name(hook['type'])} keeps {step.row.argument}={last} for the last stage "
        f"of a run of {maximum} epochs: {effect}",
        f"Choose a value below {maximum - 1}.",
    )


RULE = Rule(
    id="MMS116",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=10)]
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=5)]
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='SwitchRecipeHook', schedule=[dict(action_epoch=12)])]
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=9)
            custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=10)]
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=12)]
            """,
            at=Spot(2, 62, 64),
            message=(
                "PipelineSwitchHook switches at epoch 12, counted from 0, but training has 12 "
                "epochs: it never does"
            ),
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=10)]
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=11)]
            """,
            at=Spot(2, 66, 68),
            message=(
                "YOLOXModeSwitchHook keeps num_last_epochs=11 for the last stage of a run "
                "of 12 epochs: it switches in the first of them"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='YOLOXModeSwitchHook')]
            """,
            because="The default is 15.",
            at=Spot(2, 17, 49),
            message=(
                "YOLOXModeSwitchHook keeps num_last_epochs=15 for the last stage of a run "
                "of 12 epochs: it switches in the first of them"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            default_scope = 'mmyolo'
            custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=12)]
            """,
            at=Spot(3, 66, 68),
            message=(
                "YOLOXModeSwitchHook keeps num_last_epochs=12 for the last stage of a run "
                "of 12 epochs: it never switches"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='SwitchRecipeHook', schedule=[dict(action_epoch=13)])]
            """,
            at=Spot(2, 75, 77),
            message=(
                "SwitchRecipeHook switches at epoch 13, but training has 12 epochs: it never does"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='RTMOModeSwitchHook', epoch_attributes={20: dict()})]
            """,
            at=Spot(2, 71, 77),
            message=(
                "RTMOModeSwitchHook switches at epoch 20, counted from 0, but training has 12 "
                "epochs: it never does"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=0)]
            """,
            at=Spot(2, 62, 63),
            message=(
                "PipelineSwitchHook switches at epoch 0, which is at once: there is no first stage"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [
                dict(type='PipelineSwitchHook', switch_epoch=12 - 20),
                dict(type='YOLOXModeSwitchHook', num_last_epochs=-15),
            ]
            """,
            at=Spot(3, 50, 57),
            message=(
                "PipelineSwitchHook switches at epoch -8, which is at once: there is no first "
                "stage"
            ),
            also=[
                ExampleFinding(
                    Spot(4, 54, 57),
                    "YOLOXModeSwitchHook keeps num_last_epochs=-15 for the last stage: it never "
                    "switches",
                )
            ],
        ),
    ],
)
