"""The model is trained on other classes than it is validated or tested on.

## Why it matters

``metainfo`` is written into the data set of ``train_dataloader`` and forgotten in that of
``val_dataloader``: this keeps the classes that its class has by itself. The labels of both then
mean different things.

## Symptoms

A good loss and an mAP of 0; ``AssertionError`` or ``IndexError`` in the metric.

## Before -> after

Give the data sets of all dataloaders the same ``metainfo``.

## Fix safety

There is no automatic fix: either may be wrong.

## Source in mmengine

mmengine/dataset/base_dataset.py, ``BaseDataset._load_metainfo``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.data_sets import Classes, common_classes, count_of
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.parts import Part
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding, at the data set of the validation or of the test."""
    if config.is_legacy or not config.is_runnable:
        return
    train = common_classes(config, "train")
    told: list[Classes] = []
    for mode, does in _DOES.items() if train is not None else ():
        other = common_classes(config, mode)
        if train is None or other is None or _mean_the_same(train[0], other[0]):
            continue
        # The same data are often tested on that validate.
        if other[0] in told:
            continue
        # Of an open vocabulary, the classes of each come with its data, as texts.
        if any(one.values.get("return_classes") for one in (train[1], other[1])):
            continue
        # Another data set may have its own names for the same, unless the config sets them.
        if train[1].name != other[1].name and not _is_written(train[1]):
            continue
        told.append(other[0])
        yield config.found(
            other[1].path,
            f"{train[1].bare} trains on {_told(train[0])}, and {other[1].bare} {does} "
            f"{_told(other[0])}",
            "Give both the same metainfo.",
        )


_DOES = {"val": "validates on", "test": "tests on"}


def _is_written(part: Part) -> bool:
    metainfo = part.values.get("metainfo")
    return isinstance(metainfo, Mapping) and "classes" in metainfo


def _mean_the_same(train: Classes, val: Classes) -> bool:
    """Whether each label that is trained is the same class in the validation."""
    if isinstance(train, int) or isinstance(val, int):
        return train == val
    return val[: len(train)] == train


def _told(classes: Classes) -> str:
    number = count_of(classes)
    if isinstance(classes, int) or number > _FEW:
        return f"{number} classes" + ("" if isinstance(classes, int) else f" ({classes[0]}, ...)")
    return ", ".join(classes) or "no classes"


_FEW = 4


RULE = Rule(
    id="MMS144",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            train_dataloader = dict(dataset=dict(type='CocoDataset'))
            val_dataloader = dict(dataset=dict(type='CocoDataset'))
            """,
        ),
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            train_dataloader = dict(dataset=dict(type='own.Ships', metainfo=dict(version=2)))
            val_dataloader = dict(dataset=dict(type='CocoDataset'))
            """,
            because="The classes of own.Ships are not known.",
        ),
    ],
    invalid=[
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            train_dataloader = dict(
                dataset=dict(type='CocoDataset', metainfo=dict(classes=('ship', 'buoy')))
            )
            val_dataloader = dict(dataset=dict(type='CocoDataset'))
            """,
            at=Spot(6, 31, 55),
            message=(
                "CocoDataset trains on ship, buoy, and CocoDataset validates on 80 classes "
                "(person, ...)"
            ),
            after="""
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            train_dataloader = dict(
                dataset=dict(type='CocoDataset', metainfo=dict(classes=('ship', 'buoy')))
            )
            val_dataloader = dict(
                dataset=dict(type='CocoDataset', metainfo=dict(classes=('ship', 'buoy')))
            )
            """,
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            train_dataloader = dict(
                dataset=dict(type='CocoDataset', metainfo=dict(classes=['ship', 'buoy']))
            )
            val_dataloader = dict(
                dataset=dict(type='CocoDataset', metainfo=dict(classes=['buoy', 'ship']))
            )
            """,
            at=Spot(7, 13, 78),
            message="CocoDataset trains on ship, buoy, and CocoDataset validates on buoy, ship",
            because="The order decides which label is which.",
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            train_dataloader = dict(
                dataset=dict(type='CocoDataset', metainfo=dict(classes=['ship', 'buoy']))
            )
            test_dataloader = dict(dataset=dict(type='VOCDataset'))
            """,
            at=Spot(6, 32, 55),
            message=(
                "CocoDataset trains on ship, buoy, and VOCDataset tests on 20 classes "
                "(aeroplane, ...)"
            ),
        ),
    ],
)
