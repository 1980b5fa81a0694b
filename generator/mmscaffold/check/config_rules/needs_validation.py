"""Something waits for validations, and the training has none.

``ReduceOnPlateauLR`` lowers the learning rate, ``EarlyStoppingHook`` stops, and
``CheckpointHook(save_best=...)`` saves the best model, all after a validation
(mmengine/hooks/param_scheduler_hook.py, early_stopping_hook.py, checkpoint_hook.py,
``after_val_epoch``). Without ``val_cfg``, or with ``val_begin`` past the end, they never do, and
nothing says so.

How to mend it: set ``val_dataloader``, ``val_cfg`` and ``val_evaluator``, or remove what waits.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, class_name, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.schedulers import scheduler_family

ID = "MMS137"
SEVERITY = Severity.WARNING
_TRAINING = (
    "model = dict(type='RetinaNet')\ntrain_dataloader = dict()\n"
    "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\n"
)
_LOOP = "train_cfg = dict(by_epoch=True, max_epochs=12)\n"
_VALIDATION = "val_dataloader = dict()\nval_cfg = dict()\nval_evaluator = []\n"
_STOP = "custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco/bbox_mAP')]"
VALID: list[Example] = [
    _TRAINING + _LOOP + _VALIDATION + _STOP,
    _TRAINING + _LOOP + "default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))",
    # A part of a config.
    _LOOP + _STOP,
]
INVALID: list[Example] = [
    _TRAINING + _LOOP + _STOP,
    _TRAINING + _LOOP + "param_scheduler = dict(type='ReduceOnPlateauLR', monitor='loss')",
    _TRAINING
    + _LOOP
    + "default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='auto'))",
    _TRAINING
    + "train_cfg = dict(by_epoch=True, max_epochs=12, val_begin=13)\n"
    + _VALIDATION
    + _STOP,
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each part that waits in vain."""
    if config.loop is None or not config.is_runnable or _validates(config):
        return
    for path, name, effect in _waiting(config):
        yield config.found(
            path,
            f"{name} waits for validations, and there are none: it {effect}",
            "Set val_dataloader, val_cfg and val_evaluator, or remove it.",
        )


def _validates(config: ConfigView) -> bool:
    begin = (config.loop or {}).get("val_begin")
    length = config.length
    too_late = is_number(begin) and length is not None and begin > length.maximum
    return config.root.get("val_cfg") is not None and not too_late


def _waiting(config: ConfigView) -> Iterator[tuple[KeyPath, str, str]]:
    for path, scheduler in config.scheduler_dicts:
        name = class_name(scheduler["type"]) or ""
        if scheduler_family(name).after_validations:
            yield path, name, "never lowers its value"
    for path, hook in config.hooks:
        name = class_name(hook["type"]) or ""
        if name == "EarlyStoppingHook":
            yield path, name, "never stops the training"
        elif name == "CheckpointHook" and hook.get("save_best") is not None:
            yield (*path, "save_best"), name, "never saves a best checkpoint"
