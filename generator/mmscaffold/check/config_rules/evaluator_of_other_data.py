"""An evaluator reads other annotations than the data set that it evaluates.

## Why it matters

``ann_file`` is written twice, in the data set and in the evaluator. Where only one was changed,
the results are held against the annotations of other images.

## Symptoms

``AssertionError: Results do not correspond to current coco set``, or metrics near 0 after a
training whose loss is good.

## Before -> after

Give the evaluator the ``ann_file`` of its data set, ``data_root`` before it.

## Fix safety

There is no automatic fix: either may be wrong.

## Source in mmengine

mmdet/evaluation/metrics/coco_metric.py; mmengine/evaluator/evaluator.py.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.data_sets import data_sets
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.parts import Part
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import EVALUATION_MODES

# mmengine/utils/path.py, is_abs: data_root is not put before them, nor before /...
_REMOTE = ("http://", "https://", "s3://")
# The same on Windows, wherever the config is checked.
_OF_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such evaluator."""
    if config.is_legacy or not config.is_runnable:
        return
    for mode in EVALUATION_MODES:
        evaluators = [
            part
            for part in config.parts_below(f"{mode}_evaluator")
            if part.registry == "METRICS" and part.values.get("ann_file")
        ]
        parts = list(data_sets(config, mode)) if evaluators else []
        if len(parts) != 1:
            continue
        read = _annotations(parts[0])
        # Instances can be evaluated beside panoptic segmentation.
        if read is None or "Panoptic" in parts[0].bare:
            continue
        for part in evaluators:
            given = part.values["ann_file"]
            if not isinstance(given, str):
                continue
            # Of another format, it is another file by design: a metric's GT.pkl beside a csv.
            is_alike = posixpath.splitext(given)[1] == posixpath.splitext(read)[1]
            if is_alike and _normal(given) != read:
                yield config.found(
                    (*part.path, "ann_file"),
                    f"{part.bare} reads the annotations {given}, and its data set {read}",
                    "Give both the same annotations.",
                )


def _annotations(part: Part) -> str | None:
    """The annotations that a data set reads, its ``data_root`` joined with ``ann_file``."""
    root, file = part.values.get("data_root", ""), part.values.get("ann_file")
    if not isinstance(file, str) or not file or not isinstance(root or "", str):
        return None
    if not file.startswith(_REMOTE) and not _OF_WINDOWS.match(file):
        file = posixpath.join(root or "", file)
    return _normal(file)


def _normal(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/") if _OF_WINDOWS.match(path) else path)


RULE = Rule(
    id="MMS147",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            val_dataloader = dict(
                dataset=dict(type='CocoDataset', data_root='data/ships/', ann_file='val.json')
            )
            val_evaluator = dict(type='CocoMetric', ann_file='data/ships/val.json')
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            val_dataloader = dict(
                dataset=dict(type='CocoDataset', data_root='data', ann_file='/abs/val.json')
            )
            val_evaluator = [dict(type='CocoMetric', ann_file='/abs/val.json')]
            """,
        ),
        Valid(
            """
            default_scope = 'mmaction'
            model = dict(type='FastRCNN')
            val_dataloader = dict(dataset=dict(type='AVADataset', ann_file='val.csv'))
            val_evaluator = dict(type='MultiSportsMetric', ann_file='GT.pkl')
            """,
            because="The metric reads another format than the data set.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            val_dataloader = dict(
                dataset=dict(type='CocoDataset', data_root='data', ann_file='s3://ships/val.json')
            )
            val_evaluator = dict(type='CocoMetric', ann_file='s3://ships/val.json')
            """,
        ),
        Valid(
            r"""
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            val_dataloader = dict(
                dataset=dict(type='CocoDataset', data_root='x', ann_file=r'D:\ships\val.json')
            )
            val_evaluator = dict(type='CocoMetric', ann_file='D:/ships/val.json')
            test_dataloader = dict(
                dataset=dict(type='CocoDataset', data_root=r'D:\ships', ann_file='test.json')
            )
            test_evaluator = dict(type='CocoMetric', ann_file=r'D:\ships\test.json')
            """,
            because="These are whole paths on Windows.",
        ),
    ],
    invalid=[
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            val_dataloader = dict(
                dataset=dict(type='CocoDataset', data_root='data/ships/', ann_file='val.json')
            )
            val_evaluator = dict(type='CocoMetric', ann_file='data/coco/val.json')
            """,
            at=Spot(6, 50, 70),
            message=(
                "CocoMetric reads the annotations data/coco/val.json, and its data set "
                "data/ships/val.json"
            ),
            after="""
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            val_dataloader = dict(
                dataset=dict(type='CocoDataset', data_root='data/ships/', ann_file='val.json')
            )
            val_evaluator = dict(type='CocoMetric', ann_file='data/ships/val.json')
            """,
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            test_dataloader = dict(dataset=dict(type='CocoDataset', ann_file='test.json'))
            test_evaluator = [dict(type='CocoMetric', ann_file='val.json')]
            """,
            at=Spot(4, 52, 62),
            message="CocoMetric reads the annotations val.json, and its data set test.json",
        ),
    ],
)
