"""Official configs whose head does not fit their neck: refused by mmdet at a batch, and found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmscaffold.check import Settings, check_paths, find_rule

pytestmark = pytest.mark.mmdet

RETINANET = "retinanet/retinanet_r18_fpn_1x_coco.py"
FASTER_RCNN = "faster_rcnn/faster-rcnn_r50_fpn_1x_coco.py"
ATSS = "atss/atss_r50_fpn_1x_coco.py"
FCOS = "fcos/fcos_r50-caffe_fpn_gn-head_1x_coco.py"
GFL = "gfl/gfl_r50_fpn_1x_coco.py"
FOVEA = "foveabox/fovea_r50_fpn_4xb4-1x_coco.py"
FSAF = "fsaf/fsaf_r50_fpn_1x_coco.py"
PAA = "paa/paa_r50_fpn_1x_coco.py"
VFNET = "vfnet/vfnet_r50_fpn_1x_coco.py"
RTMDET = "rtmdet/rtmdet_tiny_8xb32-300e_coco.py"
YOLOX = "yolox/yolox_tiny_8xb8-300e_coco.py"
ROI = "roi_head=dict(bbox_roi_extractor=dict(out_channels={}))"


def strides(number: int) -> str:
    return str([4 * 2**one for one in range(number)])


def model(values: str) -> str:
    return f"model = dict({values}, data_preprocessor=dict(batch_augments=None))\n"


def loss(config: Config) -> Any:
    from mmdet.registry import MODELS
    from mmdet.testing import demo_mm_inputs
    from mmdet.utils import register_all_modules

    register_all_modules(init_default_scope=True)
    torch.manual_seed(0)
    detector = MODELS.build(config.model)
    detector.train()
    batch = demo_mm_inputs(2, [[3, 128, 128]] * 2, num_items=[2, 2], num_classes=3)
    data = detector.data_preprocessor(batch, True)
    return detector(**data, mode="loss")


def found(folder: Path, configs: Path, base: str, text: str) -> tuple[Config, set[str]]:
    file = folder / "config.py"
    file.write_text(f"_base_ = {str(configs / base)!r}\n{text}\n")
    rules = tuple(map(find_rule, ("MMS141", "MMS162", "MMS167")))
    report = check_paths([file], Settings(rules))
    return Config.fromfile(file), {one.rule.id for one in report.findings}


@pytest.mark.parametrize(
    ("base", "text", "symptom"),
    [
        (RETINANET, model("neck=dict(out_channels=64)"), "channels"),
        (RETINANET, model("bbox_head=dict(in_channels=64)"), "channels"),
        (RETINANET, model("neck=dict(num_outs=4)"), ""),
        (RETINANET, model("neck=dict(num_outs=6)"), ""),
        (FASTER_RCNN, model("rpn_head=dict(in_channels=128)"), "channels"),
        (FASTER_RCNN, model("neck=dict(num_outs=4)"), ""),
        (FASTER_RCNN, model("neck=dict(num_outs=6)"), ""),
        (FASTER_RCNN, model(ROI.format(64)), "shape mismatch"),
        (ATSS, model("neck=dict(out_channels=128)"), "channels"),
        (ATSS, model("neck=dict(num_outs=4)"), ""),
        (FCOS, model("neck=dict(out_channels=128)"), "channels"),
        (FCOS, model("neck=dict(num_outs=4)"), ""),
        (GFL, model("neck=dict(out_channels=128)"), "channels"),
        (GFL, model("neck=dict(num_outs=4)"), ""),
        (FOVEA, model("neck=dict(num_outs=4)"), ""),
        (FOVEA, model("neck=dict(num_outs=6)"), ""),
        (FSAF, model("neck=dict(num_outs=6)"), ""),
        (PAA, model("neck=dict(num_outs=4)"), ""),
        (VFNET, model("neck=dict(num_outs=4)"), ""),
        (RTMDET, model("neck=dict(out_channels=64)"), "channels"),
        (YOLOX, model("neck=dict(out_channels=64)"), "channels"),
        (YOLOX, model("bbox_head=dict(in_channels=64)"), "channels"),
    ],
)
def test_a_head_that_does_not_fit_fails_at_the_first_batch(
    tmp_path, mmdet_configs, base, text, symptom
):
    config, rules = found(tmp_path, mmdet_configs, base, text)
    assert rules == {"MMS167"}
    with pytest.raises((RuntimeError, AssertionError), match=symptom):
        loss(config)


@pytest.mark.parametrize(
    ("base", "text"),
    [
        (RETINANET, model("neck=dict(out_channels=64), bbox_head=dict(in_channels=64)")),
        (RETINANET, model("bbox_head=dict(stacked_convs=0, feat_channels=256)")),
        (RETINANET, model("neck=dict(num_outs=4), bbox_head=dict(anchor_generator=dict("
                          f"strides={strides(4)}))")),
        (FASTER_RCNN, model("neck=dict(num_outs=4), rpn_head=dict(anchor_generator=dict("
                            f"strides={strides(4)}))")),
        # The last level has no anchors.
        (ATSS, model("neck=dict(num_outs=6)")),
        (FCOS, model("neck=dict(num_outs=6)")),
        (GFL, model("neck=dict(num_outs=6)")),
        (RTMDET, model("neck=dict(out_channels=64), bbox_head=dict(in_channels=64)")),
        (YOLOX, model("neck=dict(out_channels=64), bbox_head=dict(in_channels=64)")),
    ],
)  # fmt: skip
def test_a_head_that_fits_trains(tmp_path, mmdet_configs, base, text):
    config, rules = found(tmp_path, mmdet_configs, base, text)
    assert rules == set()
    assert loss(config)
