"""Code that changes a 2.x config is refused, with the new name of each line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.key_path import parse_key_path
from mmscaffold.upgrade.scripts import refuse_script, script_lines
from mmscaffold.upgrade.tables.attributes import renamed

SCRIPT = """
from mmcv import Config
from mmdet.apis import set_random_seed, train_detector

cfg = Config.fromfile('configs/faster_rcnn.py')
cfg.dataset_type = 'KittiTinyDataset'
cfg.data.train.ann_file = 'train.txt'
cfg.data.test.img_prefix = 'training/image_2'
cfg.data['val']['classes'] = ('car',)
cfg.data.test.pipeline[1].img_scale = (640, 480)
cfg.model.roi_head.bbox_head.num_classes = 3
cfg.load_from = 'a.pth'
cfg.optimizer.lr = 0.02 / 8
cfg.lr_config.warmup = None
cfg.log_config.interval = 10
cfg.evaluation.metric = 'mAP'
cfg.evaluation.interval = 12
cfg.checkpoint_config.interval = 12
cfg.seed = 0
cfg.gpu_ids = range(1)
cfg.runner.max_epochs = 5
train_detector(model, datasets, cfg, distributed=False)
if cfg.data.train.get('pipeline'):
    cfg.merge_from_dict({'data.samples_per_gpu': 4, 'work_dir': 'w'})
def f(self):
    return self.cfg.data.samples_per_gpu
"""


def test_each_line_of_a_script_has_its_new_name(tmp_path: Path):
    found = {
        line.line: (line.old, line.new)
        for line in script_lines(tmp_path / "train.py", SCRIPT.encode())
    }
    assert found == {
        7: ("cfg.data.train.ann_file", "train_dataloader.dataset.ann_file"),
        8: ("cfg.data.test.img_prefix", "test_dataloader.dataset.data_prefix.img"),
        9: ("cfg.data.val.classes", "val_dataloader.dataset.metainfo.classes"),
        10: (
            "cfg.data.test.pipeline[1].img_scale",
            "test_dataloader.dataset.pipeline[1].scale",
        ),
        13: ("cfg.optimizer.lr", "optim_wrapper.optimizer.lr"),
        14: ("cfg.lr_config.warmup", "(drop param_scheduler[0], which is the warm-up)"),
        15: ("cfg.log_config.interval", "default_hooks.logger.interval"),
        16: ("cfg.evaluation.metric", "val_evaluator.metric"),
        17: ("cfg.evaluation.interval", "train_cfg.val_interval"),
        18: ("cfg.checkpoint_config.interval", "default_hooks.checkpoint.interval"),
        19: ("cfg.seed", "randomness.seed"),
        20: ("cfg.gpu_ids", "(gone: mmengine sees to it)"),
        21: ("cfg.runner.max_epochs", "train_cfg.max_epochs"),
        23: ("cfg.data.train", "train_dataloader.dataset"),
        24: ("'data.samples_per_gpu'", "train_dataloader.batch_size"),
        26: ("self.cfg.data.samples_per_gpu", "train_dataloader.batch_size"),
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("data.train.dataset.ann_file", "train_dataloader.dataset.dataset.ann_file"),
        ("data.val_dataloader.shuffle", "val_dataloader.shuffle"),
        ("data.train[0].ann_file", "train_dataloader.dataset[0].ann_file"),
        ("optimizer", "optim_wrapper.optimizer"),
        ("optimizer_config.grad_clip.max_norm", "optim_wrapper.clip_grad.max_norm"),
        ("lr_config.step", "param_scheduler[-1].milestones"),
        ("resume_from", "load_from, with resume = True"),
        ("model.pretrained", "model.backbone.init_cfg"),
        ("model.train_cfg", None),
        ("model.backbone.depth", None),
        ("work_dir", None),
    ],
)
def test_attributes(old: str, new: str | None):
    assert renamed(parse_key_path(old)) == new


def test_none_says_something_else():
    assert renamed(("model", "train_cfg"), is_none=True) == "(not needed any more)"


def test_a_notebook_is_told_by_cell(tmp_path: Path):
    cells = [
        {"cell_type": "markdown", "source": ["cfg.seed = 1"]},
        {"cell_type": "code", "source": ["!pip install mmdet\n", "c = Config.fromfile('a')\n"]},
        {"cell_type": "code", "source": "c.seed = 0\nc.data.workers_per_gpu = 2\n"},
        {"cell_type": "code", "source": "not python ("},
    ]
    path = tmp_path / "demo.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    found = [str(line) for line in script_lines(path, path.read_bytes())]
    assert found[0] == "cell 3, line 1: c.seed -> randomness.seed"
    assert found[1].startswith("cell 3, line 2: c.data.workers_per_gpu -> train_dataloader.num_w")
    with pytest.raises(ConfigError, match="is a notebook, not a config"):
        refuse_script(path)
    path.write_text("no json")
    assert script_lines(path, path.read_bytes()) == []


def test_configs_are_not_refused(tmp_path: Path):
    path = tmp_path / "config.py"
    for text in ("total_epochs = 3\n", "import os\ndata = dict(train=os.sep)\n", "x = (\n"):
        path.write_text(text)
        refuse_script(path)


def test_the_command_refuses_and_lists(tmp_path: Path):
    path = tmp_path / "train.py"
    path.write_text(SCRIPT)
    done = CliRunner().invoke(group, ["upgrade", str(path)])
    assert done.exit_code == 2
    assert "is a script, not a config" in done.output
    assert "13: cfg.optimizer.lr -> optim_wrapper.optimizer.lr" in done.output
    assert path.read_text() == SCRIPT
