from __future__ import annotations

import pytest
from mmengine.dataset import RepeatDataset
from mmscaffold.facts.data import WRAPPERS
from mmscaffold.schedule.data import Repetition, epoch_length, repetition

COCO = {"type": "CocoDataset", "ann_file": "a.json"}


def wrapped(name, inner=COCO, **more):
    return {"type": name, "dataset": inner, **more}


@pytest.mark.parametrize(
    ("dataset", "wanted"),
    [
        (None, Repetition(1)),
        (COCO, Repetition(1)),
        (wrapped("RepeatDataset", times=3), Repetition(3)),
        (wrapped("mmdet.RepeatDataset", wrapped("RepeatDataset", times=2), times=3),
         Repetition(6)),
        (wrapped("MultiImageMixDataset", wrapped("RepeatDataset", times=3)), Repetition(3)),
        # D6: as often as the classes of an image are rare.
        (wrapped("ClassBalancedDataset", oversample_thr=1e-3),
         Repetition(None, "ClassBalancedDataset")),
        (wrapped("RepeatDataset", wrapped("CBGSDataset"), times=2),
         Repetition(None, "CBGSDataset")),
        (wrapped("RepeatDataset"), Repetition(None, "RepeatDataset")),
        (wrapped("RepeatDataset", times=True), Repetition(None, "RepeatDataset")),
        (wrapped("RepeatDataset", times=0), Repetition(None, "RepeatDataset")),
        (wrapped("OwnWrapper"), Repetition(None, "OwnWrapper")),
        # Several data sets.
        ({"type": "ConcatDataset", "datasets": [COCO, COCO]}, Repetition(1, is_joined=True)),
        (wrapped("RepeatDataset", {"type": "ConcatDataset", "datasets": [COCO]}, times=3),
         Repetition(3, is_joined=True)),
        ({"type": "ConcatDataset", "datasets": [wrapped("RepeatDataset", times=2)] * 2},
         Repetition(2, is_joined=True)),
        ({"type": "ConcatDataset", "datasets": [COCO, wrapped("RepeatDataset", times=2)]},
         Repetition(None, "ConcatDataset", is_joined=True)),
        ({"type": "ConcatDataset", "datasets": [COCO, wrapped("ClassBalancedDataset")]},
         Repetition(None, "ClassBalancedDataset", is_joined=True)),
        ({"type": "ConcatDataset", "datasets": "odd"}, Repetition(1, is_joined=True)),
    ],
)  # fmt: skip
def test_how_often_an_epoch_shows_each_image(dataset, wanted):
    assert repetition(dataset) == wanted


def test_the_wrappers_of_mmengine_are_known():
    from mmengine.dataset import dataset_wrapper

    names = {name for name in vars(dataset_wrapper) if name.endswith("Dataset")}
    assert names - {"BaseDataset", "Dataset", "_ConcatDataset"} <= set(WRAPPERS)
    assert RepeatDataset.__name__ in WRAPPERS


@pytest.mark.parametrize(
    ("config", "batches"),
    [
        ({"train_dataloader": {"batch_size": 4}}, 3),
        ({"train_dataloader": {"batch_size": 4, "drop_last": True}}, 2),
        ({"train_dataloader": {"batch_size": 4, "batch_sampler": {"drop_last": True}}}, 2),
        ({"train_dataloader": {"batch_size": 4, "batch_sampler": {"drop_last": False}}}, 3),
        ({"data": {"samples_per_gpu": 4}}, 3),
        ({"data": {"samples_per_gpu": 4, "train_dataloader": {"drop_last": True}}}, 2),
        ({"data": {"train_dataloader": {"samples_per_gpu": 4}}}, 3),
        ({"data": {"samples_per_gpu": 2, "imgs_per_gpu": 4}}, 3),
    ],
)
def test_how_many_batches_ten_images_are(config, batches):
    assert epoch_length(config, 10) == batches
