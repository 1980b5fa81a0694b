"""A hook or the log counts epochs while the loop counts iterations.

``IterBasedTrainLoop`` is one single epoch to mmengine. With ``by_epoch=True``, the default of
all three,

- ``LogProcessor`` prints ``Epoch(train) [1][500/...]``, then ``Epoch(val) [0]``: the epoch seems
  to go back (mmengine/runner/log_processor.py);
- ``CheckpointHook`` saves nothing until the training is over, and a run that breaks off leaves
  nothing behind (mmengine/hooks/checkpoint_hook.py);
- ``LoggerHook(log_metric_by_epoch=True)`` draws all validations at step 0
  (mmengine/hooks/logger_hook.py).

How to mend it: set ``by_epoch=False`` (``log_metric_by_epoch=False``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.schedule.training_length import Unit

ID = "MMS112"
SEVERITY = Severity.WARNING
_ITERATIONS = (
    "model = dict(type='RetinaNet')\ntrain_dataloader = dict()\n"
    "train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)\n"
)
_LOG = "log_processor = dict(by_epoch=False)\n"
_LOGGER = "logger=dict(type='LoggerHook', log_metric_by_epoch=False)"
VALID: list[Example] = [
    _ITERATIONS + _LOG + "default_hooks = dict(\n"
    f"    checkpoint=dict(type='CheckpointHook', by_epoch=False), {_LOGGER})",
    # Checkpoints by iterations under an epoch loop are useful.
    "train_cfg = dict(by_epoch=True, max_epochs=12)\n"
    "default_hooks = dict(checkpoint=dict(type='CheckpointHook', by_epoch=False))",
    # A part of a config.
    "train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)",
]
INVALID: list[Example] = [
    _ITERATIONS
    + _LOG
    + f"default_hooks = dict(checkpoint=dict(type='CheckpointHook'), {_LOGGER})",
    _ITERATIONS + "log_processor = dict(type='LogProcessor', window_size=50, by_epoch=True)",
    _ITERATIONS + _LOG + "default_hooks = dict(logger=dict(type='LoggerHook', interval=50))",
]
_FLAGS = {
    "CheckpointHook": ("by_epoch", "saves nothing before the training is over"),
    "LoggerHook": ("log_metric_by_epoch", "draws all validations at step 0"),
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
    for path, hook in config.hooks:
        name = class_name(hook["type"]) or ""
        if name in _FLAGS and hook.get(_FLAGS[name][0], True) is True:
            flag, effect = _FLAGS[name]
            yield config.found(
                path,
                f"{name} counts epochs, the loop iterations: it {effect}",
                f"Set {flag}=False.",
            )
