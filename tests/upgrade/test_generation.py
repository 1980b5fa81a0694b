"""For which Runner a config was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.generation import Generation, generation, signs
from support.share import share

TWO = "data = dict(train=dict())\nlr_config = dict(policy='step')\n"
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


def test_official_configs_of_2x(mmdet2_configs: Path):
    resolver = Resolver()
    files = [path for path in sorted(mmdet2_configs.rglob("*.py")) if "_base_" not in path.parts]
    for path in share(files, 15):
        assert generation(resolver.resolve(path)) is Generation.OLD, path


def test_official_configs_of_3x(mmdet_configs: Path):
    resolver = Resolver()
    for path in share(sorted(mmdet_configs.rglob("*.py")), 15):
        shown = generation(resolver.resolve(path))
        assert shown in (Generation.NEW, Generation.NEITHER), path
