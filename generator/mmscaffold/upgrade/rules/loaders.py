"""The sizes of the loaders: ``samples_per_gpu`` and ``workers_per_gpu``.

| 2.x | 3.x |
| --- | --- |
| ``data.samples_per_gpu`` (``imgs_per_gpu`` beats it) | ``train_dataloader.batch_size`` |
| ``data.workers_per_gpu`` | ``num_workers`` of all three |
| ``data.persistent_workers`` | ``train_dataloader.persistent_workers`` |
| ``data.val.samples_per_gpu`` | ``val_dataloader.batch_size`` |
| ``data.val_dataloader.X`` | ``val_dataloader.X``, with the new names of the sizes |

Any other dict of ``data``, such as ``sampler``, was read by code of the project, if by any
(UP202).

``mmengine`` wants a sampler: that of an epoch, shuffled for the training only; under an
iteration loop the training gets one that does not end. A base that names no runner is taken for
one of an epoch loop, and a config below it that has an iteration loop says its own.

Sources: mmdet 2.28.2, mmdet/utils/compat_config.py, mmdet/apis/train.py and
mmdet/datasets/builder.py (``build_dataloader``); mmengine, runner/runner.py
(``Runner.build_dataloader``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.facts.units import Unit
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-15 loaders", ANY
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-16",)
SPLITS = ("train", "val", "test")
_RENAMED = {"samples_per_gpu": "batch_size", "workers_per_gpu": "num_workers"}


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the loaders, around data sets that are there already or stay what they are."""
    data = old.part("data")
    if data is None:
        yield from _told_of_no_dict(old)
        return
    there = [split for split in SPLITS if data.get(split) is not None]
    for split in SPLITS:
        if split in there or (not there and not old.is_whole):
            loader = _loader(old, data, split)
            _with_data_set(data, split, loader, new)
    if "imgs_per_gpu" in data:
        data.drop("samples_per_gpu", Reason.NO_EFFECT)
    for key in ("samples_per_gpu", "imgs_per_gpu", "workers_per_gpu", "persistent_workers"):
        if key in data.unsaid():
            data.take(key)
    yield from _told_of_the_rest(old, data)


def _told_of_no_dict(old: OldConfig) -> Iterator[Note]:
    """Of ``data`` that is none, nothing can be made."""
    if old.root.get("data") is None:
        old.top().drop("data", Reason.DEFAULT)
        return
    old.top().leave_to_note("data")
    yield Note("UP212", "data is no dict that could be read", (), ("data",), "Write it out.")


def _loader(old: OldConfig, data: Part, split: str) -> New:
    """The loader of a split, without its data set."""
    loader = New(CfgDict(), (f"{split}_dataloader",))
    own = data.part(f"{split}_dataloader")
    if split == "train":
        size = "imgs_per_gpu" if "imgs_per_gpu" in data else "samples_per_gpu"
        data.move(size, loader, "batch_size")
    else:
        _size_in_data_set(data, split, loader)
    if own is not None:
        own.move("samples_per_gpu", loader, "batch_size")
    if "workers_per_gpu" in data:
        data.move("workers_per_gpu", loader, "num_workers")
        if own is not None:
            own.drop("workers_per_gpu", Reason.NO_EFFECT)
    elif own is not None:
        own.move("workers_per_gpu", loader, "num_workers")
    if split == "train":
        data.move("persistent_workers", loader)
    if data.get(split) is not None or (own is not None and "shuffle" in own):
        loader.put("sampler", _sampler(old, own, split))
    if own is not None:
        own.rest(loader)
    return loader


def _size_in_data_set(data: Part, split: str, loader: New) -> None:
    """The batch size that 2.x let stand within the data set; the largest of several."""
    data_set = data.part(split) if isinstance(data.get(split), CfgDict) else None
    if data_set is not None:
        data_set.move("samples_per_gpu", loader, "batch_size")
    elif isinstance(data.get(split), list):
        sized = [one for one in data.parts(split) if "samples_per_gpu" in one]
        known = [one for one in sized if isinstance(one.take("samples_per_gpu"), int)]
        if known:
            largest = max(known, key=lambda one: int(one.get("samples_per_gpu")))
            origin = origin_of(largest.values, "samples_per_gpu")
            loader.values.put("batch_size", largest.get("samples_per_gpu"), origin)


def _sampler(old: OldConfig, own: Part | None, split: str) -> CfgDict:
    ends = split != "train" or old.unit is not Unit.ITERATIONS
    sampler = CfgDict(type="DefaultSampler" if ends else "InfiniteSampler")
    sampler.put("shuffle", split == "train", None)
    if own is not None:
        own.move("shuffle", New(sampler, (f"{split}_dataloader", "sampler")))
    return sampler


def _with_data_set(data: Part, split: str, loader: New, new: New) -> None:
    """Put the loader into the new config, its data set last."""
    key = f"{split}_dataloader"
    made = new.get(key)
    if isinstance(made, CfgDict) and "dataset" in made:
        loader.values.put("dataset", made["dataset"], origin_of(made, "dataset"))
    else:
        data.move(split, loader, "dataset")
    new.put(key, loader.values)


def _told_of_the_rest(old: OldConfig, data: Part) -> Iterator[Note]:
    """Other keys of ``data`` are read by no package that is known here."""
    for key in data.unsaid():
        if key in SPLITS:
            continue
        value = data.get(key)
        if old.package is None and value is not None:
            data.leave_to_note(key)
            yield Note("UP213", f"data.{key} was left out", (), (*data.path, key))
        elif isinstance(value, dict | list) and value:
            data.leave_to_note(key)
            yield Note(
                "UP202",
                f"data.{key} is left out: only code of yours can have read it",
                ("train_dataloader",),
                (*data.path, key),
                "A sampler of yours goes into train_dataloader.sampler; register it with "
                f"mmengine.registry.DATA_SAMPLERS. It was {to_plain(value)!r}.",
            )
        else:
            data.drop(key, Reason.NO_EFFECT)


EXAMPLES = (
    Example(
        "data = dict(samples_per_gpu=4, workers_per_gpu=1)\n",
        "train_dataloader = dict(batch_size=4, num_workers=1)\n"
        "val_dataloader = dict(num_workers=1)\n"
        "test_dataloader = dict(num_workers=1)\n",
    ),
    Example(
        "data = dict(imgs_per_gpu=3, samples_per_gpu=4,\n"
        "            val_dataloader=dict(samples_per_gpu=5, pin_memory=True))\n",
        "train_dataloader = dict(batch_size=3)\n"
        "val_dataloader = dict(batch_size=5, pin_memory=True)\n"
        "test_dataloader = dict()\n",
    ),
    Example(
        "data = dict(workers_per_gpu=1, shuffle=False, sampler=dict(train=dict(type='Mine')))\n",
        "train_dataloader = dict(num_workers=1)\n"
        "val_dataloader = dict(num_workers=1)\n"
        "test_dataloader = dict(num_workers=1)\n",
        ("UP202",),
    ),
)
