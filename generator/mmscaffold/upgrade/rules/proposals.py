"""Proposals that a file gives move with the images in 3.x only where it is told.

``LoadProposals`` of 2.x counted its proposals among the boxes of an image, so that each transform
moved them. In 3.x ``ProposalBroadcaster`` applies the transforms within it to both.

The files have another form: a dict from the name of each image to its ``InstanceData``, where 2.x
had a list in the order of the data set (UP210).

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/loading.py (``LoadProposals``); mmdet 3.3.0,
mmdet/datasets/transforms/wrappers.py (``ProposalBroadcaster``) and
mmdet/datasets/base_det_dataset.py (``load_proposals``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.upgrade.data.pipelines import Step, Steps
from mmscaffold.upgrade.data.transform_notes import TransformNotes
from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.tables.mmdet_data import GEOMETRIC

ID, PACKAGE = "UPR-26 proposals", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = (
    "UPR-16", "UPR-19", "UPR-20", "UPR-22", "UPR-23", "UPR-25 test-pipeline",
    "UPR-26 auto-augment", "UPR-26 magnitudes",
)  # fmt: skip
OF_DATA = True


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Wrap what moves boxes."""
    notes = TransformNotes()
    for pipeline, steps, step in list(old.transforms("LoadProposals")):
        told = pipeline.augmentation.flips if pipeline.augmentation is not None else []
        moving = [
            one for one in steps.following(step) if one.type in GEOMETRIC and one not in told
        ]
        if moving:
            first, last = steps.steps.index(moving[0]), steps.steps.index(moving[-1])
            _wrap(steps, [one for one in steps.steps[first : last + 1] if one not in told])
        notes.add(
            "UP210", "proposals of 3.x are dicts of InstanceData, by the names of images",
            "Write the proposal_file again with 3.x (DumpProposals of mmdet's evaluation).",
            pipeline, step,
        )  # fmt: skip
    yield from notes


def _wrap(steps: Steps, moving: list[Step]) -> None:
    inner = Steps()
    for step in moving:
        inner.steps.append(step)
        inner.target.append(step.values, step.origin)
    wrapper = Step(moving[0].part.nothing())
    wrapper.values = CfgDict(type="ProposalBroadcaster", transforms=inner.target)
    wrapper.inner.append(inner)
    steps.insert_before(moving[0], wrapper)
    for step in moving:
        steps.remove(step)


EXAMPLES = (
    trained(
        "dict(type='LoadProposals'), dict(type='Resize', img_scale=(9, 8)),"
        "dict(type='RandomFlip', flip_ratio=0.5), dict(type='Collect', keys=['proposals'])",
        "dict(type='LoadProposals'), dict(type='ProposalBroadcaster', transforms=["
        "    dict(type='Resize', scale=(9, 8), keep_ratio=True),"
        "    dict(type='RandomFlip', prob=0.5)]), dict(type='PackDetInputs')",
        "UP210",
    ),
)
