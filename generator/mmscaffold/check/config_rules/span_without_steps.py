"""With so little data, a scheduler has no step between its ``begin`` and its ``end``.

- One in iterations without an ``end`` gets the number of iterations of the whole training, and
  its ``begin`` lies beyond;
- one with ``convert_to_iter_based`` whose span is a fraction of an epoch that holds no iteration.

Found where the number of images is known: from ``--dataset-size``, or from the annotation files,
where they lie at ``data_root``.

## Why it matters

The schedule was made for more data. mmengine computes both numbers when the training starts, and
refuses a scheduler that ends where it begins.

## Symptoms

``ValueError: end should be larger than begin, but got begin=1000, end=600``.

## Before -> after

Let the scheduler begin earlier; or write its span in epochs, with ``convert_to_iter_based=True``.

## Fix safety

There is no automatic fix: where it should begin is a choice.

## Source in mmengine

mmengine/runner/runner.py, ``Runner._build_param_scheduler``;
mmengine/optim/scheduler/param_scheduler.py, ``build_iter_from_epoch``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.check.training_data import Epoch, epoch_of
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.schedulers import Scheduler


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such scheduler, at its ``begin`` or ``end``."""
    length = config.length
    if length is None or length.unit is not Unit.EPOCHS or config.is_legacy:
        return
    computed = [one for one in config.schedulers if _is_computed(one)]
    epoch = epoch_of(config) if computed else None
    if epoch is None:
        return
    for one in computed:
        begin, end = _span(one, length.maximum, epoch)
        if end > begin:
            continue
        yield config.found(
            (*one.path, "begin" if one.end is None else "end"),
            f"{one.type} begins at iteration {begin} and ends at {end}, as an epoch has "
            f"{epoch.iterations} ({epoch.told}); mmengine refuses that",
            "Let it begin earlier, or end later.",
        )


def _is_computed(scheduler: Scheduler) -> bool:
    """Whether the number of iterations decides where a scheduler begins or ends."""
    if scheduler.family.after_validations:
        return False
    if scheduler.unit is Unit.ITERATIONS:
        return scheduler.end is None and scheduler.begin > 0
    is_empty = scheduler.end is not None and scheduler.end <= scheduler.begin
    return bool(scheduler.values.get("convert_to_iter_based")) and not is_empty


def _span(scheduler: Scheduler, maximum: int, epoch: Epoch) -> tuple[int, int]:
    """Where a scheduler begins and ends, in iterations."""
    each = 1 if scheduler.unit is Unit.ITERATIONS else epoch.iterations
    begin = int(scheduler.begin * each)
    if scheduler.end is None:
        return begin, maximum * epoch.iterations
    return begin, int(scheduler.end * each)


_DATA = """
{"images": [{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4}, {"id": 5}], "annotations": [],
 "categories": [{"id": 1, "name": "ship"}]}
"""

RULE = Rule(
    id="MMS155",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            train_dataloader = dict(batch_size=2)
            param_scheduler = dict(type='PolyLR', by_epoch=False, begin=1000)
            """,
            because="Nobody knows how many images there are.",
        ),
        Valid(
            {
                "config.py": """
                default_scope = 'mmdet'
                train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
                train_dataloader = dict(
                    batch_size=1,
                    dataset=dict(type='CocoDataset', data_root='data/', ann_file='a.json'),
                )
                param_scheduler = [
                    dict(type='LinearLR', end=0.5, convert_to_iter_based=True),
                    dict(type='PolyLR', by_epoch=False, begin=50),
                ]
                """,
                "data/a.json": _DATA,
            },
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
                param_scheduler = dict(type='CosineAnnealingLR', by_epoch=False, begin=1000)
                """,
                "data/a.json": _DATA,
            },
            at=Spot(7, 72, 76),
            message=(
                "CosineAnnealingLR begins at iteration 1000 and ends at 36, as an epoch has 3 "
                "(5 images in batches of 2); mmengine refuses that"
            ),
            after="""
            default_scope = 'mmdet'
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            train_dataloader = dict(
                batch_size=2,
                dataset=dict(type='CocoDataset', data_root='data/', ann_file='a.json'),
            )
            param_scheduler = dict(
                type='CosineAnnealingLR', begin=1, T_max=11, convert_to_iter_based=True
            )
            """,
        ),
        Invalid(
            {
                "config.py": """
                default_scope = 'mmdet'
                train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
                train_dataloader = dict(
                    batch_size=2,
                    dataset=dict(type='CocoDataset', data_root='data/', ann_file='a.json'),
                )
                param_scheduler = dict(type='LinearLR', end=0.3, convert_to_iter_based=True)
                """,
                "data/a.json": _DATA,
            },
            at=Spot(7, 45, 48),
            message=(
                "LinearLR begins at iteration 0 and ends at 0, as an epoch has 3 (5 images in "
                "batches of 2); mmengine refuses that"
            ),
        ),
    ],
)
