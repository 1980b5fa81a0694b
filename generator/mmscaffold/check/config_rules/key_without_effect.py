"""A key of the config does not do what it says.

- ``resume`` with the path of a checkpoint: the Runner only asks whether it is true, and takes the
  latest checkpoint of ``work_dir``, or starts anew;
- ``RepeatDataset`` with ``times`` of 0 or less has no samples;
- ``GradientCumulativeOptimizerHook``, ``OptimizerHook``, ``Fp16OptimizerHook`` are hooks of mmcv
  1.x: the optimizer wrapper does their work.

## Why it matters

Each of these had another meaning in MMDetection 2.x, or looks as if it had one.

## Symptoms

A training that begins at epoch 1 in place of the checkpoint; an epoch of no iterations;
``KeyError: '... is not in the mmengine::hook registry'``.

## Before -> after

Write ``load_from='path.pth'`` and ``resume=True``; and
``optim_wrapper = dict(accumulative_counts=4)``.

## Fix safety

There is no automatic fix: what is meant is not what happens, and it is for you to say which.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.load_or_resume``; mmengine/dataset/dataset_wrapper.py,
``RepeatDataset``; mmengine/optim/optimizer/optimizer_wrapper.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, class_name, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.legacy import LEGACY_OPTIMIZER_HOOKS
from mmscaffold.facts.refused_values import TRUE_TEXTS


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such key."""
    if config.is_legacy:
        return
    resume = config.get("resume")
    # A text that reads as false is MMS168's.
    if isinstance(resume, str) and resume and resume not in TRUE_TEXTS:
        yield config.found(
            ("resume",),
            f"resume={resume!r}: the Runner asks only whether it is true, and does not read the "
            "path",
            f"Write load_from={resume!r} and resume=True.",
        )
    for part in config.parts:
        if "times" not in part.values:
            continue
        times = part.values["times"]
        if is_number(times) and times <= 0 and part.bare == "RepeatDataset":
            yield config.found(
                (*part.path, "times"),
                f"RepeatDataset with times={times} has no samples",
                "Set times to 1 or more, or take the wrapper away.",
            )
    for path, hook in config.hooks:
        name = class_name(hook.get("type")) or ""
        if name in LEGACY_OPTIMIZER_HOOKS and not config.is_own(name):
            yield config.found(
                (*path, "type"),
                f"{name} is a hook of mmcv 1.x, which mmengine does not have",
                f"Set {LEGACY_OPTIMIZER_HOOKS[name]}.",
            )


RULE = Rule(
    id="MMS148",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            resume = True
            load_from = 'epoch_3.pth'
            """,
        ),
        Valid("train_dataloader = dict(dataset=dict(type='RepeatDataset', times=1))"),
        Valid(
            """
            resume = None
            optim_wrapper = dict(accumulative_counts=4, optimizer=dict(type='SGD', lr=0.1))
            """,
        ),
    ],
    invalid=[
        Invalid(
            "resume = 'work_dirs/a/epoch_3.pth'",
            at=Spot(1, 10, 35),
            message=(
                "resume='work_dirs/a/epoch_3.pth': the Runner asks only whether it is true, and "
                "does not read the path"
            ),
            after="""
            load_from = 'work_dirs/a/epoch_3.pth'
            resume = True
            """,
        ),
        Invalid(
            "train_dataloader = dict(dataset=dict(type='RepeatDataset', times=0))",
            at=Spot(1, 66, 67),
            message="RepeatDataset with times=0 has no samples",
        ),
        Invalid(
            """
            custom_hooks = [dict(type='GradientCumulativeOptimizerHook', cumulative_iters=4)]
            """,
            at=Spot(1, 27, 60),
            message=(
                "GradientCumulativeOptimizerHook is a hook of mmcv 1.x, which mmengine does not "
                "have"
            ),
        ),
    ],
)
