"""What is monitored is none of the results that the evaluators give.

``save_best`` of ``CheckpointHook``, ``monitor`` of ``EarlyStoppingHook`` and of
``ReduceOnPlateauLR`` are held against the metrics of ``val_evaluator``: their prefix, and where
they are known the names after it.

## Why it matters

A metric puts its prefix before all its results: ``coco/bbox_mAP``. Without it, or with that of
another metric, the name is not among the results. That shows only after the first validation.

## Symptoms

``KeyError: 'bbox_mAP'`` in ``CheckpointHook`` after the first validation; with
``EarlyStoppingHook`` the warning ``Skip early stopping process``.

## Before -> after

Write ``save_best='coco/bbox_mAP'``.

## Fix safety

There is no automatic fix: which of the results is meant cannot be known.

## Source in mmengine

mmengine/hooks/checkpoint_hook.py, ``CheckpointHook._save_best_checkpoint``;
mmengine/hooks/early_stopping_hook.py; mmengine/evaluator/metric.py, ``BaseMetric.evaluate``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.parts import Part
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.metrics import RESULT_NAMES, ResultNames
from mmscaffold.project.family import Verdict

_MONITORS = {"CheckpointHook": "save_best", "EarlyStoppingHook": "monitor"}


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each name that is monitored and not given."""
    monitored = list(_monitored(config))
    if not monitored or config.is_legacy:
        return
    parts = config.parts_below("val_evaluator")
    # MultiDatasetsEvaluator of mmdet puts the names of its data sets before the results.
    if any(part.registry == "EVALUATOR" and part.bare != "Evaluator" for part in parts):
        return
    given = [_results(config, part) for part in parts if part.registry == "METRICS"]
    if not given or any(one is None for one in given):
        return
    for path, name in monitored:
        if not any(one.has(name) for one in given if one is not None):
            known = sorted({text for one in given if one is not None for text in one.examples})
            yield config.found(
                path,
                f"{name!r} is none of the results of val_evaluator",
                f"Its results are called {', '.join(known)} and the like.",
            )


class _Results:
    """What the results of one metric are called."""

    def __init__(self, prefix: str, kinds: tuple[str, ...], names: ResultNames | None) -> None:
        self._start = f"{prefix}/" if prefix else ""
        self._kinds = kinds
        self._names = names

    def has(self, name: str) -> bool:
        if not name.startswith(self._start):
            return False
        rest = name[len(self._start) :]
        return self._names is None or self._names.match(rest, self._kinds)

    @property
    def examples(self) -> list[str]:
        if self._names is None:
            return [f"{self._start}..."]
        return [self._start + one for one in self._names.suggested(self._kinds)]


def _results(config: ConfigView, part: Part) -> _Results | None:
    """The results of a metric; ``None`` if it may call them anything."""
    found = config.find(part)
    if found.verdict is not Verdict.KNOWN or config.is_own(part.bare):
        return None
    texts = [
        (one.texts or {}).get("default_prefix")
        for one in config.family.lineage(found.classes[0])
        if not isinstance(one, str)
    ]
    # A prefix in the config wins; BaseMetric itself has none.
    prefix = part.values.get("prefix") or next((one for one in texts if one), None)
    names = RESULT_NAMES.get(found.classes[0].dotted)
    if names is not None and part.values.get(names.chosen_by) is not None:
        names = None
    if not isinstance(prefix, str) and names is None:
        return None
    kinds = part.values.get("metric", ())
    named = (kinds,) if isinstance(kinds, str) else kinds
    if not isinstance(named, list | tuple) or not all(isinstance(one, str) for one in named):
        return None
    return _Results(prefix if isinstance(prefix, str) else "", tuple(named), names)


def _monitored(config: ConfigView) -> Iterator[tuple[KeyPath, str]]:
    for path, hook in config.hooks:
        key = _MONITORS.get(config.known_as(hook.get("type"), "HOOKS") or "")
        if key is not None and key in hook:
            yield from _names((*path, key), hook[key])
    for path, scheduler in config.scheduler_dicts:
        if (class_name(scheduler["type"]) or "").startswith("ReduceOnPlateau"):
            yield from _names((*path, "monitor"), scheduler.get("monitor"))


def _names(path: KeyPath, value: Any) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str) and value != "auto":
        yield path, value
    elif isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield from _names((*path, index), one)


_CONFIG = """
            default_scope = 'mmdet'
            val_evaluator = dict(type='CocoMetric', metric=['bbox', 'segm'])
"""


RULE = Rule(
    id="MMS145",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            f"""{_CONFIG}
            default_hooks = dict(
                checkpoint=dict(type='CheckpointHook', save_best=['coco/segm_mAP_50', 'auto'])
            )
            custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco/bbox_mAP')]
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            val_evaluator = [dict(type='CocoMetric'), dict(type='own.Metric')]
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='mine'))
            """,
            because="Nothing is known of the other metric.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            val_evaluator = dict(type='CocoMetric', prefix='ships')
            default_hooks = dict(
                checkpoint=dict(type='CheckpointHook', save_best='ships/bbox_mAP')
            )
            """,
        ),
        Valid(
            """
            default_scope = 'mmpose'
            val_evaluator = dict(type='CocoMetric')
            default_hooks = dict(
                checkpoint=dict(type='CheckpointHook', save_best=['coco/AP', 'coco/AR (M)'])
            )
            """,
        ),
        Valid(
            """
            default_scope = 'mmseg'
            val_evaluator = dict(type='IoUMetric', iou_metrics=['mIoU'])
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='mIoU'))
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            val_evaluator = dict(type='CocoMetric', metric_items=['mAP', 'AR@100'])
            default_hooks = dict(
                checkpoint=dict(type='CheckpointHook', save_best='coco/bbox_AR@100')
            )
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            val_evaluator = dict(
                type='MultiDatasetsEvaluator',
                metrics=[dict(type='CocoMetric')],
                dataset_prefixes=['ships'],
            )
            default_hooks = dict(
                checkpoint=dict(type='CheckpointHook', save_best='ships/coco/bbox_mAP')
            )
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            default_scope = 'mmdet'
            val_evaluator = dict(type='VOCMetric', metric='mAP')
            default_hooks = dict(
                checkpoint=dict(type='CheckpointHook', save_best='pascal_voc/mAP50')
            )
            """,
            at=Spot(4, 54, 72),
            message="'pascal_voc/mAP50' is none of the results of val_evaluator",
            after="""
            default_scope = 'mmdet'
            val_evaluator = dict(type='VOCMetric', metric='mAP')
            default_hooks = dict(
                checkpoint=dict(type='CheckpointHook', save_best='pascal_voc/AP50')
            )
            """,
        ),
        Invalid(
            """
            default_scope = 'mmpose'
            val_evaluator = dict(type='PCKAccuracy', thr=0.2)
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='pck'))
            """,
            at=Spot(3, 71, 76),
            message="'pck' is none of the results of val_evaluator",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            val_evaluator = dict(type='Evaluator', metrics=[dict(type='CocoMetric', prefix='a')])
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='b/bbox_mAP'))
            """,
            at=Spot(3, 71, 83),
            message="'b/bbox_mAP' is none of the results of val_evaluator",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            val_evaluator = dict(type='CocoMetric', metric='bbox')
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='bbox_mAP'))
            """,
            at=Spot(3, 71, 81),
            message="'bbox_mAP' is none of the results of val_evaluator",
            after="""
            default_scope = 'mmdet'
            val_evaluator = dict(type='CocoMetric', metric='bbox')
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='coco/bbox_mAP'))
            """,
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            val_evaluator = dict(type='CocoMetric', metric='bbox')
            custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco/segm_mAP')]
            param_scheduler = dict(type='ReduceOnPlateauLR', monitor='pascal_voc/mAP')
            """,
            at=Spot(3, 56, 71),
            message="'coco/segm_mAP' is none of the results of val_evaluator",
            also=[
                ExampleFinding(
                    Spot(4, 58, 74), "'pascal_voc/mAP' is none of the results of val_evaluator"
                )
            ],
        ),
    ],
)
