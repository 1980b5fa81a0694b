"""Upgraded configs train and validate with real mmdet 3, at the rates that 2.x would have had."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.schedule.curves import Setup, mmcv_curve, mmengine_curve
from mmscaffold.upgrade.planner import plan_upgrade
from mmscaffold.upgrade.tree_upgrader import Options
from support.share import WHOLE
from support.unmeasured import unmeasured_processes

pytestmark = [pytest.mark.mmdet, pytest.mark.slow]

RESEARCHERS = Path(__file__).with_name("researchers")
SCRIPT = Path(__file__).parents[1] / "support" / "upgraded_training.py"
MOST = 10
"""Iterations: five epochs, all within the warm-up."""
# Trained on a CPU whole, of each family one, and as people write them.
OFFICIAL = (
    "atss/atss_r50_fpn_1x_coco.py",
    "cascade_rcnn/cascade_mask_rcnn_r50_fpn_20e_coco.py",
    "deformable_detr/deformable_detr_r50_16x2_50e_coco.py",
    "detr/detr_r50_8x2_150e_coco.py",
    "faster_rcnn/faster_rcnn_r50_fpn_fp16_1x_coco.py",
    "fcos/fcos_r50_caffe_fpn_gn-head_1x_coco.py",
    "gfl/gfl_r50_fpn_1x_coco.py",
    "mask_rcnn/mask_rcnn_r50_fpn_1x_coco.py",
    "tood/tood_r50_fpn_1x_coco.py",
    "yolo/yolov3_mobilenetv2_320_300e_coco.py",
)
WRITTEN = tuple(f"researchers/{path.name}" for path in sorted(RESEARCHERS.glob("*.py")))
CHOSEN = (*OFFICIAL, *WRITTEN) if WHOLE else ("researchers/defects_retinanet.py",)


@pytest.fixture(scope="module")
def trees(mmdet2_configs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The configs of 2.x with those that people write, before and after."""
    folder = tmp_path_factory.mktemp("upgraded")
    old, new = folder / "old", folder / "new"
    for tree in (old, new):
        shutil.copytree(mmdet2_configs, tree)
        shutil.copytree(RESEARCHERS, tree / "researchers")
    named = [new / one for one in CHOSEN]
    plan = plan_upgrade(named, options=Options(with_bases=True), with_heirs=False)
    for file in plan.files:
        file.plan.path.write_bytes(file.plan.after)
    return old, new


@pytest.mark.parametrize("name", CHOSEN)
def test_it_trains_validates_and_has_the_rates_of_2x(
    name: str, trees: tuple[Path, Path], tmp_path: Path
):
    old, new = (Resolver().resolve(tree / name).root for tree in trees)
    if "Albu" in str(new) and importlib.util.find_spec("albumentations") is None:
        pytest.skip("needs albumentations")
    shown = _train(trees[1] / name, tmp_path)
    rates = shown["rates"]
    assert len(rates) >= MOST
    assert shown["validated"]
    setup = Setup(iterations_per_epoch=shown["per_epoch"])
    # The first group may have a multiplier.
    planned = list(mmengine_curve(new, setup=setup).values(0, len(rates)))
    was = list(mmcv_curve(old, setup=setup).values(0, len(rates)))
    factor = rates[0] / planned[0]
    assert rates == pytest.approx([value * factor for value in planned], rel=1e-9)
    highest = max(was)
    apart = [abs(left / factor - right) / highest for left, right in zip(rates, was, strict=True)]
    # YOLOX's cosine is one iteration late: with two in an epoch, that is seen.
    assert max(apart) < (0.06 if "yolox" in name else 0.01)


def _train(config: Path, folder: Path) -> dict[str, Any]:
    with unmeasured_processes():
        ended = subprocess.run(
            [sys.executable, SCRIPT, config, folder / "run", str(MOST)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
    found = [line for line in ended.stdout.splitlines() if line.startswith("RESULT ")]
    assert found, ended.stderr[-3000:]
    result: dict[str, Any] = json.loads(found[0].removeprefix("RESULT "))
    return result
