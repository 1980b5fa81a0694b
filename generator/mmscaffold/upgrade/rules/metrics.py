"""``evaluation`` becomes the metrics of ``val_evaluator`` and ``test_evaluator``.

2.x's data sets evaluated themselves; in 3.x a metric does, and is told the annotation file.

| data set | metric |
| --- | --- |
| COCO, Cityscapes, DeepFashion, Objects365, and those of yours | ``CocoMetric`` |
| LVIS | ``LVISMetric`` |
| VOC, WIDERFace, XML | ``VOCMetric``, by 11 points for VOC2007 and by area for all others |
| panoptic | ``CocoPanopticMetric``, and ``CocoMetric`` for boxes and masks |
| OpenImages | ``OpenImagesMetric`` |

The file of the metric is that of the data set, joined with its ``data_root``, as 2.x joined them.
Data sets in a row, which 2.x evaluated one by one, have a metric each, which
``MultiDatasetsEvaluator`` gives its share of the results. Their names begin with the place of the
data set, as in 2.x: ``0/coco/bbox_mAP`` was ``0_bbox_mAP``. Where a data set needs several
metrics, all are evaluated together (UP202).

``metric`` may be a list, and never a tuple. The test is evaluated as the validation is, unless its
data are of another kind, whose metric does not know what the validation asks for.

Sources: mmdet 2.28.2, ``evaluate`` in mmdet/datasets (of a row of data sets: dataset_wrappers.py);
mmcv 1.7.2, mmcv/runner/hooks/evaluation.py; mmdet 3.3.0, mmdet/evaluation/metrics and
evaluation/evaluator/multi_datasets_evaluator.py.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.upgrade.data.data_sets import (
    kinds_of,
    leaves_of,
    metric_row,
    stand_side_by_side,
    were_evaluated_apart,
)
from mmscaffold.upgrade.data.rest_of_evaluation import told_of_the_rest
from mmscaffold.upgrade.draft import sequence
from mmscaffold.upgrade.examples import evaluated
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import Example
from mmscaffold.upgrade.tables.mmdet_data import (
    CITYSCAPES,
    COCO,
    COCO_KINDS,
    EACH_FOR_ITSELF,
    PANOPTIC,
    VOC,
    VOC_KINDS,
)

ID, PACKAGE = "UPR-28 metrics", "mmdet"
WRITES = ("val_evaluator", "test_evaluator")
AFTER = ("UPR-15", "UPR-16")
SPLITS = ("val", "test")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the evaluators."""
    evaluation = old.part("evaluation")
    if evaluation is None and old.root.get("evaluation") is None:
        old.top().drop("evaluation", Reason.DEFAULT)
    elif evaluation is None:
        old.top().leave_to_note("evaluation")
        yield Note("UP212", "evaluation is no dict that could be read", (), ("evaluation",))
    for split in SPLITS:
        loader = new.get(f"{split}_dataloader")
        data_sets = list(leaves_of(loader.get("dataset"))) if isinstance(loader, CfgDict) else []
        if data_sets and isinstance(data_sets[0].get("type"), str):
            yield from _write(old, split, data_sets, evaluation, new)
    if evaluation is not None and old.root.get("data") is not None:
        yield from told_of_the_rest(evaluation)
    elif evaluation is not None:
        # A config that inherits from this one, and has data, says what becomes of it.
        for key in evaluation.unsaid():
            evaluation.take(key)


def _write(
    old: OldConfig, split: str, data_sets: list[CfgDict], evaluation: Part | None, new: New
) -> Iterator[Note]:
    """Write the evaluator of a split: for several data sets, what evaluates each by itself."""
    key = f"{split}_evaluator"
    if len(data_sets) > 1 and were_evaluated_apart(old.part("data", split), data_sets):
        singles = [_Evaluator(old, split, [one], evaluation) for one in data_sets]
        metrics = [single.metrics(key) for single in singles]
        outer = new.get(f"{split}_dataloader").get("dataset")
        if stand_side_by_side(outer, data_sets) and all(len(one) == 1 for one in metrics):
            made = CfgDict(type=EACH_FOR_ITSELF)
            made.put("metrics", CfgList(one.values for (one,) in metrics), None)
            made.put("dataset_prefixes", CfgList(str(i) for i in range(len(data_sets))), None)
            new.put(key, made)
            for single in singles:
                yield from single.notes
            return
        yield Note(
            "UP202",
            "2.x evaluated these data sets one by one; this, together",
            (f"{split}_dataloader",),
            ("data", split),
            "Give each a loader and a test of its own, or one annotation file to all.",
        )
    together = _Evaluator(old, split, data_sets, evaluation)
    found = together.metrics(key)
    new.put(key, found[0].values if len(found) == 1 else CfgList(one.values for one in found))
    yield from together.notes


class _Evaluator:
    """The metrics of one split, or of one of its data sets."""

    def __init__(
        self, old: OldConfig, split: str, data_sets: list[CfgDict], evaluation: Part | None
    ) -> None:
        self.old = old
        self.split = split
        self.data_sets = data_sets
        self.data_set = data_sets[0]
        self.evaluation = evaluation
        self.row, self.metric = metric_row(self.data_set, evaluation)
        self.notes: list[Note] = []

    def metrics(self, key: str) -> list[New]:
        """The metrics, of which there is more than one where several evaluate."""
        found = [New(CfgDict(type=self.metric.type), (key,))]
        if self.metric is PANOPTIC:
            self._ann_file(found[0], self.data_set, "ann_file", "ann_file")
            self._prefix(found[0], "seg", "seg_prefix")
            self._arguments(found[0])
            found += self._of_instances(key)
        else:
            if self.metric.needs_ann_file and len(self.data_sets) == 1:
                self._ann_file(found[0], self.data_set, "ann_file", "ann_file")
            self._arguments(found[0])
            found += self._of_cityscapes(found[0])
        for one in found:
            self._device(one)
        return found

    def _ann_file(self, target: New, source: CfgDict, key: str, name: str) -> None:
        value, root = source.get(key), self.data_set.get("data_root")
        if value is None:
            return
        if not isinstance(root, str) or (isinstance(value, str) and posixpath.isabs(value)):
            target.values.put(name, value, origin_of(source, key))
        elif isinstance(value, str):
            target.put(name, posixpath.join(root, value))
        else:
            target.values.put(name, value, origin_of(source, key))
            self.notes.append(
                Note(
                    "UP212",
                    f"{name} is that of the data set, whose data_root must stand before it",
                    target.path,
                    ("data", self.split, key),
                    "The metric joins nothing: write the whole path.",
                )
            )
        backend = self.data_set.get("backend_args")
        if backend is not None:
            target.values.put("backend_args", backend, origin_of(self.data_set, "backend_args"))

    def _prefix(self, target: New, key: str, name: str) -> None:
        prefix = self.data_set.get("data_prefix")
        if isinstance(prefix, CfgDict):
            self._ann_file(target, prefix, key, name)

    def _arguments(self, target: New) -> None:
        part = self.evaluation
        if part is not None:
            for argument, name in self.metric.arguments.items():
                if argument == "metric":
                    self._kind(part, target)
                else:
                    part.move(argument, target, name)
            for argument in self.metric.dropped:
                part.drop(argument, Reason.AUTOMATIC)
        if self.metric is VOC:
            prefix = self.data_set.get("data_prefix")
            root = prefix.get("sub_data_root") if isinstance(prefix, dict) else None
            is_voc = str(self.data_set.get("type")).endswith("VOCDataset")
            of_2007 = is_voc and isinstance(root, str) and "VOC2007" in root
            target.put("eval_mode", "11points" if of_2007 else "area")
        for key, value in self.row.metric_values if self.row else ():
            target.put(key, value)
        self._of_data_set(target)

    def _kind(self, part: Part, target: New) -> None:
        value = part.get("metric")
        if self.split == "test" and self._is_of_others(kinds_of(part)):
            # 2.x read it for the validation; tools/test.py was told by --eval.
            part.take("metric")
        elif self.row is None and (foreign := self._foreign(value)):
            part.leave_to_note("metric")
            kept = [one for one in sequence(value) or () if one not in foreign]
            if kept:
                target.put("metric", CfgList(kept))
            self.notes.append(
                Note(
                    "UP210",
                    f"{self.metric.type} does not compute {', '.join(foreign)}",
                    target.path,
                    (*part.path, "metric"),
                    "Your data set did, in evaluate(): write a metric that does, and add it.",
                )
            )
        elif isinstance(value, CfgTuple):
            part.take("metric")
            target.put("metric", CfgList(value, value.shared_origins()))
        elif self.metric is VOC and isinstance(value, CfgList) and len(value) == 1:
            part.take("metric")
            target.values.put("metric", value[0], origin_of(value, 0))
        elif CITYSCAPES.prefix in kinds_of(part):
            kept = CfgList(one for one in sequence(value) or () if one != CITYSCAPES.prefix)
            part.take("metric")
            if kept:
                target.put("metric", kept)
        else:
            part.move("metric", target)

    def _foreign(self, value: Any) -> list[str]:
        """What is asked for that the metric does not know: a data set of one's own computed it."""
        known = (VOC_KINDS if self.metric is VOC else COCO_KINDS) | {CITYSCAPES.prefix}
        asked = sequence(value) or [value]
        return [one for one in asked if isinstance(one, str) and one not in known]

    def _is_of_others(self, kinds: set[Any]) -> bool:
        """Whether a metric knows none of what ``evaluation`` asks for."""
        if self.metric is VOC:
            return bool(kinds & COCO_KINDS) and not kinds & VOC_KINDS
        return bool(kinds & VOC_KINDS) and not kinds & COCO_KINDS

    def _of_data_set(self, target: New) -> None:
        """Arguments that 2.x's data set took, and 3.x's metric takes."""
        holder = self.old.part("data", self.split)
        for key in self.row.to_metric if self.row and holder is not None else ():
            assert holder is not None
            holder.move(key, target)

    def _of_instances(self, key: str) -> list[New]:
        """The metric of boxes and masks beside that of panoptic quality."""
        kinds = [one for one in COCO_ORDER if one in kinds_of(self.evaluation)]
        if self.evaluation is not None:
            self.evaluation.take("metric")
        if not kinds:
            return []
        made = New(CfgDict(type=COCO.type), (key,))
        old = self.old.part("data", self.split)
        if old is not None and old.get("ins_ann_file") is not None:
            old.take("ins_ann_file")
            self._ann_file(made, old.values, "ins_ann_file", "ann_file")
        made.put("metric", CfgList(kinds))
        return [made]

    def _of_cityscapes(self, first: New) -> list[New]:
        """The evaluation of Cityscapes itself, where it was asked for."""
        if CITYSCAPES.prefix not in kinds_of(self.evaluation):
            return []
        made = New(CfgDict(type=CITYSCAPES.type), first.path)
        self._prefix(made, "img", "seg_prefix")
        folder = made.get("seg_prefix")
        if isinstance(folder, str):
            # mmdet/datasets/cityscapes.py: the truth lies beside the images.
            made.put("seg_prefix", folder.replace("leftImg8bit", "gtFine"))
        if self.evaluation is not None and "outfile_prefix" in self.evaluation:
            self.evaluation.move("outfile_prefix", made)
        else:
            made.put("outfile_prefix", "./work_dirs/cityscapes_metric/instance")
        return [made]

    def _device(self, target: New) -> None:
        if self.evaluation is None:
            return
        if self.evaluation.get("gpu_collect") is True:
            self.evaluation.take("gpu_collect")
            target.put("collect_device", "gpu")
        else:
            self.evaluation.drop("gpu_collect", Reason.DEFAULT)


COCO_ORDER = ("bbox", "segm", "proposal", "proposal_fast")


_VAL = "type='CocoDataset', ann_file='a'"
_FIRST = "type='VOCDataset', ann_file='v', img_prefix='VOC2007/'"
EXAMPLES = (
    evaluated(
        _VAL,
        "type='MyEvalHook', interval=1, jitter=3",
        "dict(type='CocoMetric', ann_file='a')",
        "UP202",
        "UP210",
    ),
    Example(
        "data = dict(val=[dict(type='CocoDataset', ann_file='a', data_root='d'),\n"
        "                 dict(type='MyDataset', ann_file='b')],\n"
        "            test=dict(type='CocoDataset', ann_file=['x', 'y'], separate_eval=False))\n"
        "evaluation = dict(metric='bbox')\n",
        "val_evaluator = dict(type='MultiDatasetsEvaluator', metrics=[\n"
        "    dict(type='CocoMetric', ann_file='d/a', metric='bbox'),\n"
        "    dict(type='CocoMetric', ann_file='b', metric='bbox')], dataset_prefixes=['0', '1'])\n"
        "test_evaluator = dict(type='MultiDatasetsEvaluator', dataset_prefixes=['0', '1'],\n"
        "    metrics=[dict(type='CocoMetric', ann_file='x', metric='bbox'),\n"
        "             dict(type='CocoMetric', ann_file='y', metric='bbox')])\n",
        ("UP202", "UP207"),
    ),
    Example(
        f"data = dict(val=dict(type='ConcatDataset', datasets=[dict({_FIRST}),\n"
        "    dict(type='XMLDataset', ann_file='w')]))\n",
        "val_evaluator = dict(type='MultiDatasetsEvaluator', metrics=[\n"
        "    dict(type='VOCMetric', eval_mode='11points'),\n"
        "    dict(type='VOCMetric', eval_mode='area')], dataset_prefixes=['0', '1'])\n",
        ("UP207",),
    ),
    Example(
        "data = dict(val=dict(type='ConcatDataset', separate_eval=False, datasets=[\n"
        f"    dict({_FIRST}), dict({_FIRST})]))\n",
        "val_evaluator = dict(type='VOCMetric', eval_mode='11points')\n",
    ),
    Example(  # Two metrics for each data set.
        "data = dict(val=dict(type='ConcatDataset', datasets=[\n"
        "    dict(type='CityscapesDataset', ann_file='a', img_prefix='c'),\n"
        "    dict(type='CityscapesDataset', ann_file='b', img_prefix='c')]))\n"
        "evaluation = dict(metric=['bbox', 'cityscapes'])\n",
        "val_evaluator = [dict(type='CocoMetric', metric=['bbox']),\n"
        "    dict(type='CityScapesMetric', seg_prefix='c',\n"
        "         outfile_prefix='./work_dirs/cityscapes_metric/instance')]\n",
        ("UP202",),
    ),
    Example(  # The data of the test are of another kind than those of the validation.
        "data = dict(val=dict(type='VOCDataset', ann_file='v'),\n"
        "            test=dict(type='CocoDataset', ann_file='a'))\n"
        "evaluation = dict(metric='mAP')\n",
        "val_evaluator = dict(type='VOCMetric', metric='mAP', eval_mode='area')\n"
        "test_evaluator = dict(type='CocoMetric', ann_file='a')\n",
    ),
    Example(
        "data = dict(val=dict(type='CocoDataset', ann_file='a'),\n"
        "            test=dict(type='VOCDataset', ann_file='v'))\n"
        "evaluation = dict(metric=['bbox'])\n",
        "val_evaluator = dict(type='CocoMetric', ann_file='a', metric=['bbox'])\n"
        "test_evaluator = dict(type='VOCMetric', eval_mode='area')\n",
    ),
    evaluated(  # The file joined with data_root; a list stays, a tuple does not.
        "type='CocoDataset', ann_file='a.json', data_root='d/'",
        "metric=('bbox', 'segm'), classwise=True",
        "dict(type='CocoMetric', ann_file='d/a.json', metric=['bbox', 'segm'], classwise=True)",
    ),
    evaluated(
        "type='CocoDataset', ann_file='/data/a.json', data_root='d/'",
        "metric='bbox', jsonfile_prefix='out'",
        "dict(type='CocoMetric', ann_file='/data/a.json', metric='bbox', outfile_prefix='out')",
    ),
    evaluated(
        "type='VOCDataset', ann_file='t.txt', img_prefix='VOC2007/'",
        "metric='mAP'",
        "dict(type='VOCMetric', metric='mAP', eval_mode='11points')",
    ),
    evaluated(
        "type='VOCDataset', ann_file='t.txt', img_prefix='VOC2012/'",
        "metric=['mAP'], iou_thr=0.6",
        "dict(type='VOCMetric', metric='mAP', iou_thrs=0.6, eval_mode='area')",
    ),
    evaluated(
        "type='CocoPanopticDataset', ann_file='p.json', seg_prefix='s/', ins_ann_file='i.json'",
        "metric=['PQ', 'bbox']",
        "[dict(type='CocoPanopticMetric', ann_file='p.json', seg_prefix='s/'),\n"
        " dict(type='CocoMetric', ann_file='i.json', metric=['bbox'])]",
    ),
    evaluated(
        "type='CityscapesDataset', ann_file='a.json', img_prefix='c/leftImg8bit/val'",
        "metric=['bbox', 'cityscapes']",
        "[dict(type='CocoMetric', ann_file='a.json', metric=['bbox']),\n"
        " dict(type='CityScapesMetric', seg_prefix='c/gtFine/val',\n"
        "      outfile_prefix='./work_dirs/cityscapes_metric/instance')]",
    ),
    evaluated(
        "type='OpenImagesDataset', ann_file='a.csv', meta_file='m', get_supercategory=False",
        "metric='mAP', gpu_collect=True",
        "dict(type='OpenImagesMetric', get_supercategory=False, collect_device='gpu')",
    ),
    evaluated(
        "type='MyDataset', ann_file='a.json'",
        "metric=['bbox', 'lines']",
        "dict(type='CocoMetric', ann_file='a.json', metric=['bbox'])",
        "UP202",
        "UP210",
    ),
    evaluated(
        "type='MyDataset', ann_file='a.txt'",
        "metric='lines'",
        "dict(type='VOCMetric', eval_mode='area')",
        "UP202",
        "UP210",
    ),
    evaluated(
        "type='MyDataset', ann_file='a.json'",
        "metric='bbox', my_threshold=3",
        "dict(type='CocoMetric', ann_file='a.json', metric='bbox')",
        "UP202",
        "UP210",
    ),
)
