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

A class of the project's own that is given data sets, as those of semi-supervised training are,
gets those of 3.x for the training.

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
from mmscaffold.config.key_path import Key
from mmscaffold.upgrade.data.data_sets import SPLITS
from mmscaffold.upgrade.data.pipelines import Steps
from mmscaffold.upgrade.data.single_builder import SingleBuilder
from mmscaffold.upgrade.draft import Draft, sequence
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import Example
from mmscaffold.upgrade.tables.mmdet_data import (
    BALANCING,
    JOINING,
    MIXING,
    REPEATING,
    WRAPPERS,
)

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


class _Builder(SingleBuilder):
    """Builds what 3.x builds the data set of one split of, with what stands around it."""

    def built(self, holder: Part, key: Key, *, feeds: bool = False) -> Any:
        """The data set at a key: a dict, or a list of them."""
        part = holder.part(key)
        if part is not None:
            return self._one(part, feeds)
        items = sequence(holder.get(key))
        if items is None:
            holder.move(key, New(CfgDict(), self.place))
            return holder.get(key)
        return self._joined(self.listed(holder, key, items, feeds=feeds))

    def listed(
        self, holder: Part, key: Key, items: CfgList | CfgTuple, *, feeds: bool = False
    ) -> CfgList:
        """What 3.x builds of each data set of a list; see ``built``."""
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
        return self.with_steps(part, name, feeds, None)[0]

    def _wrapper(self, part: Part, name: str, feeds: bool) -> CfgDict:
        draft = Draft(part)
        self.without_size(draft)
        for key in part.unsaid():
            if key not in (*WRAPPERS[name], "samples_per_gpu"):
                draft.drop(key, Reason.NO_EFFECT)
        mixes = name == MIXING
        if "dataset" in part:
            inner = self.built(part, "dataset", feeds=feeds or mixes)
            draft.values.put("dataset", inner, origin_of(part.values, "dataset"))
        if mixes:
            scale = draft.get("dynamic_scale"), origin_of(part.values, "dynamic_scale")
            self.pipeline(draft, feeds=feeds, mixes=True, scale=scale if scale[0] else None)
            if _has_sizeless(part.get("pipeline")):
                draft.use("dynamic_scale")
            else:
                draft.drop("dynamic_scale", Reason.NO_EFFECT)
        self._separately(part)
        draft.values.pop("separate_eval", None)
        items = sequence(part.get("datasets"))
        if items is not None:
            joined = self._joined(self.listed(part, "datasets", items, feeds=feeds))
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
            self.note(
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
            data_set, shared = self.with_steps(one, name, feeds, shared)
            made.append(data_set)
        return self._joined(made)

    def _separately(self, part: Part) -> None:
        """Whether each is evaluated by itself, which the rule on metrics looks at."""
        if self.trains:
            part.drop("separate_eval", Reason.NO_EFFECT)
        else:
            part.take("separate_eval")


def _has_sizeless(value: Any) -> bool:
    """Whether a pipeline has a ``Resize`` that is told no size."""
    if isinstance(value, dict):
        sizeless = value.get("type") == "Resize" and value.get("img_scale") is None
        return sizeless or any(map(_has_sizeless, value.values()))
    return isinstance(value, list | tuple) and any(map(_has_sizeless, value))


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
        f"data = dict(train=dict(type='Mine', sup={_COCO}, ratio=[1, 4], parts=[{_COCO}],\n"
        "    unsup=dict(type='Other', ann_file='b.json', classes=('a',), filter_empty_gt=False,\n"
        "               pipeline=[dict(type='RandomFlip', flip_ratio=0.5)])))\n",
        "train_dataloader = dict(batch_size=2, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=True),\n"
        "    batch_sampler=dict(type='AspectRatioBatchSampler'),\n"
        f"    dataset=dict(type='Mine', sup={_TRAINED}, ratio=[1, 4], parts=[{_TRAINED}],\n"
        "        unsup=dict(type='Other', ann_file='b.json', metainfo=dict(classes=('a',)),\n"
        "            pipeline=[dict(type='RandomFlip', prob=0.5)],\n"
        "            filter_cfg=dict(filter_empty_gt=False, min_size=32))))\n",
        ("UP202", "UP202"),
    ),
    Example(
        f"data = dict(val=dict(type='Mine', sup={_COCO}))\n",
        "val_dataloader = dict(batch_size=1, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=False),\n"
        f"    dataset=dict(type='Mine', sup={_COCO}, test_mode=True))\n",
        ("UP202",),
    ),
)
