"""A small tree with a project: what the answers are about."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.places import Desk

FILES = {
    "pyproject.toml": '[tool.mmscaffold]\npackage = "toy"\n',
    "toy/__init__.py": "from .models import ToyNet\n",
    "toy/models.py": (
        "from mmdet.registry import MODELS\n"
        "from mmengine.model import BaseModule\n"
        "\n\n"
        "@MODELS.register_module()\n"
        "class ToyNet(BaseModule):\n"
        '    """A net of toys.\n'
        "\n"
        "    Args:\n"
        "        depth (int): How deep it is,\n"
        "            in layers.\n"
        "        width: How wide.\n"
        '    """\n'
        "\n"
        "    def __init__(self, depth, width: int = 64, *, act=dict(type='ReLU'), **kwargs):\n"
        "        super().__init__(**kwargs)\n"
    ),
    "configs/base.py": (
        "default_scope = 'mmdet'\n"
        "custom_imports = dict(imports=['toy.models'], allow_failed_imports=False)\n"
        "num_classes = 80\n"
        "model = dict(\n"
        "    type='RetinaNet',\n"
        "    backbone=dict(type='ToyNet', depth=50, width=64),\n"
        "    bbox_head=dict(type='RetinaHead', num_classes=num_classes))\n"
        "train_pipeline = [\n"
        "    dict(type='LoadImageFromFile'),\n"
        "    dict(type='RandomFlip', prob=0.5)]\n"
        "train_dataloader = dict(\n"
        "    batch_size=2, num_batch_per_epoch=100,\n"
        "    dataset=dict(type='CocoDataset', pipeline=train_pipeline))\n"
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)\n"
        "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02))\n"
    ),
    "configs/child.py": "_base_ = './base.py'\nmodel = dict(backbone=dict(depth=18))\n",
    "configs/grandchild.py": "_base_ = ['child.py']\ntrain_cfg = dict(max_epochs=36)\n",
    "configs/sibling.py": "_base_ = 'base.py'\nmodel = dict(backbone=dict(width=32))\n",
    "configs/data.yaml": "_base_: base.py\nmodel:\n  backbone:\n    depth: 34\n",
    "configs/data.json": '{"_base_": "base.py", "model": {"backbone": {"depth": 34}}}',
    "configs/pure_base.py": (
        "from mmdet.models import RetinaNet\n"
        "from toy.models import ToyNet\n"
        "model = dict(type=RetinaNet, backbone=dict(type=ToyNet, depth=50))\n"
    ),
    "configs/pure.py": (
        "from mmengine.config import read_base\n"
        "\n"
        "with read_base():\n"
        "    from .pure_base import *\n"
        "\n"
        "model.update(dict(backbone=dict(type=ToyNet, depth=18)))\n"
    ),
}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tree lies; no test writes there."""
    root = tmp_path_factory.mktemp("places")
    Desk(root, FILES)
    return root


@pytest.fixture
def desk(folder: Path) -> Desk:
    """An editor over the tree, which has opened nothing yet."""
    return Desk(folder, {})
