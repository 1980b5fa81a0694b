"""The training is over before the warm-up is.

A warm-up that counts what the loop counts is compared as it stands. One in iterations under an
epoch loop is compared where the number of images is known: from ``--dataset-size``, or from the
annotation files, where they lie at ``data_root``. A filter may leave out some of these images, and
more GPUs make an epoch shorter: then the training is shorter still.

## Why it matters

The standard warm-up of 500 or 1000 iterations is made for COCO, of which one epoch has thousands.
With 100 images, 12 epochs are 600 iterations in batches of 2: most of the training, or all of
it, runs at a learning rate that is far too low.

## Symptoms

``lr`` in the log rises to the end and never reaches its full value; the loss falls slowly.

## Before -> after

Write a shorter warm-up, or one in epochs: ``begin=0, end=1, by_epoch=True,
convert_to_iter_based=True``.

## Fix safety

There is no automatic fix: how long a warm-up should be is a choice.

## Source in mmengine

mmengine/optim/scheduler/param_scheduler.py, ``LinearParamScheduler``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.check.training_data import epoch_of
from mmscaffold.facts.units import Unit


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such warm-up, at its ``end``."""
    length = config.length
    if length is None or config.is_legacy:
        return
    warm_ups = [one for one in config.schedulers if one.is_warm_up and one.end is not None]
    for one in warm_ups:
        whole, told = length.maximum, ""
        if one.unit is not length.unit:
            epoch = epoch_of(config) if length.unit is Unit.EPOCHS else None
            if epoch is None:
                continue
            whole = length.maximum * epoch.iterations
            told = f": {Unit.EPOCHS.count(length.maximum)} of {epoch.iterations} ({epoch.told})"
        if one.end is not None and one.end >= whole:
            yield config.found(
                (*one.path, "end"),
                f"{one.type} warms up to {one.end:g}, and the whole training has "
                f"{one.unit.count(whole)}{told}",
                "Write a shorter warm-up, or one in epochs with convert_to_iter_based=True.",
            )


RULE = Rule(
    id="MMS154",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            train_dataloader = dict(batch_size=2)
            param_scheduler = dict(type='LinearLR', by_epoch=False, begin=0, end=500)
            """,
            because="Nobody knows how many images there are.",
        ),
        Valid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)
            param_scheduler = dict(type='LinearLR', by_epoch=False, begin=0, end=500)
            """,
        ),
        Valid(
            {
                "config.py": """
                default_scope = 'mmdet'
                train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
                train_dataloader = dict(
                    batch_size=1,
                    dataset=dict(
                        type='RepeatDataset',
                        times=3,
                        dataset=dict(type='VOCDataset', data_root='data/', ann_file='a.txt'),
                    ),
                )
                param_scheduler = dict(type='LinearLR', by_epoch=False, begin=0, end=70)
                """,
                "data/a.txt": "000001\n000002\n",
            },
            because="12 epochs show 2 images 3 times each: 72 iterations.",
        ),
    ],
    invalid=[
        Invalid(
            {
                "config.py": """
                default_scope = 'mmdet'
                train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
                train_dataloader = dict(
                    batch_size=2,
                    dataset=dict(type='CocoDataset', data_root='data/', ann_file='a.json'),
                )
                param_scheduler = [
                    dict(type='LinearLR', by_epoch=False, begin=0, end=500),
                    dict(type='MultiStepLR', milestones=[8, 11]),
                ]
                """,
                "data/a.json": """
                {"images": [{"id": 1}, {"id": 2}, {"id": 3}], "annotations": [],
                 "categories": [{"id": 1, "name": "ship"}]}
                """,
            },
            at=Spot(8, 56, 59),
            message=(
                "LinearLR warms up to 500, and the whole training has 24 iterations: 12 epochs "
                "of 2 (3 images in batches of 2)"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=300)
            param_scheduler = dict(type='LinearLR', by_epoch=False, begin=0, end=500)
            """,
            at=Spot(2, 70, 73),
            message="LinearLR warms up to 500, and the whole training has 300 iterations",
            after="""
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=300)
            param_scheduler = dict(type='LinearLR', by_epoch=False, begin=0, end=50)
            """,
        ),
    ],
)
