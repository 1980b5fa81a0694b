"""A hook that switches to the last stage of training does so never, or at once.

- mmdet's ``PipelineSwitchHook`` compares the epoch, from 0, with ``switch_epoch``: one at the
  maximum or later never switches (mmdet/engine/hooks/pipeline_switch_hook.py). The same holds
  for ``DisableObjectSampleHook`` of mmdet3d, ``StopDistillHook`` of mmrazor and
  ``RTMOModeSwitchHook`` of mmpose; ``SwitchRecipeHook`` of mmpretrain counts from 1.
- mmdet's ``YOLOXModeSwitchHook`` switches ``num_last_epochs + 1`` epochs before the end. If the
  training is no longer than that, all of it goes without Mosaic and MixUp
  (mmdet/engine/hooks/yolox_mode_switch_hook.py). The hooks of that kind of mmyolo and mmpose
  wait for one very epoch, and never switch then.

It comes about when ``max_epochs`` is lowered for a quick run.

How to mend it: move the switch, or run ``mmscaffold migrate --max-epochs N``, which does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.hooks import hook_row
from mmscaffold.facts.steps import Relation
from mmscaffold.schedule.hooks import HookStep, hook_steps
from mmscaffold.schedule.training_length import Unit

ID = "MMS116"
SEVERITY = Severity.WARNING
_TRAINING = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
VALID: list[Example] = [
    _TRAINING + "custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=10)]",
    _TRAINING + "custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=5)]",
    _TRAINING + "custom_hooks = [dict(type='SwitchRecipeHook', schedule=[dict(action_epoch=12)])]",
    "train_cfg = dict(type='IterBasedTrainLoop', max_iters=9)\n"
    "custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=10)]",
]
INVALID: list[Example] = [
    _TRAINING + "custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=12)]",
    _TRAINING + "custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=11)]",
    # The default is 15.
    _TRAINING + "custom_hooks = [dict(type='YOLOXModeSwitchHook')]",
    _TRAINING + "default_scope = 'mmyolo'\n"
    "custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=12)]",
    _TRAINING + "custom_hooks = [dict(type='SwitchRecipeHook', schedule=[dict(action_epoch=13)])]",
    _TRAINING + "custom_hooks = [dict(type='RTMOModeSwitchHook', epoch_attributes={20: dict()})]",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each switch that does not divide the training."""
    length = config.length
    if length is None or length.unit is not Unit.EPOCHS:
        return
    for path, hook in config.hooks:
        row = hook_row(hook["type"], config.get("default_scope"))
        if row is None:
            continue
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
                    f"but the training has {length.maximum} epochs: it never does",
                    f"Choose an epoch up to {last}.",
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
        f"{class_name(hook['type'])} keeps {step.row.argument}={last} for the last stage of a "
        f"training of {maximum} epochs: {effect}",
        f"Choose a value below {maximum - 1}.",
    )
