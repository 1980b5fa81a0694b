"""A hook switches the pipeline of a wrapper of data sets, which does not use it.

## Why it matters

``PipelineSwitchHook`` sets ``pipeline`` of the outermost data set. A wrapper such as
``RepeatDataset`` or ``ConcatDataset`` takes its samples from the data set in it, whose pipeline
stays: strong augmentation goes on to the end.

## Symptoms

The log says ``Switch pipeline now!``, and neither the loss nor the images change.

## Before -> after

Train more epochs in place of ``RepeatDataset``, so that the hook meets the data set itself.

## Fix safety

There is no automatic fix: without the wrapper, the length of the training changes.

## Source in mmengine

mmdet/engine/hooks/pipeline_switch_hook.py; mmengine/dataset/dataset_wrapper.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid

# mmengine/dataset/dataset_wrapper.py: they hand on __getitem__, and have no pipeline.
_WRAPPERS = frozenset({"RepeatDataset", "ConcatDataset", "ClassBalancedDataset"})


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such hook."""
    dataset = config.get("train_dataloader.dataset")
    if not isinstance(dataset, Mapping) or class_name(dataset.get("type")) not in _WRAPPERS:
        return
    wrapper = class_name(dataset["type"])
    for path, hook in config.hooks:
        if config.known_as(hook.get("type"), "HOOKS") == "PipelineSwitchHook":
            yield config.found(
                path,
                f"PipelineSwitchHook sets the pipeline of {wrapper}, which does not use it: "
                "nothing switches",
                "Take the wrapper away, or switch the pipeline of the data set in it by a hook of "
                "your own.",
            )


RULE = Rule(
    id="MMS150",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            train_dataloader = dict(dataset=dict(type='CocoDataset'))
            custom_hooks = [
                dict(type='PipelineSwitchHook', switch_epoch=3, switch_pipeline=[])
            ]
            """,
        ),
        Valid(
            """
            train_dataloader = dict(
                dataset=dict(type='RepeatDataset', times=2, dataset=dict(type='CocoDataset'))
            )
            custom_hooks = [dict(type='EMAHook')]
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            train_dataloader = dict(
                dataset=dict(type='RepeatDataset', times=2, dataset=dict(type='CocoDataset'))
            )
            custom_hooks = [
                dict(type='mmdet.PipelineSwitchHook', switch_epoch=3, switch_pipeline=[])
            ]
            """,
            at=Spot(5, 5, 78),
            message=(
                "PipelineSwitchHook sets the pipeline of RepeatDataset, which does not use it: "
                "nothing switches"
            ),
            after="""
            train_dataloader = dict(dataset=dict(type='CocoDataset'))
            custom_hooks = [
                dict(type='mmdet.PipelineSwitchHook', switch_epoch=3, switch_pipeline=[])
            ]
            """,
        ),
        Invalid(
            """
            train_dataloader = dict(
                dataset=dict(type='ConcatDataset', datasets=[dict(type='CocoDataset')])
            )
            default_hooks = dict(
                switch=dict(type='PipelineSwitchHook', switch_epoch=3, switch_pipeline=[])
            )
            """,
            at=Spot(5, 12, 79),
            message=(
                "PipelineSwitchHook sets the pipeline of ConcatDataset, which does not use it: "
                "nothing switches"
            ),
        ),
    ],
)
