"""``data.train``, ``data.val`` and ``data.test`` become the data sets of the loaders.

| 2.x | 3.x |
| --- | --- |
| ``img_prefix`` | ``data_prefix.img``; ``sub_data_root`` of VOC |
| ``seg_prefix`` | ``data_prefix.seg`` |
| ``classes`` | ``metainfo.classes`` |
| ``filter_empty_gt`` | ``filter_cfg.filter_empty_gt`` |
| ``min_size`` of VOC and WIDERFace | ``filter_cfg.bbox_min_size`` |
| ``seg_suffix`` | ``seg_map_suffix`` |
| ``file_client_args`` | ``backend_args``; gone if it says ``disk`` |
| a list of data sets or of ``ann_file`` | ``ConcatDataset`` |

A data set of 2.x filters its training images unasked: those without boxes, and those with a side
below 32 pixels. One of 3.x filters nothing unless ``filter_cfg`` says so: it is written for every
data set of the training, within wrappers too.

``ClassBalancedDataset`` asks what it wraps for the classes of each image, which ``RepeatDataset``
and ``ConcatDataset`` of 3.x cannot tell. Around a ``RepeatDataset`` it goes inside: repeated or
not, the classes have the same shares of the images, so each image comes as often as it did. Around
data sets in a row, nothing does the same (UP216).

2.x gave ``test_mode=True`` to the others itself.
``data_root`` and file names stay as they are: both generations join them. An argument that a class
of 3.x does not take is kept, and noted (UP210).

Sources: mmdet 2.28.2, mmdet/datasets/builder.py (``build_dataset``), custom.py, coco.py,
xml_style.py, dataset_wrappers.py; mmdet 3.3.0, mmdet/datasets; mmengine,
dataset/base_dataset.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.key_path import Key, KeyPath
from mmscaffold.upgrade.data.arguments import ADVICE, refusal, untaken
from mmscaffold.upgrade.data.data_sets import SPLITS, backend
from mmscaffold.upgrade.data.pipelines import Pipeline, Steps
from mmscaffold.upgrade.draft import Draft, sequence
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import Example
from mmscaffold.upgrade.tables.mmdet_data import (
    BALANCING,
    DATA_SETS,
    JOINING,
    MIXING,
    REPEATING,
    WRAPPERS,
    DataSetRow,
    names_in_3x,
)
from mmscaffold.upgrade.tables.mmdet_names import is_own_name, taken

ID, PACKAGE = "UPR-16 data-sets", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER: tuple[str, ...] = ()
OF_DATA = True


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Build the data sets, and find their pipelines for the rules on these."""
    data = old.part("data")
    if data is None:
        return
    for split in SPLITS:
        value = data.get(split)
        if isinstance(value, CfgDict) or sequence(value) is not None:
            loader = new.child(f"{split}_dataloader")
            builder = _Builder(old, split, loader.path)
            made = builder.built(data, split)
            loader.values.put("dataset", made, origin_of(data.values, split))
            yield from builder.notes
        elif value is None:
            data.drop(split, Reason.DEFAULT)


class _Builder:
    """Builds what 3.x builds the data set of one split of."""

    def __init__(self, old: OldConfig, split: str, place: KeyPath) -> None:
        self.old = old
        self.split = split
        self.place = place
        self.notes: list[Note] = []

    @property
    def trains(self) -> bool:
        return self.split == "train"

    def built(self, holder: Part, key: Key, *, feeds: bool = False) -> Any:
        """The data set at a key: a dict, or a list of them."""
        part = holder.part(key)
        if part is not None:
            return self._one(part, feeds)
        items = sequence(holder.get(key))
        if items is None:
            holder.move(key, New(CfgDict(), self.place))
            return holder.get(key)
        return self._joined(self._list(holder, key, items, feeds))

    def _list(self, holder: Part, key: Key, items: CfgList | CfgTuple, feeds: bool) -> CfgList:
        made = CfgList()
        parts = {part.path[-1]: part for part in holder.parts(key)}
        for index, item in enumerate(items):
            value = self._one(parts[index], feeds) if index in parts else item
            made.append(value, origin_of(items, index))
        return made

    def _joined(self, data_sets: CfgList) -> CfgDict:
        made = CfgDict(type=JOINING)
        made["datasets"] = data_sets
        return made

    def _one(self, part: Part, feeds: bool) -> CfgDict:
        kind = part.get("type")
        name = kind.rpartition(".")[2] if isinstance(kind, str) else ""
        if name in WRAPPERS:
            return self._wrapper(part, name, feeds)
        if sequence(part.get("ann_file")):
            return self._several(part, name, feeds)
        return self._plain(part, name, feeds)

    def _wrapper(self, part: Part, name: str, feeds: bool) -> CfgDict:
        draft = Draft(part)
        self._without_size(draft)
        for key in part.unsaid():
            if key not in (*WRAPPERS[name], "samples_per_gpu"):
                draft.drop(key, Reason.NO_EFFECT)
        mixes = name == MIXING
        if "dataset" in part:
            inner = self.built(part, "dataset", feeds=feeds or mixes)
            draft.values.put("dataset", inner, origin_of(part.values, "dataset"))
        if mixes:
            scale = draft.get("dynamic_scale"), origin_of(part.values, "dynamic_scale")
            self._pipeline(draft, feeds=feeds, mixes=True, scale=scale if scale[0] else None)
            if _has_sizeless(part.get("pipeline")):
                draft.use("dynamic_scale")
            else:
                draft.drop("dynamic_scale", Reason.NO_EFFECT)
        self._separately(part)
        draft.values.pop("separate_eval", None)
        items = sequence(part.get("datasets"))
        if items is not None:
            joined = self._joined(self._list(part, "datasets", items, feeds))
            origin = origin_of(part.values, "datasets")
            draft.values.put("datasets", joined["datasets"], origin)
        draft.finish()
        return self._balanced(draft.values, part) if name == BALANCING else draft.values

    def _balanced(self, values: CfgDict, part: Part) -> CfgDict:
        """What balances the classes, around what can tell the classes of its images."""
        inner = values.get("dataset")
        if not isinstance(inner, CfgDict):
            return values
        name = str(inner.get("type")).rpartition(".")[2]
        if name == REPEATING and "dataset" in inner:
            outer = inner.copy()
            values.put("dataset", inner["dataset"], origin_of(inner, "dataset"))
            outer.put("dataset", self._balanced(values, part), None)
            return outer
        if name == JOINING:
            self._note(
                "UP216",
                "ClassBalancedDataset of 3.x cannot balance the classes of several sets",
                (*self.place, "dataset"),
                "Join the annotation files to one; or balance each data set by itself: then the "
                "classes that are rare in it count, not those that are rare in all.",
                (*part.path, "dataset"),
            )
        return values

    def _several(self, part: Part, name: str, feeds: bool) -> CfgDict:
        """A data set for each of several annotation files."""
        files = part.take("ann_file")
        self._separately(part)
        keys = ("img_prefix", "seg_prefix", "proposal_file")
        lists = {key: part.get(key) for key in keys if sequence(part.get(key)) is not None}
        shared: Steps | None = None
        made = CfgList()
        for index in range(len(files)):
            values = part.values.copy()
            values.pop("separate_eval", None)
            values.put("ann_file", files[index], origin_of(files, index))
            for key, several in lists.items():
                if index < len(several):
                    values.put(key, several[index], origin_of(several, index))
            one = Part(values, part.path, self.old.ledger)
            data_set, shared = self._with_steps(one, name, feeds, shared)
            made.append(data_set)
        return self._joined(made)

    def _without_size(self, draft: Draft) -> None:
        """Take out the size of batches, which 2.x let stand in data sets it did not train on."""
        if not self.trains:
            draft.values.pop("samples_per_gpu", None)

    def _separately(self, part: Part) -> None:
        """Whether each is evaluated by itself, which the rule on metrics looks at."""
        if self.trains:
            part.drop("separate_eval", Reason.NO_EFFECT)
        else:
            part.take("separate_eval")

    def _plain(self, part: Part, name: str, feeds: bool) -> CfgDict:
        return self._with_steps(part, name, feeds, None)[0]

    def _with_steps(
        self, part: Part, name: str, feeds: bool, steps: Steps | None
    ) -> tuple[CfgDict, Steps | None]:
        row = DATA_SETS.get(name)
        draft = Draft(part)
        self._prefixes(draft, row)
        self._filter(draft, row)
        if part.get("classes", 0) is None:
            draft.drop("classes", Reason.DEFAULT)
        elif "classes" in part:
            _nested(draft, "classes", "metainfo", "classes")
        draft.rename("seg_suffix", "seg_map_suffix")
        backend(draft)
        # The loaders, and the metrics, have these.
        self._without_size(draft)
        for key in row.to_metric if row else ():
            draft.values.pop(key, None)
        if "ins_ann_file" in part and row is not None:
            draft.values.pop("ins_ann_file", None)
        for key in row.dropped if row else ():
            draft.drop(key, Reason.AUTOMATIC)
        if steps is None:
            steps = self._pipeline(draft, feeds=feeds)
        elif "pipeline" in draft:
            draft.values.put("pipeline", steps.target, origin_of(part.values, "pipeline"))
        self._tell_of_class(part, name)
        for other in untaken(draft, "DATASETS"):
            at = (*self.place, "dataset")
            self._note("UP210", refusal(name, other), at, ADVICE, (*part.path, other))
        for key in row.required if row else ():
            if not part.get(key):
                self._note(
                    "UP210",
                    f"{name} of 3.x needs {key}",
                    (*self.place, "dataset"),
                    "2.x could read the sizes of the images from the images; see "
                    "tools/misc/get_image_metas.py of mmdet 3.x.",
                    part.path,
                )
        self._finish(draft, row)
        return draft.values, steps

    def _finish(self, draft: Draft, row: DataSetRow | None) -> None:
        part = draft.part
        for key in ("samples_per_gpu", "ins_ann_file", *(row.to_metric if row else ())):
            if key in part and key not in draft:
                part.take(key)
        draft.finish()

    def _prefixes(self, draft: Draft, row: DataSetRow | None) -> None:
        part = draft.part
        image = row.image_prefix if row is not None else "img"
        prefix = CfgDict()
        at: Key | None = None
        for key, name in (("img_prefix", image), ("seg_prefix", "seg")):
            if key not in part:
                continue
            value = part.get(key)
            if value is None:
                draft.drop(key, Reason.DEFAULT)
                continue
            if not isinstance(value, str):
                self._note(
                    "UP212",
                    f"{key} is no text that could be read",
                    (*self.place, "dataset"),
                    "data_prefix wants the name of a folder.",
                    (*part.path, key),
                )
            part.move(key, New(prefix, ()), name)
            if at is None:
                at = key
            else:
                draft.values.pop(key)
        if at is not None:
            draft.turn(at, prefix, "data_prefix")

    def _filter(self, draft: Draft, row: DataSetRow | None) -> None:
        part = draft.part
        least = part.get("min_size")
        filters = CfgDict()
        # What has no files of its own, as one of yours that holds others, filters nothing.
        if self.trains and "type" in part and (row.filters if row else "ann_file" in part):
            filters.put("filter_empty_gt", True, None)
            part.move("filter_empty_gt", New(filters, ()))
            filters.put("min_size", 32, None)
        elif self.trains and "filter_empty_gt" in part and (row is None or row.filters):
            part.move("filter_empty_gt", New(filters, ()))
        elif "filter_empty_gt" in part:
            draft.drop("filter_empty_gt", Reason.NO_EFFECT)
        if "min_size" in part and row is not None:
            if self.trains and least is not None:
                part.move("min_size", New(filters, ()), "bbox_min_size")
            else:
                draft.drop("min_size", Reason.NO_EFFECT)
            draft.values.pop("min_size", None)
        draft.values.pop("filter_empty_gt", None)
        if filters:
            draft.add("filter_cfg", filters)
        if not self.trains and "type" in part and not part.get("test_mode"):
            if "test_mode" in part:
                part.drop("test_mode", Reason.NO_EFFECT)
            draft.add("test_mode", True)

    def _pipeline(
        self,
        draft: Draft,
        *,
        feeds: bool = False,
        mixes: bool = False,
        scale: tuple[Any, Origin | None] | None = None,
    ) -> Steps | None:
        steps = Steps.of(draft.part, "pipeline")
        if steps is not None:
            origin = origin_of(draft.part.values, "pipeline")
            draft.values.put("pipeline", steps.target, origin)
            path = (*draft.part.path, "pipeline")
            made = Pipeline(self.split, steps, path, self.place, feeds=feeds, mixes=mixes)
            made.dynamic_scale = scale
            self.old.pipelines.append(made)
        return steps

    def _tell_of_class(self, part: Part, name: str) -> None:
        if not name or (name in names_in_3x("DATASETS") and not is_own_name(name)):
            return
        if name in names_in_3x("DATASETS"):
            message, advice = taken(name)
        elif name == "CustomDataset":
            message = "CustomDataset is gone; its annotation files have another form in 3.x"
            advice = (
                "Convert the annotations to COCO, or derive a class from BaseDetDataset whose "
                "load_data_list reads them."
            )
        else:
            message = f"{name}: a data set of yours; 3.x builds it otherwise"
            advice = (
                "Register it with mmdet.registry.DATASETS. CLASSES became METAINFO, "
                "load_annotations load_data_list, evaluate a metric; it gets data_prefix, "
                "metainfo and filter_cfg."
            )
        self._note("UP202", message, (*self.place, "dataset"), advice, (*part.path, "type"))

    def _note(
        self, code: str, message: str, path: KeyPath, advice: str, old: KeyPath = ()
    ) -> None:
        self.notes.append(Note(code, message, path, old or ("data", self.split), advice))


def _has_sizeless(value: Any) -> bool:
    """Whether a pipeline has a ``Resize`` that is told no size."""
    if isinstance(value, dict):
        sizeless = value.get("type") == "Resize" and value.get("img_scale") is None
        return sizeless or any(map(_has_sizeless, value.values()))
    return isinstance(value, list | tuple) and any(map(_has_sizeless, value))


def _nested(draft: Draft, key: Key, name: str, inner: str) -> None:
    """Move a value into a dict of its own."""
    values = CfgDict()
    draft.part.move(key, New(values, ()), inner)
    draft.turn(key, values, name)


_COCO = """\
dict(type='CocoDataset', ann_file='a.json', img_prefix='i/', pipeline=[])"""
_TRAINED = """\
dict(type='CocoDataset', ann_file='a.json', data_prefix=dict(img='i/'), pipeline=[],
     filter_cfg=dict(filter_empty_gt=True, min_size=32))"""
_BALANCED = "type='ClassBalancedDataset', oversample_thr=0.1"
EXAMPLES = (
    Example(
        f"data = dict(train={_COCO}, val={_COCO})\n",
        "train_dataloader = dict(batch_size=2, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=True),\n"
        "    batch_sampler=dict(type='AspectRatioBatchSampler'),\n"
        "    dataset=dict(type='CocoDataset', ann_file='a.json', data_prefix=dict(img='i/'),\n"
        "        pipeline=[], filter_cfg=dict(filter_empty_gt=True, min_size=32)))\n"
        "val_dataloader = dict(batch_size=1, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=False),\n"
        "    dataset=dict(type='CocoDataset', ann_file='a.json', data_prefix=dict(img='i/'),\n"
        "        pipeline=[], test_mode=True))\n",
    ),
    *(
        Example(
            f"data = dict(val=dict(type='ConcatDataset', {told}\n"
            "    datasets=[dict(type='XMLDataset', ann_file='a', pipeline=[])]))\n",
            "val_dataloader = dict(batch_size=1, num_workers=2,\n"
            "    sampler=dict(type='DefaultSampler', shuffle=False),\n"
            "    dataset=dict(type='ConcatDataset', datasets=[\n"
            "        dict(type='XMLDataset', ann_file='a', pipeline=[], test_mode=True)]))\n",
        )
        for told in ("", "separate_eval=True,", "separate_eval=False,")
    ),
    *(
        Example(
            "data = dict(train=dict(type='ClassBalancedDataset', oversample_thr=0.1,\n"
            f"    dataset={old}))\n",
            "train_dataloader = dict(batch_size=2, num_workers=2,\n"
            "    sampler=dict(type='DefaultSampler', shuffle=True),\n"
            "    batch_sampler=dict(type='AspectRatioBatchSampler'),\n"
            f"    dataset={new})\n",
            codes,
        )
        for old, new, codes in (
            (
                f"dict(type='RepeatDataset', times=2, dataset={_COCO})",
                "dict(type='RepeatDataset', times=2,\n"
                f"        dataset=dict({_BALANCED}, dataset={_TRAINED}))",
                (),
            ),
            (
                "dict(type='RepeatDataset', times=2,\n"
                f"        dataset=dict(type='RepeatDataset', times=3, dataset={_COCO}))",
                "dict(type='RepeatDataset', times=2,\n"
                "        dataset=dict(type='RepeatDataset', times=3,\n"
                f"            dataset=dict({_BALANCED}, dataset={_TRAINED})))",
                (),
            ),
            (
                f"dict(type='RepeatDataset', times=2, dataset=[{_COCO}])",
                "dict(type='RepeatDataset', times=2, dataset=dict(\n"
                f"        {_BALANCED},\n"
                f"        dataset=dict(type='ConcatDataset', datasets=[{_TRAINED}])))",
                ("UP216",),
            ),
            (
                _COCO.replace("'a.json'", "['a.json']"),
                f"dict({_BALANCED}, dataset=dict(type='ConcatDataset', datasets=[{_TRAINED}]))",
                ("UP216",),
            ),
        )
    ),
    # One of yours that holds others.
    Example(
        f"data = dict(train=dict(type='Mine', sup={_COCO}))\n",
        "train_dataloader = dict(batch_size=2, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=True),\n"
        "    batch_sampler=dict(type='AspectRatioBatchSampler'),\n"
        f"    dataset=dict(type='Mine', sup={_COCO}))\n",
        ("UP202",),
    ),
)
