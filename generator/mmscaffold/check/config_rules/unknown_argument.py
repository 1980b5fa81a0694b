"""A scheduler, a hook or the log processor gets an argument that it does not accept.

A required argument that is missing is also found. Classes of a project are read from the modules
that ``custom_imports`` names.

## Why it matters

The Runner passes every key to the constructor, which refuses those that it does not know. This
happens when a child changes the ``type`` in a dict and the keys of its base stay beside it,
``milestones`` of ``MultiStepLR`` under ``CosineAnnealingLR``: dicts merge. Or the name is
misspelt.

## Symptoms

``TypeError: ... got an unexpected keyword argument``, or ``missing 1 required positional
argument``, while the Runner builds the part.

## Before -> after

Add ``_delete_=True`` to the dict of the child and restate what it needs.

## Fix safety

``mmscaffold check --fix`` removes an argument that a base left there for another ``type``, with
``_delete_=True`` and all other keys restated. That is safe: the class is refused with it. An
argument that stands beside its own ``type`` is left alone, as it may be misspelt.

## Source in mmengine

mmengine/registry/build_functions.py, ``build_from_cfg``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Fix, Severity
from mmscaffold.check.refused import advice, is_left_over, parts_with_constructors
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.config.change import MISSING, Change
from mmscaffold.facts.building import BUILT_BY_HOOK, HANDED_ON

_HANDED_ON = {dotted.rpartition(".")[2]: method for dotted, method in HANDED_ON.items()}


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each argument that is too much, and each that is missing."""
    if config.is_legacy:
        return
    for path, values, constructor, given in parts_with_constructors(config):
        name = class_name(values["type"])
        taken = constructor.arguments - given
        for argument in values:
            known = argument in constructor.arguments or argument in given
            handed_on = _HANDED_ON.get(name or "", "")
            if known or constructor.is_open or (handed_on and "runner_type" in config.config.root):
                # The Runner of a project may take what mmengine's refuses.
                continue
            stale = is_left_over(config, path, argument)
            fix: Fix = (Change((*path, argument), MISSING),) if stale else ()
            yield config.found(
                (*path, "type" if stale else argument),
                f"{name} takes no argument {argument!r}; {_consequence(handed_on, values)}",
                advice(argument, taken, stale=stale),
                fix,
            )
        for argument in sorted(constructor.required - given - values.keys()):
            if config.is_runnable or len(config.config.files) == 1:
                yield config.found(
                    path,
                    f"{name} needs {argument}, which is not set; it cannot be built without",
                    f"Add {argument}=...",
                )


def _consequence(handed_on: str, values: Mapping[str, Any]) -> str:
    built = BUILT_BY_HOOK.get(class_name(values["type"]) or "")
    if built is not None:
        built_of_it = class_name(values.get(built.named_by, built.default))
        return f"it hands it on to {built_of_it}, which refuses it: a TypeError before training"
    if not handed_on:
        return "it cannot be built with it"
    return f"it hands it on to {handed_on}, which refuses it: a TypeError at the first checkpoint"


RULE = Rule(
    id="MMS122",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            custom_hooks = [
                dict(type='EMAHook', ema_type='ExpMomentumEMA', gamma=2000, priority=49),
                dict(type='EMAHook', ema_type='OwnAverage', decay=0.9),
                dict(type='mmpretrain.EMAHook', momentum=0.1, evaluate_on_origin=True),
            ]
            """,
            because="Of the second, nothing is known; the last is another hook.",
        ),
        Valid(
            """
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))
            runner_type = 'MyRunner'
            custom_hooks = [dict(type='CheckpointHook', my_option=3)]
            """,
            because="The save_checkpoint of the project's Runner may take it.",
        ),
        Valid(
            """
            param_scheduler = dict(
                type='MultiStepLR', milestones=[8, 11], convert_to_iter_based=True
            )
            """,
        ),
        Valid(
            "custom_hooks = [dict(type='EMAHook', momentum=0.0002, priority=49)]",
        ),
        Valid(
            "log_processor = dict(window_size=50, by_epoch=True)",
        ),
        Valid(
            """
            default_scope = 'mmpose'
            custom_hooks = [dict(type='YOLOXModeSwitchHook', new_dataset=1)]
            """,
            because="It is another package's hook of the same name.",
        ),
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                param_scheduler = dict(_delete_=True, type='CosineAnnealingLR', T_max=12)
                """,
                "base.py": "param_scheduler = dict(type='MultiStepLR', milestones=[8, 11])",
            },
        ),
    ],
    invalid=[
        Invalid(
            """
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', max_keep_ckpt=3))
            """,
            at=Spot(1, 75, 76),
            message=(
                "CheckpointHook takes no argument 'max_keep_ckpt'; it hands it on to "
                "Runner.save_checkpoint, which refuses it: a TypeError at the first checkpoint"
            ),
        ),
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                param_scheduler = dict(type='CosineAnnealingLR', T_max=12)
                """,
                "base.py": "param_scheduler = dict(type='MultiStepLR', milestones=[8, 11])",
            },
            at=Spot(2, 29, 48),
            message="CosineAnnealingLR takes no argument 'milestones'; it cannot be built with it",
            fixed="""
            _base_ = './base.py'
            param_scheduler = dict(_delete_=True, type='CosineAnnealingLR', T_max=12)
            """,
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            custom_hooks = [
                dict(type='EMAHook', momentums=0.0002),
                dict(type='EMAHook', ema_type='ExpMomentumEMA', update_buffer=True),
            ]
            """,
            at=Spot(3, 36, 42),
            message=(
                "EMAHook takes no argument 'momentums'; it hands it on to "
                "ExponentialMovingAverage, which refuses it: a TypeError before training"
            ),
            also=[
                ExampleFinding(
                    Spot(4, 67, 71),
                    "EMAHook takes no argument 'update_buffer'; it hands it on to ExpMomentumEMA, "
                    "which refuses it: a TypeError before training",
                )
            ],
            after="""
            default_scope = 'mmdet'
            custom_hooks = [
                dict(type='EMAHook', momentum=0.0002),
                dict(type='EMAHook', ema_type='ExpMomentumEMA', update_buffers=True),
            ]
            """,
        ),
        Invalid(
            "custom_hooks = [dict(type='mmdet.PipelineSwitchHook', switch_epochs=3)]",
            at=Spot(1, 17, 71),
            message=(
                "PipelineSwitchHook needs switch_epoch, which is not set; it cannot be "
                "built without"
            ),
            also=[
                ExampleFinding(
                    Spot(1, 17, 71),
                    (
                        "PipelineSwitchHook needs switch_pipeline, which is not set; it cannot be "
                        "built without"
                    ),
                ),
                ExampleFinding(
                    Spot(1, 69, 70),
                    "PipelineSwitchHook takes no argument 'switch_epochs'; it cannot be "
                    "built with it",
                ),
            ],
        ),
        Invalid(
            "param_scheduler = dict(type='MultiStepLR', gamma=0.1)",
            at=Spot(1, 19, 54),
            message="MultiStepLR needs milestones, which is not set; it cannot be built without",
        ),
        Invalid(
            "log_processor = dict(type='LogProcessor', window=50)",
            at=Spot(1, 50, 52),
            message="LogProcessor takes no argument 'window'; it cannot be built with it",
        ),
        Invalid(
            "default_hooks = dict(timer=dict(type='IterTimerHook', interval=50))",
            at=Spot(1, 64, 66),
            message="IterTimerHook takes no argument 'interval'; it cannot be built with it",
        ),
    ],
)
