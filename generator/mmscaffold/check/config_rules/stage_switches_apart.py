"""The parts of a last stage begin at different epochs.

A training in two stages says where the second begins in several places: the hook that switches
the pipeline (``switch_epoch``, or ``num_last_epochs`` before the end), the ``dynamic_intervals``
of the loop, which validate more often from there on, and the ``begin`` of a ``ConstantLR`` with
``factor=1`` that keeps the learning rate to the end. They are meant to be one epoch. It comes
about when a child overrides some of them: variables of a base are not bound anew.

How to mend it: write all of them in one file from one variable; or run
``mmscaffold migrate --max-epochs N``, which moves them together.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.hooks import hook_row
from mmscaffold.facts.steps import Relation
from mmscaffold.schedule.hooks import hook_steps
from mmscaffold.schedule.training_length import Unit

ID = "MMS117"
SEVERITY = Severity.WARNING
_TRAINING = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300"
_SWITCH = "custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=280)]\n"
_YOLOX = "custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=15)]\n"
VALID: list[Example] = [
    _TRAINING + ", dynamic_intervals=[(280, 1)])\n" + _SWITCH,
    _TRAINING + ")\n" + _SWITCH,
    _TRAINING
    + ")\n"
    + _YOLOX
    + "param_scheduler = [dict(type='ConstantLR', factor=1, begin=285, end=300)]",
    # The last iterations of an iteration loop have nothing to do with a stage.
    "train_cfg = dict(type='IterBasedTrainLoop', max_iters=9, dynamic_intervals=[(5, 1)])\n"
    + _SWITCH,
]
INVALID: list[Example] = [
    _TRAINING + ", dynamic_intervals=[(80, 1)])\n" + _SWITCH,
    _TRAINING
    + ")\n"
    + _YOLOX
    + "param_scheduler = [dict(type='ConstantLR', factor=1, begin=295, end=300)]",
]


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
    for _, hook in config.hooks:
        row = hook_row(hook["type"], config.get("default_scope"))
        if row is None:
            continue
        for step in hook_steps(hook, row):
            if step.row.begins_last_stage:
                is_last = step.row.relation is Relation.LAST
                yield row.name, maximum - step.value if is_last else step.value


def _others(config: ConfigView, maximum: int) -> Iterator[tuple[KeyPath, str, int]]:
    intervals = (config.loop or {}).get("dynamic_intervals")
    if isinstance(intervals, list | tuple) and len(intervals) == 1:
        first = intervals[0]
        if isinstance(first, list | tuple) and len(first) == 2 and is_number(first[0]):
            path: KeyPath = ("train_cfg", "dynamic_intervals")
            yield path, f"dynamic_intervals validate every {first[1]} epochs", first[0]
    for scheduler in config.schedulers:
        is_plateau = scheduler.type == "ConstantLR" and scheduler.values.get("factor") == 1
        to_the_end = scheduler.end in (None, maximum)
        if is_plateau and to_the_end and scheduler.begin and scheduler.unit is Unit.EPOCHS:
            yield (*scheduler.path, "begin"), "ConstantLR keeps the last value", scheduler.begin
