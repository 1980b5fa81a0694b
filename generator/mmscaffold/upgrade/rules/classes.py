"""Which classes the data sets have, where several are joined or a file names them.

- ``ConcatDataset`` of 2.x had the classes of its first data set. One of 3.x has those, too, if all
  agree in what they tell of themselves (``metainfo``); otherwise it has a list of them, which no
  metric can read. What differs is therefore named in ``ignore_keys``: the year of a
  ``VOCDataset``, the colours of different classes of data sets, classes of their own (UP207), and
  the sizes that only what joins others tells.
- A file of names is read by both. If it is missing, 2.x stopped, and 3.x takes the name of the
  file for the classes (UP207).
- Where only some of the splits say which classes there are, UP207 tells.

Sources: mmdet 2.28.2, mmdet/datasets/dataset_wrappers.py (``ConcatDataset``), custom.py
(``get_classes``); mmdet 3.3.0, mmdet/datasets/dataset_wrappers.py; mmengine,
dataset/base_dataset.py (``_load_metainfo``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.change import first_difference
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, origin_of
from mmscaffold.upgrade.data.data_sets import SPLITS, leaves_of
from mmscaffold.upgrade.draft import place
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-16 classes", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-16 data-sets",)
OF_DATA = True


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Name what joined data sets need not agree in, and tell of classes."""
    del old
    said: dict[str, bool] = {}
    for split in SPLITS:
        data_set = new.get(f"{split}_dataloader", {}).get("dataset")
        leaves = list(leaves_of(data_set))
        if leaves and all("type" in one for one in leaves):
            said[split] = any(map(_tells_classes, leaves))
        for joined in _joined(data_set):
            yield from _unequal(joined, split)
        files = dict.fromkeys(one for one in map(_classes, leaves) if isinstance(one, str))
        for file in files:
            yield _note(
                split,
                f"classes of {split} are in a file; without it, 3.x takes its name for them",
                f"Write the names themselves, or see to it that {file} is found from where the "
                "training starts; 2.x stopped if it was not.",
            )
    if len(set(said.values())) > 1:
        without = [split for split, tells in said.items() if not tells]
        yield _note(
            without[0],
            f"no classes are set for {' and '.join(without)}: its data set has those of its "
            "class, as in 2.x",
            "If that was not meant, set metainfo=dict(classes=...) for every split.",
            ("data",),
        )


def _tells_classes(data_set: CfgDict) -> bool:
    """Whether a data set says which classes there are, or one that it was given does."""
    held = [one for one in data_set.values() if isinstance(one, CfgDict)]
    return any("metainfo" in one for one in (data_set, *held))


def _joined(data_set: Any) -> Iterator[CfgDict]:
    """The data sets in a row that a data set consists of, the inner ones first."""
    if isinstance(data_set, CfgList):
        for one in data_set:
            yield from _joined(one)
    elif isinstance(data_set, CfgDict):
        yield from _joined(data_set.get("dataset"))
        yield from _joined(data_set.get("datasets"))
        if isinstance(data_set.get("datasets"), CfgList):
            yield data_set


def _unequal(joined: CfgDict, split: str) -> Iterator[Note]:
    firsts = [next(leaves_of(one), None) for one in joined["datasets"]]
    leaves = [one for one in firsts if one is not None and isinstance(one.get("type"), str)]
    if len(leaves) < 2:
        return
    keys = CfgList()
    if any("sub_data_root" in (one.get("data_prefix") or ()) for one in leaves):
        # A VOCDataset tells its year.
        keys.append("dataset_type")
    kinds = {one["type"] for one in leaves}
    if len(kinds) > 1:
        keys.append("palette")
    classes = [_classes(one) for one in leaves]
    if any(first_difference(one, classes[0]) is not None for one in classes) or (
        len(kinds) > 1 and classes[0] is None
    ):
        keys.append("classes")
        names = [list(one) if isinstance(one, list | tuple) else one for one in classes]
        if names[0] is None or any(one != names[0] for one in names):
            yield _note(
                split,
                f"the data sets of {split} differ in classes; the first names them, as in 2.x",
                "Their labels count from 0 in each: give all the same metainfo if they must mean "
                "the same.",
            )
    if any(any(_joined(one)) for one in joined["datasets"]):
        # What joins data sets tells their sizes; what else stands beside it does not.
        keys.append("cumulative_sizes")
    if not keys:
        return
    if origin_of(joined, "datasets") is None:
        place(joined, "ignore_keys", keys, None, after="type")
    else:
        joined.put("ignore_keys", keys, None)


def _classes(data_set: CfgDict) -> Any:
    metainfo = data_set.get("metainfo")
    return metainfo.get("classes") if isinstance(metainfo, CfgDict) else None


def _note(split: str, message: str, advice: str, old: tuple[str, ...] = ()) -> Note:
    where = (f"{split}_dataloader", "dataset")
    return Note("UP207", message, where, old or ("data", split), advice)


def _example(old: str, new: str, *codes: str) -> Example:
    return Example(
        f"data = dict(train=dict(type='ConcatDataset', datasets=[\n{old}]))\n",
        "train_dataloader = dict(batch_size=2, num_workers=2,\n"
        "    sampler=dict(type='DefaultSampler', shuffle=True),\n"
        "    batch_sampler=dict(type='AspectRatioBatchSampler'),\n"
        f"    dataset=dict(type='ConcatDataset', datasets=[\n{new}))\n",
        codes,
    )


_FILTER = "filter_cfg=dict(filter_empty_gt=True, min_size=32)"


def _data_set(kind: str, classes: str = "") -> tuple[str, str]:
    """A data set in 2.x and in 3.x."""
    start = f"dict(type='{kind}', ann_file='a', pipeline=[]"
    old = f", classes={classes}" if classes else ""
    new = f", metainfo=dict(classes={classes})" if classes else ""
    return f"{start}{old})", f"{start}{new}, {_FILTER})"


def _both(*data_sets: tuple[str, str], ignored: str, codes: tuple[str, ...] = ()) -> Example:
    old = ", ".join(one for one, _ in data_sets)
    new = ", ".join(one for _, one in data_sets)
    return _example(old, new + (f"], ignore_keys={ignored}" if ignored else "]"), *codes)


_OLD, _NEW = _data_set("CocoDataset")
EXAMPLES = (
    _example(
        f"dict(type='RepeatDataset', times=2, dataset=[{_OLD}, {_OLD}]), {_OLD}",
        "dict(type='RepeatDataset', times=2,\n"
        f"     dataset=dict(type='ConcatDataset', datasets=[{_NEW}, {_NEW}])), {_NEW}],\n"
        "    ignore_keys=['cumulative_sizes']",
    ),
    _both(_data_set("CocoDataset", "('a',)"), _data_set("CocoDataset", "('a',)"), ignored=""),
    _both(
        _data_set("CocoDataset", "('a',)"),
        _data_set("XMLDataset", "('a',)"),
        ignored="['palette']",
    ),
    _both(
        _data_set("CocoDataset", "('a', 'b')"),
        _data_set("CocoDataset", "('b', 'a')"),
        ignored="['classes']",
        codes=("UP207",),
    ),
    _both(
        _data_set("CocoDataset"),
        _data_set("LVISDataset"),
        ignored="['palette', 'classes']",
        codes=("UP207",),
    ),
    _both(
        _data_set("CocoDataset", "['a']"),
        _data_set("CocoDataset", "('a',)"),
        ignored="['classes']",
    ),
    _both(
        _data_set("CocoDataset", "'names.txt'"),
        _data_set("CocoDataset", "'names.txt'"),
        ignored="",
        codes=("UP207",),
    ),
)
