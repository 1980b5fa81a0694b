from __future__ import annotations

import pytest
from mmscaffold.config import Resolver
from mmscaffold.report.summary import Summary, summary_of
from report import trees


def test_a_config_in_a_few_words(tmp_path):
    folder = trees.write(tmp_path)
    found = summary_of(Resolver().resolve(folder / "grandchild.py").root)
    assert found == Summary(
        model="FasterRCNN · ResNet",
        data="CocoDataset",
        length="24 epochs",
        batch="2",
        rate="0.02",
        optimizer="SGD",
        loop="EpochBasedTrainLoop",
        hooks=("EMAHook",),
    )


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, Summary()),
        (
            {
                "model": {"type": "SoftTeacher", "detector": {"type": "FasterRCNN"}},
                "train_cfg": {"type": "IterBasedTrainLoop", "max_iters": 1000},
                "train_dataloader": {"dataset": {"datasets": [{"type": "A", "data_root": "d"}]}},
            },
            Summary(
                model="SoftTeacher · FasterRCNN", data="A · d", length="1000 iterations",
                loop="IterBasedTrainLoop",
            ),
        ),
        (
            {
                "model": {"type": "YOLOX"},
                "data": {"samples_per_gpu": 8, "train": {"type": "CocoDataset"}},
                "runner": {"type": "EpochBasedRunner", "max_epochs": 300},
                "optimizer": {"type": "SGD", "lr": 0.01},
                "lr_config": {"policy": "step", "step": [1]},
            },
            Summary(
                model="YOLOX", data="CocoDataset", length="300 epochs", batch="8", rate="0.01",
                optimizer="SGD", is_legacy=True,
            ),
        ),
        ({"model": 3, "train_cfg": [], "optim_wrapper": {"optimizer": {"lr": True}}}, Summary()),
    ],
)  # fmt: skip
def test_configs_of_every_kind(config, expected):
    assert summary_of(config) == expected
