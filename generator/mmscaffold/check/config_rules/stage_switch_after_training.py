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

from mmscaffold.check.config_view import ConfigView, class_name, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.config.key_path import KeyPath
from mmscaffold.schedule.hooks import DEFAULTS
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
