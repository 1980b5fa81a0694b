"""The classes of a data set are written so that they are not taken as such.

## Why it matters

``classes=('ship')`` is a string: the comma makes the tuple. mmengine takes a string for the
name of a file, and where there is none for the classes: each letter is one. And ``CLASSES``, as
MMDetection 2.x called it, is a key of ``metainfo`` that nothing reads: the data set keeps the
classes of its class, and finds none of its own in the annotations.

## Symptoms

``ship is not a meta file, simply parsed as meta information``; ``ValueError: need at least one
array to concatenate``, or a training whose ``loss_bbox`` is 0 throughout.

## Before -> after

Write ``metainfo = dict(classes=('ship',))``.

## Fix safety

There is no automatic fix: a string may be the name of a file that is not here.

## Source in mmengine

mmengine/dataset/base_dataset.py, ``BaseDataset._load_metainfo``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid

_OLD = {"CLASSES": "classes", "PALETTE": "palette"}


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each data set at fault."""
    if config.is_legacy:
        return
    for part in config.parts:
        if part.registry != "DATASETS":
            continue
        metainfo = part.values.get("metainfo")
        if not isinstance(metainfo, Mapping):
            continue
        path = (*part.path, "metainfo")
        classes = metainfo.get("classes")
        if isinstance(classes, str) and not any(one in classes for one in "./\\"):
            yield config.found(
                (*path, "classes"),
                f"classes={classes!r} is a string: each of its letters is taken for a class",
                f"Write classes=({classes!r},), with the comma.",
            )
        for old, new in _OLD.items():
            is_own = config.is_own(part.bare)
            if old in metainfo and new not in metainfo and not is_own:
                yield config.found(
                    (*path, old),
                    f"nothing reads {old} in metainfo: {part.bare} keeps its own {new}",
                    f"Write {new}.",
                )


RULE = Rule(
    id="MMS143",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid("train_dataloader = dict(dataset=dict(type='A', metainfo=dict(classes=('ship',))))"),
        Valid("train_dataloader = dict(dataset=dict(type='A', metainfo=dict(classes='a.txt')))"),
        Valid(
            "train_dataloader = dict(dataset=dict(type='A', metainfo=dict(palette=[(0, 0, 0)])))"
        ),
        Valid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_data'])
                train_dataloader = dict(
                    dataset=dict(type='OwnData', metainfo=dict(CLASSES=('ship',)))
                )
                """,
                "own_data.py": """
                from mmdet.datasets import CocoDataset
                from mmdet.registry import DATASETS


                @DATASETS.register_module()
                class OwnData(CocoDataset):
                    def __init__(self, metainfo, **kwargs):
                        super().__init__(metainfo={'classes': metainfo['CLASSES']}, **kwargs)
                """,
            },
            because="A data set of the project may read it.",
        ),
    ],
    invalid=[
        Invalid(
            "train_dataloader = dict(dataset=dict(type='A', metainfo=dict(classes=('ship'))))",
            at=Spot(1, 71, 77),
            message="classes='ship' is a string: each of its letters is taken for a class",
            after=(
                "train_dataloader = dict(dataset=dict(type='A', metainfo=dict(classes=('ship',))))"
            ),
        ),
        Invalid(
            """
            val_dataloader = dict(
                dataset=dict(type='CocoDataset', metainfo=dict(CLASSES=('ship', 'buoy')))
            )
            """,
            at=Spot(2, 60, 76),
            message="nothing reads CLASSES in metainfo: CocoDataset keeps its own classes",
        ),
    ],
)
