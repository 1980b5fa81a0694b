"""``DefaultFormatBundle`` and ``Collect`` are one ``PackDetInputs``.

It packs whatever there is: ``keys`` goes, unless it names what it does not know (UP210). Of
``meta_keys``, ``filename`` is ``img_path`` now; ``img_norm_cfg``, ``ori_filename`` and
``pad_shape`` are gone, or added by the preprocessor. A test needs ``img_id``, and loads its boxes,
too: metrics of 3.x that have no annotation file of their own compare with these.

``ImageToTensor``, ``ToTensor``, ``ToDataContainer`` and ``SegRescale`` go: PackDetInputs, the
preprocessor and the heads do what they did.

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/formatting.py; mmdet 3.3.0,
mmdet/datasets/transforms/formatting.py; mmengine, model/base_model/data_preprocessor.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgTuple, origin_of
from mmscaffold.upgrade.data.data_sets import (
    leaves_of,
    stand_side_by_side,
    were_evaluated_apart,
)
from mmscaffold.upgrade.data.pipelines import Pipeline, Step, Steps
from mmscaffold.upgrade.data.transform_notes import TransformNotes
from mmscaffold.upgrade.draft import sequence
from mmscaffold.upgrade.examples import at_test, trained
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example
from mmscaffold.upgrade.tables.mmdet_data import (
    DATA_SETS,
    FORMATTING,
    LOADS_TARGETS,
    META_KEYS,
    PACKED,
    TEST_META_KEYS,
)

ID, PACKAGE = "UPR-19 pack", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = (
    "UPR-16", "UPR-20", "UPR-25 test-pipeline", "UPR-26 auto-augment",
)  # fmt: skip
OF_DATA = True


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Pack at the end, and remove what formatted before."""
    notes = TransformNotes()
    for pipeline, steps, step in list(old.transforms(*FORMATTING)):
        if step.type == "SegRescale":
            # A rule on models tells the head.
            factor = step.get("scale_factor", 1)
            pipeline.seg_scale = factor, origin_of(step.values, "scale_factor")
        for key in list(step.part):
            step.part.drop(key, Reason.AUTOMATIC)
        steps.remove(step)
    for pipeline, steps, step in list(old.transforms("Collect")):
        step.become("PackDetInputs")
        keys = sequence(step.get("keys")) or ()
        unknown = [key for key in keys if not isinstance(key, str) or key not in PACKED]
        if unknown:
            step.leave_to_note("keys")
            names = ", ".join(str(key) for key in unknown)
            notes.add(
                "UP210", f"PackDetInputs does not pack {names}",
                "Derive a transform from PackDetInputs that packs it into the data sample.",
                pipeline, step, "keys",
            )  # fmt: skip
        else:
            step.drop("keys", Reason.AUTOMATIC)
        is_test = pipeline.split != "train"
        needed = (*TEST_META_KEYS, *_extra_meta_keys(old, new, pipeline)) if is_test else ()
        if "meta_keys" in step:
            step.turn("meta_keys", _meta_keys(step, needed))
        elif is_test:
            step.add("meta_keys", CfgTuple.make(needed))
        if is_test:
            _load_targets(old, pipeline, steps, step)
    yield from notes


def _meta_keys(step: Step, needed: tuple[str, ...]) -> Any:
    """The meta keys by their new names, those first that are needed and were not asked for."""
    given = sequence(step.get("meta_keys"))
    if given is None:
        return step.get("meta_keys")
    named: list[Any] = [META_KEYS.get(key, key) if isinstance(key, str) else key for key in given]
    kept = [key for key in named if key is not None]
    return CfgTuple.make([*(key for key in needed if key not in kept), *kept])


def _extra_meta_keys(old: OldConfig, new: New, pipeline: Pipeline) -> tuple[str, ...]:
    loader = new.get(str(pipeline.place[0]))
    data_set = loader.get("dataset") if isinstance(loader, CfgDict) else None
    leaves = list(leaves_of(data_set))
    rows = [DATA_SETS.get(str(one.get("type")).rpartition(".")[2]) for one in leaves]
    for row in rows:
        if row is not None and row.meta_keys:
            return row.meta_keys
    is_apart = stand_side_by_side(data_set, leaves) and were_evaluated_apart(
        old.part("data", pipeline.split), leaves
    )
    if (
        len(leaves) > 1
        and not is_apart
        and any(r is None or r.metric.needs_ann_file for r in rows)
    ):
        # One metric for several annotation files reads none, but the truth of each image.
        return ("instances",)
    return ()


def _load_targets(old: OldConfig, pipeline: Pipeline, steps: Steps, pack: Step) -> None:
    """Load the boxes of a test, and the masks if the training does."""
    if any(step.type in LOADS_TARGETS for step in pipeline.steps):
        return
    load: dict[str, Any] = {"type": "LoadAnnotations", "with_bbox": True}
    for one in old.pipelines:
        if one.split != "train":
            continue
        for _, step in one.all():
            if step.type == "LoadPanopticAnnotations":
                load = {"type": step.type}
            elif step.type == "LoadAnnotations" and step.get("with_mask") is True:
                load["with_mask"] = True
    made = Step(pack.part.nothing())
    made.values = CfgDict(load)
    steps.insert_before(pack, made)


_TEST_KEYS = "('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'"
EXAMPLES = (
    trained(
        "dict(type='DefaultFormatBundle'), dict(type='Collect', keys=['img', 'gt_bboxes'])",
        "dict(type='PackDetInputs')",
    ),
    trained(
        "dict(type='Collect', keys=['img', 'depth'], meta_keys=('filename', 'img_norm_cfg', 'x'))",
        "dict(type='PackDetInputs', meta_keys=('img_path', 'x'))",
        "UP210",
    ),
    at_test(
        "dict(type='ImageToTensor', keys=['img']), dict(type='Collect', keys=['img'])",
        "dict(type='LoadAnnotations', with_bbox=True),"
        f"dict(type='PackDetInputs', meta_keys={_TEST_KEYS}))",
    ),
    at_test(
        "dict(type='Collect', keys=['img'], meta_keys=['filename', 'border'])",
        "dict(type='LoadAnnotations', with_bbox=True), dict(type='PackDetInputs',"
        " meta_keys=('img_id', 'ori_shape', 'img_shape', 'scale_factor', 'img_path', 'border'))",
    ),
    Example(  # Evaluated together.
        "steps = [dict(type='LoadAnnotations'), dict(type='Collect', keys=['img'])]\n"
        "data = dict(val=dict(type='ConcatDataset', separate_eval=False, datasets=[\n"
        "    dict(type='MyDataset', ann_file='a', pipeline=steps),\n"
        "    dict(type='MyDataset', ann_file='b', pipeline=steps)]))\n",
        "steps = [dict(type='LoadAnnotations'),\n"
        f"         dict(type='PackDetInputs', meta_keys={_TEST_KEYS}, 'instances'))]\n"
        "val_dataloader = dict(batch_size=1, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=False),\n"
        "    dataset=dict(type='ConcatDataset', datasets=[\n"
        "        dict(type='MyDataset', ann_file='a', pipeline=steps, test_mode=True),\n"
        "        dict(type='MyDataset', ann_file='b', pipeline=steps, test_mode=True)]))\n",
        ("UP202", "UP202"),
    ),
)
