"""Something that should happen now and then has an interval longer than the training.

A ``val_interval`` beyond the maximum still validates once, at the end (mmengine/runner/loops.py,
since 0.10.4). A ``val_begin`` beyond it never does, which some configs mean. A checkpoint
interval or ``save_begin`` beyond it leaves only the last checkpoint, and none if the run breaks
off (mmengine/hooks/checkpoint_hook.py).

How to mend it: choose an interval that fits the training; nothing, if it is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, class_name, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.config.key_path import KeyPath
from mmscaffold.schedule.training_length import TrainingLength, Unit

ID = "MMS115"
SEVERITY = Severity.INFO
_TRAINING = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12"
VALID: list[Example] = [
    _TRAINING + ", val_interval=12)",
    _TRAINING + ")\ndefault_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))",
    # In another unit, the two cannot be compared.
    _TRAINING + ")\ndefault_hooks = dict(\n"
    "    checkpoint=dict(type='CheckpointHook', by_epoch=False, interval=5000))",
]
INVALID: list[Example] = [
    _TRAINING + ", val_interval=24)",
    _TRAINING + ", val_begin=13)",
    _TRAINING + ")\ndefault_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=20))",
    _TRAINING + ")\ndefault_hooks = dict(checkpoint=dict(type='CheckpointHook', save_begin=15))",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each interval."""
    length = config.length
    if length is None:
        return
    for path, effect in _intervals(config, length):
        value = config.get(path)
        if is_number(value) and value > length.maximum:
            yield config.found(
                path,
                f"{path[-1]}={value} lies beyond the {length.maximum} {length.unit.value} of "
                f"the training: {effect}",
                f"Choose a value up to {length.maximum}, unless it is meant.",
            )


def _intervals(config: ConfigView, length: TrainingLength) -> Iterator[tuple[KeyPath, str]]:
    yield ("train_cfg", "val_interval"), "it validates once, at the end"
    yield ("train_cfg", "val_begin"), "it never validates"
    for path, hook in config.hooks:
        unit = Unit.EPOCHS if hook.get("by_epoch", True) else Unit.ITERATIONS
        if class_name(hook["type"]) == "CheckpointHook" and unit is length.unit:
            yield (*path, "interval"), "only the last checkpoint is saved"
            yield (*path, "save_begin"), "only the last checkpoint is saved"
