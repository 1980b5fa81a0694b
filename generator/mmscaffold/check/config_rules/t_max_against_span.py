"""``T_max`` does not fit the span between ``begin`` and ``end``.

The cosine falls from ``begin`` for ``T_max`` steps (mmengine/optim/scheduler/
param_scheduler.py, ``CosineAnnealingParamScheduler``). With a ``T_max`` shorter than the span
the learning rate reaches its minimum and then rises again, back to where it began after twice
as many steps. With a longer one it never reaches the minimum.

A ``T_max`` equal to ``end`` beside a ``begin`` of some warm-up is the YOLOX idiom, and no
finding: the difference is small and meant.

How to mend it: leave ``T_max`` out; mmengine then takes ``end - begin``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS107"
SEVERITY = Severity.WARNING
_TRAINING = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300)\n"
VALID: list[Example] = [
    _TRAINING + "param_scheduler = dict(type='CosineAnnealingLR', T_max=300, end=300)",
    _TRAINING + "param_scheduler = dict(type='CosineAnnealingLR', begin=5, end=285)",
    # The YOLOX idiom.
    _TRAINING + "param_scheduler = dict(\n"
    "    type='CosineAnnealingLR', begin=5, T_max=285, end=285)",
]
INVALID: list[Example] = [
    _TRAINING + "param_scheduler = dict(type='CosineAnnealingLR', T_max=100, end=300)",
    _TRAINING + "param_scheduler = dict(type='CosineAnnealingLR', T_max=100)",
    _TRAINING + "param_scheduler = dict(type='CosineAnnealingLR', T_max=600, end=300)",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each cosine that turns around, or stops half-way."""
    length = config.length
    for scheduler in config.schedulers:
        t_max = scheduler.values.get("T_max")
        end = scheduler.end
        if end is None and length is not None and scheduler.unit is length.unit:
            end = length.maximum
        if not is_number(t_max) or end is None or t_max in (end, end - scheduler.begin):
            continue
        span = end - scheduler.begin
        effect = "rises again" if t_max < span else "never reaches its minimum"
        yield config.found(
            (*scheduler.path, "T_max"),
            f"T_max={t_max}, but {scheduler.type} runs for {span} {scheduler.unit.value} "
            f"({scheduler.begin} to {end}): the value {effect}",
            "Leave T_max out, so that it is end - begin.",
        )
