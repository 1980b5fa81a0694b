"""The hooks with a step in their arguments, one row each, and those that need epochs.

Sources: mmengine/hooks (0.10.7), and engine/hooks of mmdet 3.3.0, mmyolo 0.6.0, mmpose 1.3.2,
mmpretrain 1.2.0, mmselfsup 1.0.0, mmdet3d 1.4.0, mmrazor 1.0.0 and mmagic 1.2.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mmscaffold.facts.steps import Relation, Step, Wildcard
from mmscaffold.facts.units import Unit


class Hook(NamedTuple):
    """A hook.

    Attributes:
        package: The package that registers it.
        name: Its class.
        steps: The steps in its arguments.
        flag: The argument that says whether it counts epochs; that is so by default.
        needs_epochs: What it does with epochs that makes no sense in training of a single
            one, which an iteration loop is; empty if nothing.
    """

    package: str
    name: str
    steps: tuple[Step, ...] = ()
    flag: str | None = None
    needs_epochs: str = ""


_AT_START = "acts at the start of an epoch"
_AT_END = "acts at the end of an epoch"
_CADENCE = "it happens at regular intervals, at any length"
_WARM_UP = "a warm-up keeps its length"
_NO_RULE = "an interval of any length is right"
_IN_EPOCHS = "the hook needs epochs, as its own row says"
_IN_ITERATIONS = "it counts iterations whatever the loop counts"


def _every(
    argument: str,
    unit: Unit | None,
    *,
    default: int | None = None,
    unconverted: str = "",
    unchecked: str = _NO_RULE,
) -> Step:
    """Something that is done every so often."""
    return Step(
        (argument,), unit, Relation.FIXED, first=1, default=default,
        unmoved=_CADENCE, unconverted=unconverted, unchecked=unchecked,
    )  # fmt: skip


def _every_iterations(package: str, name: str, argument: str = "interval") -> Hook:
    return Hook(package, name, (_every(argument, Unit.ITERATIONS, unconverted=_IN_ITERATIONS),))


def _flagged(package: str, name: str) -> Hook:
    """A hook that acts every ``interval`` epochs, or iterations with ``by_epoch=False``."""
    return Hook(
        package, name,
        (Step(("interval",), None, Relation.AT_MOST, first=1, unchecked=_NO_RULE),),
        flag="by_epoch",
    )  # fmt: skip


def _switch(argument: str, relation: Relation, **more: Any) -> Step:
    """An epoch at which something is switched."""
    return Step((argument,), Unit.EPOCHS, relation, switches=True, unconverted=_IN_EPOCHS, **more)


def _warm_up(argument: str, unit: Unit, default: int | None = None) -> Step:
    return Step(
        (argument,), unit, Relation.FIXED, default=default, unmoved=_WARM_UP,
        unconverted=_IN_EPOCHS if unit is Unit.EPOCHS else _IN_ITERATIONS, unchecked=_WARM_UP,
    )  # fmt: skip


def _last_epochs(default: int, *, is_exact: bool, begins_last_stage: bool = False) -> Step:
    return Step(
        ("num_last_epochs",), Unit.EPOCHS, Relation.LAST, default=default, is_exact=is_exact,
        begins_last_stage=begins_last_stage, unconverted=_IN_EPOCHS,
    )  # fmt: skip


def _swav(package: str) -> Hook:
    return Hook(
        package, "SwAVHook",
        (
            # Left out, there is hardly a queue: queue_length is 0, too.
            _switch("epoch_queue_starts", Relation.AT_MOST),
            _every("interval", Unit.EPOCHS, unconverted=_IN_EPOCHS),
            # By layer, the iteration from which it is trained.
            Step(
                ("frozen_layers_cfg", Wildcard.EACH_VALUE), Unit.ITERATIONS, Relation.AT_MOST,
                unconverted=_IN_ITERATIONS, unchecked="layers may stay frozen to the end",
            ),
        ),
        needs_epochs=_AT_START,
    )  # fmt: skip


def _dense_cl(package: str) -> Hook:
    start = Step(
        ("start_iters",), Unit.ITERATIONS, Relation.AT_MOST, default=1000,
        unconverted=_IN_ITERATIONS, unchecked="the dense loss may be left out",
    )  # fmt: skip
    return Hook(package, "DenseCLHook", (start,))


HOOKS: tuple[Hook, ...] = (
    Hook(
        "mmengine", "CheckpointHook",
        (
            Step(("interval",), None, Relation.AT_MOST, first=1),
            Step(("save_begin",), None, Relation.AT_MOST, first=1),
        ),
        flag="by_epoch",
    ),
    Hook(
        "mmengine", "EMAHook",
        (
            Step(
                ("begin_epoch",), Unit.EPOCHS, Relation.AT_MOST,
                first=1, counterpart="begin_iter",
            ),
            Step(
                ("begin_iter",), Unit.ITERATIONS, Relation.AT_MOST,
                first=1, counterpart="begin_epoch",
            ),
        ),
    ),
    Hook(
        "mmengine", "LoggerHook",
        (_every("interval", Unit.ITERATIONS, unconverted=_IN_ITERATIONS, unchecked=""),),
        flag="log_metric_by_epoch",
    ),
    Hook(
        "mmengine", "ProfilerHook",
        (Step(("profile_times",), None, Relation.AT_MOST, first=1, default=1),),
        flag="by_epoch",
    ),
    _every_iterations("mmdet", "CheckInvalidLossHook"),
    _every_iterations("mmdet", "MeanTeacherHook"),
    _every_iterations("mmdet", "MemoryProfilerHook"),
    Hook("mmdet", "SetEpochInfoHook", needs_epochs=_AT_START),
    Hook(
        "mmdet", "PipelineSwitchHook",
        (_switch("switch_epoch", Relation.TO_END, begins_last_stage=True),),
        needs_epochs=_AT_START,
    ),
    # From one epoch before the last ones on.
    Hook(
        "mmdet", "YOLOXModeSwitchHook",
        (_last_epochs(15, is_exact=False, begins_last_stage=True),),
        needs_epochs=_AT_START,
    ),
    Hook(
        "mmyolo", "YOLOXModeSwitchHook",
        (_last_epochs(15, is_exact=True, begins_last_stage=True),),
        needs_epochs=_AT_START,
    ),
    Hook(
        "mmyolo", "YOLOv5ParamSchedulerHook",
        (
            Step(
                ("max_epochs",), Unit.EPOCHS, Relation.WHOLE, default=300,
                unconverted=_IN_EPOCHS, unchecked="no rule knows the schedule of this hook",
            ),
            _warm_up("warmup_epochs", Unit.EPOCHS, 3),
            _warm_up("warmup_mim_iter", Unit.ITERATIONS, 1000),
        ),
        needs_epochs=_AT_START,
    ),
    # Its default is 1.2 times the 300 epochs of PPYOLOE.
    Hook(
        "mmyolo", "PPYOLOEParamSchedulerHook",
        (
            Step(
                ("total_epochs",), Unit.EPOCHS, Relation.SHARE, default=360,
                unconverted=_IN_EPOCHS, unchecked="it may be longer than the training",
            ),
            _warm_up("warmup_epochs", Unit.EPOCHS, 5),
            _warm_up("warmup_min_iter", Unit.ITERATIONS, 1000),
        ),
        needs_epochs=_AT_START,
    ),
    Hook(
        "mmpose", "YOLOXPoseModeSwitchHook", (_last_epochs(20, is_exact=True),),
        needs_epochs=_AT_START,
    ),
    Hook(
        "mmpose", "RTMOModeSwitchHook",
        (
            Step(
                ("epoch_attributes", Wildcard.EACH_KEY), Unit.EPOCHS, Relation.BOUNDARY,
                switches=True, is_exact=True, unconverted=_IN_EPOCHS,
            ),
        ),
        needs_epochs=_AT_START,
    ),
    Hook(
        "mmpretrain", "SwitchRecipeHook",
        (
            Step(
                ("schedule", Wildcard.EACH_ITEM, "action_epoch"), Unit.EPOCHS, Relation.BOUNDARY,
                first=1, switches=True, is_exact=True, unconverted=_IN_EPOCHS,
            ),
        ),
        needs_epochs=_AT_START,
    ),
    _swav("mmpretrain"),
    _swav("mmselfsup"),
    _dense_cl("mmpretrain"),
    _dense_cl("mmselfsup"),
    Hook("mmpretrain", "SimSiamHook", flag="adjust_by_epoch"),
    Hook("mmselfsup", "SimSiamHook", flag="adjust_by_epoch"),
    Hook(
        "mmpretrain", "WarmupParamHook", (_warm_up("warmup_epochs", Unit.EPOCHS),),
        needs_epochs="counts in epochs",
    ),
    # Every so many epochs under an epoch loop, iterations under an iteration loop.
    Hook("mmpretrain", "PreciseBNHook", (_every("interval", None, default=1),)),
    Hook(
        "mmdet3d", "DisableObjectSampleHook",
        (_switch("disable_after_epoch", Relation.TO_END, default=15, is_exact=True),),
        needs_epochs=_AT_START,
    ),
    Hook(
        "mmrazor", "StopDistillHook", (_switch("stop_epoch", Relation.TO_END),),
        needs_epochs=_AT_START,
    ),
    _flagged("mmrazor", "DumpSubnetHook"),
    _flagged("mmrazor", "EstimateResourcesHook"),
    _flagged("mmrazor", "PruningStructureHook"),
    Hook(
        "mmrazor", "RazorVisualizationHook",
        (_every("interval", Unit.EPOCHS, unconverted=_IN_EPOCHS),), needs_epochs=_AT_END,
    ),
    _flagged("mmagic", "ReduceLRSchedulerHook"),
    Hook(
        "mmagic", "ExponentialMovingAverageHook",
        (
            Step(
                ("start_iter",), Unit.ITERATIONS, Relation.AT_MOST,
                unconverted=_IN_ITERATIONS, unchecked="the average may be left out",
            ),
            _every("interval", Unit.ITERATIONS, unconverted=_IN_ITERATIONS),
        ),
    ),
    _every_iterations("mmagic", "PickleDataHook"),
    _every_iterations("mmagic", "VisualizationHook"),
)  # fmt: skip


class WaitingHook(NamedTuple):
    """A hook that waits for validations without progress.

    Attributes:
        name: Its class.
        patience: How many, by default.
        threshold: Its argument for a value of the metric at which it does not wait.
    """

    name: str
    patience: int
    threshold: str


EARLY_STOPPING = WaitingHook("EarlyStoppingHook", patience=5, threshold="stopping_threshold")
"""The hook that then stops the training (mmengine/hooks/early_stopping_hook.py)."""

# mmengine/runner/runner.py, register_default_hooks
DEFAULT_HOOKS: Mapping[str, Mapping[str, Any]] = {
    "runtime_info": {"type": "RuntimeInfoHook"},
    "timer": {"type": "IterTimerHook"},
    "sampler_seed": {"type": "DistSamplerSeedHook"},
    "logger": {"type": "LoggerHook"},
    "param_scheduler": {"type": "ParamSchedulerHook"},
    "checkpoint": {"type": "CheckpointHook", "interval": 1},
}
"""What runs unless ``default_hooks`` of a config says otherwise."""

FIXED_ARGUMENTS = frozenset({"warmup_epochs", "warmup_min_iter"})
"""Arguments that keep their value at any length in whatever hook they are found."""


def hook_row(name: str, scope: str | None = None) -> Hook | None:
    """What is known of a hook.

    Args:
        name: Its class as a config writes it, with or without a scope.
        scope: The ``default_scope`` of the config, which decides between hooks of one name.
    """
    before, _, bare = name.rpartition(".")
    package = before.partition(".")[0] or scope
    rows = _BY_NAME.get(bare, ())
    return next((row for row in rows if row.package == package), rows[0] if rows else None)


_BY_NAME: dict[str, list[Hook]] = {}
for _row in HOOKS:
    _BY_NAME.setdefault(_row.name, []).append(_row)
