"""``evaluation.save_best`` belongs to the checkpoints, with the prefix of its metric.

A metric of 3.x calls its results ``coco/bbox_mAP``: ``save_best='bbox_mAP'`` would end in a
KeyError after the first validation. Of data sets that are evaluated one by one, the place stands
before it, as it did in 2.x: ``0_bbox_mAP`` is ``0/coco/bbox_mAP``. ``'auto'`` stays. ``rule``,
``greater_keys`` and ``less_keys`` go along.

Sources: mmcv 1.7.2, mmcv/runner/hooks/evaluation.py; mmengine, hooks/checkpoint_hook.py and
evaluator/metric.py (``default_prefix``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple
from mmscaffold.upgrade.data.data_sets import leaves_of, metric_row
from mmscaffold.upgrade.draft import sequence
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import Example
from mmscaffold.upgrade.tables.mmdet_data import COCO, EACH_FOR_ITSELF, PANOPTIC

ID, PACKAGE = "UPR-29 save-best", "mmdet"
WRITES = ("default_hooks",)
AFTER = ("UPR-28 metrics", "UPR-32")
_KEYS = ("rule", "greater_keys", "less_keys")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Move it to the hook of the checkpoints."""
    evaluation = old.part("evaluation")
    if evaluation is None:
        return
    if evaluation.get("save_best") is None:
        for key in ("save_best", *_KEYS, "out_dir"):
            evaluation.take(key)
        return
    hooks = new.child("default_hooks")
    if "checkpoint" not in hooks or hooks.get("checkpoint") is None:
        # Only the best were kept.
        hooks.put("checkpoint", CfgDict(type="CheckpointHook", interval=-1))
        if not old.is_whole:
            hooks.put("checkpoint", CfgDict())
    checkpoint = hooks.child("checkpoint")
    yield from _best(evaluation, new, checkpoint)
    for key in _KEYS:
        evaluation.move(key, checkpoint)
    if evaluation.get("out_dir") is not None:
        evaluation.leave_to_note("out_dir")
        yield Note(
            "UP210",
            "evaluation.out_dir: the best checkpoint lies with all others in 3.x",
            checkpoint.path,
            (*evaluation.path, "out_dir"),
            "out_dir of the CheckpointHook moves all of them.",
        )


def _best(evaluation: Part, new: New, checkpoint: New) -> Iterator[Note]:
    value = evaluation.get("save_best")
    several = sequence(value)
    names = list(several) if several is not None else [value]
    loader = new.get("val_dataloader")
    data_sets = list(leaves_of(loader.get("dataset"))) if isinstance(loader, CfgDict) else []
    known = [one for one in data_sets if isinstance(one.get("type"), str)]
    if names == ["auto"] or not all(isinstance(one, str) for one in names) or not known:
        evaluation.move("save_best", checkpoint)
        if names != ["auto"]:
            yield Note(
                "UP202",
                "save_best must begin with the prefix of its metric, such as coco/",
                (*checkpoint.path, "save_best"),
                (*evaluation.path, "save_best"),
                "Results of 3.x are called coco/bbox_mAP, pascal_voc/mAP, ...",
            )
        return
    evaluator = new.get("val_evaluator")
    is_of_each = isinstance(evaluator, CfgDict) and evaluator.get("type") == EACH_FOR_ITSELF
    named = []
    for one in names:
        index, result = _placed(one, len(known)) if _is_row(loader) else (None, one)
        metric = metric_row(known[index or 0], evaluation)[1]
        name = _named(result, COCO.prefix if _is_of_coco(result, metric) else metric.prefix)
        named.append(f"{index}/{name}" if is_of_each and index is not None else name)
    evaluation.take("save_best")
    if isinstance(several, CfgList | CfgTuple):
        checkpoint.put("save_best", CfgList(named))
    else:
        checkpoint.put("save_best", named[0])


def _is_row(loader: Any) -> bool:
    outer = loader.get("dataset")
    return isinstance(outer, CfgDict) and "datasets" in outer


def _placed(name: str, number: int) -> tuple[int | None, str]:
    """The place of the data set whose result is meant, and the name of the result."""
    index, _, result = name.partition("_")
    return (int(index), result) if index.isdecimal() and int(index) < number else (None, name)


def _is_of_coco(name: str, metric: object) -> bool:
    return metric is PANOPTIC and name.startswith(("bbox", "segm", "AR"))


def _named(name: str, prefix: str) -> str:
    return name if name == "auto" or "/" in name else f"{prefix}/{name}"


def _example(kind: str, best: str, new: str) -> Example:
    return Example(
        f"data = dict(val=dict(type='{kind}', ann_file='a'))\nevaluation = dict({best})\n",
        f"default_hooks = dict(checkpoint=dict({new}))\n",
    )


EXAMPLES = (
    Example(
        "data = dict(val=[dict(type='CocoDataset', ann_file='a'),\n"
        "                 dict(type='VOCDataset', ann_file='b')])\n"
        "evaluation = dict(save_best=['auto', '0_bbox_mAP_50', '1_mAP'])\n",
        "default_hooks = dict(checkpoint=dict(\n"
        "    save_best=['auto', '0/coco/bbox_mAP_50', '1/pascal_voc/mAP']))\n",
        ("UP207",),
    ),
    Example(
        "data = dict(val=[dict(type='CocoDataset', ann_file='a')])\n"
        "evaluation = dict(save_best='0_bbox_mAP')\n",
        "default_hooks = dict(checkpoint=dict(save_best='coco/bbox_mAP'))\n",
    ),
    _example("CocoDataset", "save_best='bbox_mAP'", "save_best='coco/bbox_mAP'"),
    _example("CocoDataset", "save_best='auto', rule='less'", "save_best='auto', rule='less'"),
    _example("VOCDataset", "save_best='mAP'", "save_best='pascal_voc/mAP'"),
    _example("LVISV1Dataset", "save_best='bbox_AP'", "save_best='lvis/bbox_AP'"),
    _example("CocoPanopticDataset", "save_best='segm_mAP'", "save_best='coco/segm_mAP'"),
)
