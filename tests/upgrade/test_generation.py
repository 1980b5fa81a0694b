"""For which Runner a config was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.generation import Generation, generation, signs
from support.share import share

TWO = "data = dict(train=dict())\nlr_config = dict(policy='step')\n"
# Its keys are those of 2.x, over bases of 3.x: nobody ported it.
LEFT_AS_OF_2X = "ga-fast-rcnn_r50-caffe_fpn_1x_coco.py"
LOOP = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=1)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TWO, Generation.OLD),
        ("total_epochs = 12\ntrain_cfg = dict(rpn=dict(a=1))\n", Generation.OLD),
        ("optimizer = dict(type='SGD')\n", Generation.OLD),
        (LOOP, Generation.NEITHER),
        (LOOP + "optim_wrapper = dict()\n", Generation.NEW),
        (LOOP + TWO, Generation.BOTH),
        (TWO + "test_cfg = dict(type='TestLoop')\n", Generation.BOTH),
        (TWO + "test_cfg = dict(score_thr=0.05)\n", Generation.OLD),
        ("test_cfg = dict(type='TestLoop')\n", Generation.NEW),
        (TWO + "default_hooks = dict()\n", Generation.BOTH),
        # Names that the file reads are variables.
        (
            LOOP + "optimizer = dict(type='SGD')\noptim_wrapper = dict(optimizer=optimizer)\n",
            Generation.NEW,
        ),
        (LOOP + "total_epochs = 3\nx = total_epochs\noptim_wrapper = {}\n", Generation.NEW),
        ("model = dict(type='A')\n", Generation.NEITHER),
        ("", Generation.NEITHER),
    ],
)
def test_generation(text: str, expected: Generation, tmp_path: Path):
    path = tmp_path / "config.py"
    path.write_text(text)
    found = generation(Resolver().resolve(path))
    if expected is Generation.NEITHER:
        assert found in (Generation.NEITHER, Generation.NEW)
    else:
        assert found is expected


def test_a_leaf_of_2x_over_bases_of_3x(tmp_path: Path):
    (tmp_path / "base.py").write_text(LOOP + "optim_wrapper = dict(optimizer=dict(lr=1.))\n")
    (tmp_path / "leaf.py").write_text("_base_ = 'base.py'\n" + TWO)
    found = signs(Resolver().resolve(tmp_path / "leaf.py"))
    assert found.generation is Generation.BOTH
    assert found.old == ("data", "lr_config")
    assert "optim_wrapper" in found.new


BASE_OF_3X = (
    "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
    "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))\n"
    "default_hooks = dict(checkpoint=dict(type='CheckpointHook'))\n"
)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("optimizer = dict(lr=0.01)", ["optimizer"]),
        ("lr_config = dict(step=[16, 22])", ["lr_config"]),
        ("data = dict(samples_per_gpu=4)", ["data"]),
        ("runner = dict(max_epochs=24)", ["runner"]),
        ("checkpoint_config = dict(max_keep_ckpts=3)", ["checkpoint_config"]),
        ("resume_from = 'a.pth'\nload_from = 'b.pth'", ["resume_from"]),
        ("workflow = [('train', 1)]\nmodel = dict(a=1)", ["workflow"]),
        # What 3.x reads as well, what says nothing, and variables.
        ("load_from = 'b.pth'", []),
        ("resume_from = None", []),
        ("resume = True", []),
        ("optimizer = dict(lr=0.01)\noptim_wrapper = dict(optimizer=optimizer)", []),
        ("total_epochs = 24\ntrain_cfg = dict(max_epochs=total_epochs)", []),
        ("fp16 = dict(loss_scale=512.)\ntrain_cfg = dict(max_epochs=24)", []),
    ],
)
def test_a_leaf_is_of_the_generation_of_its_own_keys(text: str, own: list[str], tmp_path: Path):
    (tmp_path / "base.py").write_text(BASE_OF_3X)
    (tmp_path / "leaf.py").write_text(f"_base_ = 'base.py'\n{text}\n")
    found = signs(Resolver().resolve(tmp_path / "leaf.py"))
    assert list(found.own) == own
    assert found.generation is (Generation.BOTH if own else Generation.NEW)


def test_a_model_with_a_data_preprocessor_is_of_3x(tmp_path: Path):
    path = tmp_path / "model.py"
    path.write_text("model = dict(type='A', data_preprocessor=dict(type='B'))\n")
    assert generation(Resolver().resolve(path)) is Generation.NEW


def test_official_configs_of_2x(mmdet2_configs: Path):
    resolver = Resolver()
    files = [path for path in sorted(mmdet2_configs.rglob("*.py")) if "_base_" not in path.parts]
    for path in share(files, 15):
        assert generation(resolver.resolve(path)) is Generation.OLD, path


def test_official_configs_of_3x(mmdet_configs: Path):
    resolver = Resolver()
    files = [path for path in sorted(mmdet_configs.rglob("*.py")) if path.name != LEFT_AS_OF_2X]
    for path in share(files, 15):
        shown = generation(resolver.resolve(path))
        assert shown in (Generation.NEW, Generation.NEITHER), path


def test_an_official_config_that_nobody_ported(mmdet_configs: Path):
    path = mmdet_configs / "guided_anchoring" / LEFT_AS_OF_2X
    assert signs(Resolver().resolve(path)).own == ("data", "optimizer_config")
