"""What mmdet 2.x's loaders did unasked.

Without a word, a config trained with 2 images and 2 processes for each GPU, and evaluated
one image at a time; 3.x wants to be told. Images of a batch were of one aspect (taller, or wider:
``GroupSampler``), which is ``AspectRatioBatchSampler`` in 3.x; not where images are mixed, nor
with a ``class_aware_sampler``, which is a sampler of its own now. What drops the last images is
the sampler of batches where there is one, else the loader.

What stands in two places, which 2.x refuses, is refused (UP304).

Sources: mmdet 2.28.2, mmdet/apis/train.py and tools/test.py, mmdet/datasets/builder.py,
mmdet/utils/compat_config.py (``compat_loader_args``); mmdet 3.3.0, mmdet/datasets/samplers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.upgrade.data.data_sets import leaves_of
from mmscaffold.upgrade.draft import place, sequence
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example
from mmscaffold.upgrade.tables.mmdet_data import MIXING

ID, PACKAGE = "UPR-15 mmdet-loaders", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-15 loaders",)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the sizes that were defaults, and the samplers."""
    for split in ("train", "val", "test"):
        loader = new.get(f"{split}_dataloader")
        if not isinstance(loader, CfgDict):
            continue
        if any("type" in one for one in leaves_of(loader.get("dataset"))):
            _first(loader, "num_workers", 2)
            _first(loader, "batch_size", 2 if split == "train" else 1)
        if split == "train" and "dataset" in loader:
            _samplers(loader)
    data = old.root.get("data")
    if isinstance(data, CfgDict):
        yield from _said_twice(data)


def _said_twice(data: CfgDict) -> Iterator[Note]:
    """What stands beside a loader, or in its data set, as well as in the loader."""
    size = "samples_per_gpu"
    for split, holder, key in (
        ("train", data, size),
        ("train", data, "imgs_per_gpu"),
        ("train", data, "persistent_workers"),
        *((name, one, size) for name in ("val", "test") for one in _data_sets(data.get(name))),
    ):
        loader = data.get(f"{split}_dataloader")
        of_loader = size if key == "imgs_per_gpu" else key
        if key in holder and isinstance(loader, dict) and of_loader in loader:
            where = "data" if holder is data else f"data.{split}"
            yield Note(
                "UP304",
                f"{of_loader} stands in data.{split}_dataloader, and {key} in {where}",
                (),
                ("data", f"{split}_dataloader", of_loader),
                "2.x refuses that: keep the one in the loader.",
            )


def _data_sets(value: Any) -> list[CfgDict]:
    """The data set of a split, or those of a list."""
    several = [value] if isinstance(value, CfgDict) else sequence(value) or ()
    return [one for one in several if isinstance(one, CfgDict)]


def _first(loader: CfgDict, key: str, value: int) -> None:
    """Set a key that is not there, before all others."""
    if key in loader:
        return
    kept = [(one, loader[one], origin_of(loader, one)) for one in loader]
    loader.clear()
    loader.put(key, value, None)
    for one, old, origin in kept:
        loader.put(one, old, origin)


def _samplers(loader: CfgDict) -> None:
    aware = loader.pop("class_aware_sampler", None)
    sampler = loader.get("sampler")
    if isinstance(aware, CfgDict):
        made = CfgDict(type="ClassAwareSampler")
        number = aware.get("num_sample_class", 1)
        made.put("num_sample_class", number, origin_of(aware, "num_sample_class"))
        loader["sampler"] = made
    elif isinstance(sampler, dict) and sampler.get("shuffle") is True and not _mixes(loader):
        batches = CfgDict(type="AspectRatioBatchSampler")
        if "drop_last" in loader:
            # torch refuses it beside a batch sampler.
            batches.put("drop_last", loader["drop_last"], origin_of(loader, "drop_last"))
            del loader["drop_last"]
        place(loader, "batch_sampler", batches, None, after="sampler")


def _mixes(loader: CfgDict) -> bool:
    data_set = loader.get("dataset")
    while isinstance(data_set, dict):
        if data_set.get("type") == MIXING:
            return True
        data_set = data_set.get("dataset")
    return False


_DATA_SET = "dict(type='CocoDataset', ann_file='a.json', pipeline=[])"
_TRAINED = (
    "dict(type='CocoDataset', ann_file='a.json', pipeline=[],"
    " filter_cfg=dict(filter_empty_gt=True, min_size=32))"
)
EXAMPLES = (
    *(
        Example(f"data = dict({said})\n", f"{new}_dataloader = dict({size})\n{others}", ("UP304",))
        for said, new, size, others in (
            (
                "samples_per_gpu=8, train_dataloader=dict(samples_per_gpu=4)",
                "train",
                "batch_size=4",
                "val_dataloader = dict()\ntest_dataloader = dict()\n",
            ),
            (
                "persistent_workers=True, train_dataloader=dict(persistent_workers=True)",
                "train",
                "persistent_workers=True",
                "val_dataloader = dict()\ntest_dataloader = dict()\n",
            ),
            (
                "val=dict(samples_per_gpu=8), val_dataloader=dict(samples_per_gpu=4)",
                "val",
                "batch_size=4, sampler=dict(type='DefaultSampler', shuffle=False), dataset=dict()",
                "",
            ),
        )
    ),
    Example(
        f"data = dict(samples_per_gpu=8, train={_DATA_SET})\n",
        "train_dataloader = dict(\n"
        "    num_workers=2, batch_size=8,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=True),\n"
        "    batch_sampler=dict(type='AspectRatioBatchSampler'),\n"
        f"    dataset={_TRAINED})\n",
    ),
    Example(
        f"data = dict(train={_DATA_SET},\n"
        "    train_dataloader=dict(class_aware_sampler=dict(num_sample_class=2)))\n",
        "train_dataloader = dict(\n"
        "    batch_size=2, num_workers=2,\n"
        "    sampler=dict(type='ClassAwareSampler', num_sample_class=2),\n"
        f"    dataset={_TRAINED})\n",
    ),
    Example(
        f"data = dict(train={_DATA_SET}, train_dataloader=dict(drop_last=True))\n",
        "train_dataloader = dict(\n"
        "    batch_size=2, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=True),\n"
        "    batch_sampler=dict(type='AspectRatioBatchSampler', drop_last=True),\n"
        f"    dataset={_TRAINED})\n",
    ),
    Example(
        f"data = dict(train={_DATA_SET}, train_dataloader=dict(drop_last=True, shuffle=False))\n",
        "train_dataloader = dict(\n"
        "    batch_size=2, num_workers=2, sampler=dict(type='DefaultSampler', shuffle=False),\n"
        f"    drop_last=True, dataset={_TRAINED})\n",
    ),
    Example(
        f"runner = dict(type='IterBasedRunner', max_iters=10)\ndata = dict(train={_DATA_SET})\n",
        "train_dataloader = dict(\n"
        "    batch_size=2, num_workers=2,\n"
        "    sampler=dict(type='InfiniteSampler', shuffle=True),\n"
        "    batch_sampler=dict(type='AspectRatioBatchSampler'),\n"
        f"    dataset={_TRAINED})\n",
    ),
    Example(
        f"data = dict(train=dict(type='MultiImageMixDataset', dataset={_DATA_SET},\n"
        "    pipeline=[], dynamic_scale=(640, 640)))\n",
        "train_dataloader = dict(\n"
        "    batch_size=2, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=True),\n"
        f"    dataset=dict(type='MultiImageMixDataset', dataset={_TRAINED}, pipeline=[]))\n",
    ),
)
