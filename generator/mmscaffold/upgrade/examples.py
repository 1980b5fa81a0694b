"""Examples of rules on transforms, which differ in their pipelines only."""

from __future__ import annotations

from mmscaffold.upgrade.rule import Example

_START = "type='CocoDataset', ann_file='a.json', pipeline=["


def trained(old: str, new: str, *codes: str, before: str = "", after: str = "") -> Example:
    """An example of a training pipeline of COCO.

    Args:
        old: Its transforms in 2.x.
        new: Its transforms in 3.x.
        codes: Of the notes.
        before: Further statements of the old config.
        after: Those of the new one.
    """
    return Example(
        f"{before}data = dict(train=dict({_START}{old}]))\n",
        "train_dataloader = dict(batch_size=2, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=True),\n"
        "    batch_sampler=dict(type='AspectRatioBatchSampler'),\n"
        f"    dataset=dict({_START}{new}],\n"
        f"        filter_cfg=dict(filter_empty_gt=True, min_size=32)))\n{after}",
        codes,
    )


def at_test(old: str, new: str, *codes: str, before: str = "", after: str = "") -> Example:
    """An example of a test pipeline of COCO; see ``trained``."""
    return Example(
        f"{before}data = dict(test=dict({_START}{old}]))\n",
        "test_dataloader = dict(batch_size=1, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=False),\n"
        f"    dataset=dict({_START}{new}], test_mode=True))\n{after}",
        codes,
    )


def evaluated(data_set: str, evaluation: str, metric: str, *codes: str) -> Example:
    """An example of an evaluation.

    Args:
        data_set: The keys of the data set of the validation.
        evaluation: Those of ``evaluation``.
        metric: The evaluator of 3.x.
        codes: Of the notes.
    """
    return Example(
        f"data = dict(val=dict({data_set}))\nevaluation = dict({evaluation})\n",
        f"val_evaluator = {metric}\n",
        codes,
    )
