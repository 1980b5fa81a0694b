"""mmdet 3 builds what upgraded official configs name, with the parameters that 2.x had."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.build_proof import BuildProofError, Built, build
from mmscaffold.upgrade.goal import upgrade_goal

from tests.support import corpora
from tests.support.share import WHOLE

# One of each way in which a model changes; all of them where everything is asked for.
_SHARE = (
    "cascade_rpn/crpn_r50_caffe_fpn_1x_coco.py",
    "deformable_detr/deformable_detr_twostage_refine_r50_16x2_50e_coco.py",
    "maskformer/maskformer_r50_mstrain_16x1_75e_coco.py",
    "yolact/yolact_r50_1x8_coco.py",
    "yolox/yolox_tiny_8x8_300e_coco.py",
)
# Their parts lie elsewhere in the model, under other names.
_MOVED = ("DETR", "DeformableDETR", "MaskFormer", "Mask2Former", "RPN", "YOLACT")
# What cannot be built here: packages that are not installed, and teachers in files of 2.x.
_NOT_HERE = (
    "mmpretrain", "lvis", "albumentations", "timm", "panopticapi", "instaboost", "No such file",
    "meta_file", "normed_bbox",
)  # fmt: skip
# 2.x refused them as well: a FasterRCNN with the bbox_head of its base.
_REFUSED_BY_2X = ("objects365/retinanet_r50_fpn_syncbn_1350k_obj365v1.py",)


def _names(configs: Path) -> list[str]:
    if not WHOLE:
        return list(_SHARE)
    found = (path.relative_to(configs) for path in sorted(configs.rglob("*.py")))
    return [str(path) for path in found if path.parts[0] not in ("_base_", "common")]


@pytest.fixture(scope="module")
def goals(mmdet2_configs: Path) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Official configs of 2.x, with what they become."""
    resolver = Resolver()
    made = {}
    for name in _names(mmdet2_configs):
        old = resolver.resolve(mmdet2_configs / name)
        made[name] = (old.to_dict(), to_plain(upgrade_goal(old).root))
    return made


@pytest.fixture(scope="module")
def built(goals: dict[str, tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, Built]:
    """What mmdet 3 makes of them."""
    return build({name: new for name, (_, new) in goals.items()})


@pytest.mark.mmdet
@pytest.mark.slow
def test_everything_is_built(built: dict[str, Built]):
    wrong = {
        name: failures
        for name, one in built.items()
        if name not in _REFUSED_BY_2X
        and (failures := [two for two in one.failures if not any(n in two[1] for n in _NOT_HERE)])
    }
    assert wrong == {}


@pytest.mark.mmdet
@pytest.mark.slow
def test_models_have_the_parameters_of_2x(
    goals: dict[str, tuple[dict[str, Any], dict[str, Any]]], built: dict[str, Built]
):
    old = _old_shapes({name: old["model"] for name, (old, _) in goals.items()})
    different = []
    for name, one in built.items():
        shapes = old[name]
        if not one.shapes or isinstance(shapes, str):
            continue
        if goals[name][0]["model"]["type"] in _MOVED:
            same = Counter(one.shapes.values()) == Counter(shapes.values())
        else:
            same = dict(one.shapes) == shapes
        if not same:
            different.append(name)
    assert different == []


def _old_shapes(models: dict[str, dict[str, Any]]) -> dict[str, Any]:
    folders = corpora.unpacked_wheel("mmdet", "2.28.2"), corpora.unpacked_source("mmcv", "1.7.2")
    ended = subprocess.run(
        [sys.executable, Path(__file__).with_name("mmdet2_models.py"), *map(str, folders)],
        input=pickle.dumps(models),
        stdout=subprocess.PIPE,
        check=True,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": ""},
    )
    return pickle.loads(ended.stdout)


def test_nothing_to_build_starts_nothing():
    assert build({}, python="/nowhere") == {}


@pytest.mark.subprocess
def test_without_mmdet_it_is_refused(tmp_path: Path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho no module named mmdet >&2\nexit 1\n")
    python.chmod(0o755)
    with pytest.raises(BuildProofError, match="no module named mmdet"):
        build({"a.py": {}}, python=str(python))


COCO = {"type": "CocoDataset", "ann_file": "a.json", "pipeline": []}
LOADED = [{"type": "LoadImageFromFile"}]


@pytest.mark.mmdet
def test_wrappers_of_data_sets_are_built_too():
    repeated = {"type": "RepeatDataset", "times": 2, "dataset": COCO}
    mixed = {"type": "MultiImageMixDataset", "dataset": COCO, "pipeline": LOADED}
    sound = {
        "repeated": repeated,
        "joined": {"type": "ConcatDataset", "datasets": [COCO, repeated]},
        "balanced": {"type": "ClassBalancedDataset", "oversample_thr": 0.1, "dataset": repeated},
        "mixed": mixed,
        "repeated mix": {"type": "RepeatDataset", "times": 2, "dataset": mixed},
    }
    faulty = {name: {**one, "backend_args": None} for name, one in sound.items()}
    faulty["deep"] = {"type": "ConcatDataset", "datasets": [COCO, faulty["repeated"]]}
    faulty["times"] = {"type": "RepeatDataset", "dataset": COCO}
    faulty["name"] = {**repeated, "type": "RepeatDatasets"}
    found = build(
        {
            f"{kind} {name}": {"train_dataloader": {"dataset": one}}
            for kind, several in (("sound", sound), ("faulty", faulty))
            for name, one in several.items()
        }
    )
    assert {name for name, one in found.items() if not one.failures} == {
        f"sound {name}" for name in sound
    }
