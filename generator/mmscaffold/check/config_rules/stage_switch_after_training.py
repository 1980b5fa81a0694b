"""A hook that switches to the last stage of training does so never, or at once.

- mmdet's ``PipelineSwitchHook`` compares the epoch, from 0, with ``switch_epoch``: one at the
  maximum or later never switches. The same holds for ``DisableObjectSampleHook`` of mmdet3d,
  ``StopDistillHook`` of mmrazor and ``RTMOModeSwitchHook`` of mmpose; ``SwitchRecipeHook`` of
  mmpretrain counts from 1.
- mmdet's ``YOLOXModeSwitchHook`` switches ``num_last_epochs + 1`` epochs before the end. If the
  training is no longer than that, all of it goes without Mosaic and MixUp. The hooks of that
  kind in mmyolo and mmpose wait for one particular epoch, and never switch then.

## Why it matters

The last stage, without strong augmentation, is part of the recipe: without it, or with nothing
else, the results are worse. This happens when ``max_epochs`` is lowered for a quick run.

## Symptoms

The log never says that the pipeline is switched (``No mosaic and mixup aug now!``), or says so
before the first iteration.

## Before -> after

Move the switch, or run ``mmscaffold migrate --max-epochs N``, which does.

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
from mmscaffold.check.rule import At, Invalid, Rule, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.schedule.hooks import DEFAULTS
from mmscaffold.schedule.training_length import Unit

# Arguments that are an epoch from 0.
_FROM_ZERO = {
    "PipelineSwitchHook": "switch_epoch",
    "DisableObjectSampleHook": "disable_after_epoch",
    "StopDistillHook": "stop_epoch",
}
_COUNTING_BACK = {"YOLOXModeSwitchHook", "YOLOXPoseModeSwitchHook"}
# In these, the switch happens in one epoch only.
_EXACT = {"mmyolo", "mmpose"}


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each switch that does not divide the training."""
    length = config.length
    if length is None or length.unit is not Unit.EPOCHS:
        return
    for path, hook in config.hooks:
        name = class_name(hook["type"]) or ""
        if name in _COUNTING_BACK:
            yield from _counting_back(config, path, hook, name, length.maximum)
            continue
        for key, epoch, last in _switches(name, hook):
            if is_number(epoch) and epoch > last + length.maximum:
                yield config.found(
                    (*path, *key),
                    f"{name} switches at epoch {epoch}, {'counted from 0, ' if last else ''}"
                    f"but the training has {length.maximum} epochs: it never does",
                    f"Choose an epoch up to {length.maximum + last}.",
                )


def _switches(name: str, hook: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Any, int]]:
    """The key, the epoch, and what the last epoch of a training is called, less its length."""
    if name in _FROM_ZERO:
        yield (_FROM_ZERO[name],), hook.get(_FROM_ZERO[name]), -1
    elif name == "RTMOModeSwitchHook" and isinstance(hook.get("epoch_attributes"), Mapping):
        for epoch in hook["epoch_attributes"]:
            yield ("epoch_attributes", epoch), epoch, -1
    elif name == "SwitchRecipeHook" and isinstance(hook.get("schedule"), list | tuple):
        for index, one in enumerate(hook["schedule"]):
            if isinstance(one, Mapping):
                key: KeyPath = ("schedule", index, "action_epoch")
                yield key, one.get("action_epoch"), 0


def _counting_back(
    config: ConfigView, path: KeyPath, hook: Mapping[str, Any], name: str, maximum: int
) -> Iterator[Diagnostic]:
    last = hook.get("num_last_epochs", DEFAULTS[name, "num_last_epochs"])
    scope = hook["type"].rpartition(".")[0] or config.get("default_scope")
    exact = scope in _EXACT or name == "YOLOXPoseModeSwitchHook"
    if not is_number(last) or last < (maximum if exact else maximum - 1):
        return
    effect = "it never switches" if exact else "it switches in the first of them"
    key = (*path, "num_last_epochs") if "num_last_epochs" in hook else path
    yield config.found(
        key,
        f"{name} keeps num_last_epochs={last} for the last stage of a training of {maximum} "
        f"epochs: {effect}",
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
            at=At(2, 62, 64),
            message=(
                "PipelineSwitchHook switches at epoch 12, counted from 0, but the training has "
                "12 epochs: it never does"
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
            at=At(2, 66, 68),
            message=(
                "YOLOXModeSwitchHook keeps num_last_epochs=11 for the last stage of a training "
                "of 12 epochs: it switches in the first of them"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='YOLOXModeSwitchHook')]
            """,
            because="The default is 15.",
            at=At(2, 17, 49),
            message=(
                "YOLOXModeSwitchHook keeps num_last_epochs=15 for the last stage of a training "
                "of 12 epochs: it switches in the first of them"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            default_scope = 'mmyolo'
            custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=12)]
            """,
            at=At(3, 66, 68),
            message=(
                "YOLOXModeSwitchHook keeps num_last_epochs=12 for the last stage of a training "
                "of 12 epochs: it never switches"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='SwitchRecipeHook', schedule=[dict(action_epoch=13)])]
            """,
            at=At(2, 75, 77),
            message=(
                "SwitchRecipeHook switches at epoch 13, but the training has 12 epochs: it "
                "never does"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='RTMOModeSwitchHook', epoch_attributes={20: dict()})]
            """,
            at=At(2, 71, 77),
            message=(
                "RTMOModeSwitchHook switches at epoch 20, counted from 0, but the training has "
                "12 epochs: it never does"
            ),
        ),
    ],
)
