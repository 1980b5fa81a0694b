"""A hook has values that end training before it begins.

- ``EMAHook`` asserts that ``begin_epoch`` is not past the last epoch, and ``begin_iter`` not
  past the last iteration; setting both is refused as well. An iteration loop is one epoch long.
- ``ProfilerHook`` refuses to profile more than one epoch, or more iterations than there are.

## Why it matters

The values often fitted an earlier, longer run. Nothing is trained until they are corrected.

## Symptoms

``AssertionError`` or ``ValueError`` when the hook is built, or when training starts.

## Before -> after

Choose a smaller value; ``mmscaffold migrate --max-epochs N`` says where one no longer fits.

## Fix safety

There is no automatic fix: when the hook should begin is a choice.

## Source in mmengine

mmengine/hooks/ema_hook.py, ``EMAHook.__init__`` and ``before_train``;
mmengine/hooks/profiler_hook.py, ``ProfilerHook.before_run``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView, class_name, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.steps import counts_epochs


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each value that is refused."""
    for path, hook in config.hooks:
        name = class_name(hook["type"])
        if name == "EMAHook":
            faults = _of_ema(config, hook)
        elif name == "ProfilerHook":
            faults = _of_profiler(config, hook)
        else:
            continue
        for key, fault in faults:
            yield config.found(
                (*path, key), f"{name}: {fault}; it refuses that", "Choose a smaller value."
            )


def _of_ema(config: ConfigView, hook: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    epoch, iteration = hook.get("begin_epoch", 0), hook.get("begin_iter", 0)
    if not (is_number(epoch) and is_number(iteration)):
        return
    if epoch and iteration:
        yield "begin_epoch", f"both begin_epoch={epoch} and begin_iter={iteration} are set"
        return
    length = config.length
    if length is None:
        return
    epochs = length.maximum if length.unit is Unit.EPOCHS else 1
    if epoch > epochs:
        yield "begin_epoch", f"begin_epoch={epoch} is past the last epoch, {epochs}"
    if length.unit is Unit.ITERATIONS and iteration > length.maximum:
        yield "begin_iter", f"begin_iter={iteration} is past the end at {length.maximum}"


def _of_profiler(config: ConfigView, hook: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    times, by_epoch = hook.get("profile_times", 1), counts_epochs(hook)
    if not is_number(times):
        return
    if times < 1 or (by_epoch and times > 1):
        yield "profile_times", f"profile_times={times} epochs"
        return
    length = config.length
    if length is None or length.unit is not Unit.ITERATIONS or by_epoch is not False:
        return
    if times > length.maximum:
        yield "profile_times", f"profile_times={times} of {length.maximum} iterations"


RULE = Rule(
    id="MMS131",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='EMAHook', begin_epoch=12)]
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='EMAHook', begin_iter=5000)]
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=100)
            custom_hooks = [dict(type='EMAHook', begin_iter=100)]
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='ProfilerHook', by_epoch=False, profile_times=50)]
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='EMAHook', begin_epoch=13)]
            """,
            at=Spot(2, 50, 52),
            message="EMAHook: begin_epoch=13 is past the last epoch, 12; it refuses that",
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='EMAHook', begin_epoch=6)]
            """,
        ),
        Invalid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=100)
            custom_hooks = [dict(type='EMAHook', begin_epoch=5)]
            """,
            at=Spot(2, 50, 51),
            message="EMAHook: begin_epoch=5 is past the last epoch, 1; it refuses that",
        ),
        Invalid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=100)
            custom_hooks = [dict(type='EMAHook', begin_iter=101)]
            """,
            at=Spot(2, 49, 52),
            message="EMAHook: begin_iter=101 is past the end at 100; it refuses that",
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='EMAHook', begin_iter=10, begin_epoch=1)]
            """,
            at=Spot(2, 65, 66),
            message="EMAHook: both begin_epoch=1 and begin_iter=10 are set; it refuses that",
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            custom_hooks = [dict(type='ProfilerHook', by_epoch=True, profile_times=3)]
            """,
            at=Spot(2, 72, 73),
            message="ProfilerHook: profile_times=3 epochs; it refuses that",
        ),
    ],
)
