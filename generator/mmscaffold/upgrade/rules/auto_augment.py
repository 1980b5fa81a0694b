"""``AutoAugment`` is ``RandomChoice`` of policies; transforms within transforms.

The transforms within are upgraded as those around them. So are those within a transform of your
own, if they are dicts with a ``type`` in a list.

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/auto_augment.py; mmcv 2.1.0,
mmcv/transforms/wrappers.py (``RandomChoice``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, origin_of
from mmscaffold.upgrade.data.pipelines import Step, Steps
from mmscaffold.upgrade.draft import sequence
from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.tables.mmdet_data import FORMATTING, names_in_3x

ID, PACKAGE = "UPR-26 auto-augment", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-16", "UPR-25 test-pipeline")
OF_DATA = True
_HOLDS_OTHERS = ("AutoAugment", "Compose", "RandomChoice", "RandomApply", "RandomOrder")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Find the transforms within others, for the rules that follow."""
    known = names_in_3x("TRANSFORMS") | FORMATTING | {"Collect"}
    pending = [step for _, _, step in old.transforms()]
    while pending:
        step = pending.pop()
        if step.type not in _HOLDS_OTHERS and step.type in known:
            continue
        for key in list(step.part):
            _open(step, step.part, step.values, key)
        pending += [one for inner in step.inner for one in inner]
        if step.type == "AutoAugment":
            step.become("RandomChoice")
            step.rename("policies", "transforms")
    yield from ()


def _open(step: Step, part: Part, values: CfgDict, key: object) -> None:
    """Make steps of the transforms in a list, or in the lists of a list."""
    items = sequence(part.get(key)) if isinstance(key, str) else None
    if items is None or not isinstance(key, str) or not items:
        return
    if all(_is_transform(one) for one in items):
        inner = Steps.of(part, key)
        assert inner is not None
        step.inner.append(inner)
        values.put(key, inner.target, origin_of(part.values, key))
    elif all(sequence(one) and all(map(_is_transform, one)) for one in items):
        outer = CfgList()
        for index, lists in enumerate(part.lists(key)):
            inner = Steps()
            inner.fill(lists, items[index])
            step.inner.append(inner)
            outer.append(inner.target, origin_of(items, index))
        values.put(key, outer, origin_of(part.values, key))


def _is_transform(value: object) -> bool:
    return isinstance(value, CfgDict) and isinstance(value.get("type"), str)


EXAMPLES = (
    trained(
        "dict(type='AutoAugment', policies=["
        "[dict(type='Resize', img_scale=(9, 8)), dict(type='RandomFlip', flip_ratio=0.5)],"
        "[dict(type='RandomFlip', flip_ratio=1.0)]])",
        "dict(type='RandomChoice', transforms=["
        "[dict(type='Resize', scale=(9, 8), keep_ratio=True), dict(type='RandomFlip', prob=0.5)],"
        "[dict(type='RandomFlip', prob=1.0)]])",
    ),
)
