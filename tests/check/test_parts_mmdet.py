"""What the rules say of parts of configs, confirmed by building them with real mmdet."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config, ConfigDict
from mmscaffold.check import Settings, check_paths, find_rule
from mmscaffold.facts.building import is_built_by_models

pytestmark = pytest.mark.mmdet

HEAD = """
default_scope = 'mmdet'
train_dataloader = dict()
"""
RETINANET = {
    "type": "RetinaNet",
    "backbone": {"type": "ResNet", "depth": 18},
    "neck": {"type": "FPN", "in_channels": [64, 128, 256, 512], "out_channels": 64, "num_outs": 5},
    "bbox_head": {
        "type": "RetinaHead",
        "num_classes": 3,
        "in_channels": 64,
        "loss_cls": {"type": "FocalLoss", "use_sigmoid": True},
    },
}
ASSIGNER = {"type": "MaxIoUAssigner", "pos_iou_thr": 0.7, "neg_iou_thr": 0.3}
FASTER_RCNN = {
    "type": "FasterRCNN",
    "backbone": RETINANET["backbone"],
    "neck": RETINANET["neck"],
    "rpn_head": {
        "type": "RPNHead",
        "in_channels": 64,
        "feat_channels": 64,
        "anchor_generator": {
            "type": "AnchorGenerator",
            "scales": [8],
            "ratios": [0.5, 1.0, 2.0],
            "strides": [4, 8, 16, 32, 64],
        },
    },
    "roi_head": {
        "type": "StandardRoIHead",
        "bbox_roi_extractor": {
            "type": "SingleRoIExtractor",
            "roi_layer": {"type": "RoIAlign", "output_size": 7},
            "out_channels": 64,
            "featmap_strides": [4, 8, 16, 32],
        },
        "bbox_head": {"type": "Shared2FCBBoxHead", "in_channels": 64, "num_classes": 3},
    },
    "train_cfg": {
        "rpn": {"assigner": ASSIGNER, "sampler": {"type": "PseudoSampler"}},
        "rcnn": {"assigner": ASSIGNER, "sampler": {"type": "PseudoSampler"}},
    },
    "test_cfg": {"rpn": {"max_per_img": 10}, "rcnn": {"max_per_img": 10}},
}
METRIC = {"type": "CocoMetric", "metric": "bbox"}
COCO = {"type": "CocoDataset", "ann_file": "a.json", "pipeline": [], "lazy_init": True}


def changed(base: dict[str, Any], *path: str, **values: Any) -> dict[str, Any]:
    """A part with other values at some place in it; those that are ``None`` are taken out."""
    part = copy.deepcopy(base)
    inner = part
    for key in path:
        inner = inner[key]
    inner.update(values)
    for key in [key for key, value in values.items() if value is None]:
        del inner[key]
    return part


FAULTS = [
    ("MMS139", "model", changed(RETINANET, "backbone", type="ResNett")),
    ("MMS139", "model", changed(RETINANET, "bbox_head", "loss_cls", type="FocalLos")),
    ("MMS139", "model", changed(RETINANET, "neck", type="mmdet.FPNN")),
    ("MMS139", "model", changed(RETINANET, "neck", type="mmdet.models.necks.FPNN")),
    ("MMS139", "model", changed(RETINANET, type="mmdet.models.detectors.RetinaNets")),
    ("MMS139", "val_evaluator", changed(METRIC, type="CocoMetrics")),
    ("MMS139", "dataset", changed(COCO, type="mmengine.dataset.BaseDataSet")),
    ("MMS139", "dataset", changed(COCO, pipeline=[{"type": "LoadAnotations"}])),
    ("MMS141", "model", changed(RETINANET, roi_head={"type": "StandardRoIHead"})),
    ("MMS141", "model", changed(RETINANET, "backbone", type="SwinTransformer")),
    ("MMS141", "model", changed(RETINANET, "bbox_head", num_class=80)),
    ("MMS141", "model", changed(RETINANET, "bbox_head", "loss_cls", gama=2.0)),
    ("MMS141", "model", changed(RETINANET, "neck", num_outs=None)),
    ("MMS141", "model", changed(RETINANET, "bbox_head", in_channels=None)),
    ("MMS141", "model", changed(RETINANET, "bbox_head", num_classes=None)),
    ("MMS141", "model", changed(FASTER_RCNN, "rpn_head", in_channels=None)),
    ("MMS141", "model", changed(FASTER_RCNN, "rpn_head", "anchor_generator", strides=None)),
    ("MMS141", "model", changed(FASTER_RCNN, "roi_head", "bbox_roi_extractor", roi_layer=None)),
    ("MMS141", "model", changed(FASTER_RCNN, "train_cfg", "rpn", "assigner", neg_iou_thr=None)),
    ("MMS160", "model", changed(RETINANET, type=None)),
    ("MMS160", "model", changed(RETINANET, "backbone", type=None)),
    ("MMS160", "model", changed(RETINANET, "bbox_head", "loss_cls", type=None)),
    ("MMS160", "val_evaluator", changed(METRIC, type=None)),
    ("MMS160", "dataset", changed(COCO, type=None)),
    ("MMS160", "dataset", changed(COCO, pipeline=[{"with_bbox": True}])),
    ("MMS160", "dataset", {"type": "RepeatDataset", "times": 2, "dataset": {"pipeline": []}}),
    ("MMS141", "val_evaluator", changed(METRIC, eval_mode="11points")),
    ("MMS141", "dataset", changed(COCO, img_prefix="train/")),
    ("MMS141", "dataset", changed(COCO, classes=("ship",))),
    ("MMS141", "dataset", {"type": "RepeatDataset", "times": 2, "dataset": COCO, "pipeline": []}),
    ("MMS141", "dataset", changed(COCO, times=2)),
    ("MMS141", "dataset", changed(COCO, pipeline=[{"type": "Resize", "img_scale": (9, 9)}])),
    ("MMS141", "dataset", changed(COCO, pipeline=[{"type": "RandomFlip", "flip_ratio": 0.5}])),
]
SOUND = [
    ("model", RETINANET),
    ("model", FASTER_RCNN),
    ("val_evaluator", METRIC),
    ("dataset", COCO),
]


def text_of(key: str, part: dict[str, Any]) -> str:
    if key == "dataset":
        return f"{HEAD}model = {RETINANET!r}\ntrain_dataloader = dict(dataset={part!r})\n"
    if key == "model":
        return f"{HEAD}model = {part!r}\n"
    return f"{HEAD}model = {RETINANET!r}\n{key} = {part!r}\n"


def build(key: str, part: dict[str, Any]) -> Any:
    from mmdet.registry import DATASETS, METRICS, MODELS
    from mmdet.utils import register_all_modules

    register_all_modules(init_default_scope=True)
    registry = {"model": MODELS, "val_evaluator": METRICS, "dataset": DATASETS}[key]
    return registry.build(ConfigDict(copy.deepcopy(part)))


def found(tmp_path, text: str) -> list[str]:
    file = tmp_path / "config.py"
    file.write_text(text)
    assert Config.fromfile(file)
    rules = tuple(find_rule(one) for one in ("MMS129", "MMS139", "MMS140", "MMS141", "MMS160"))
    return [one.rule.id for one in check_paths([file], Settings(rules)).findings]


@pytest.mark.parametrize(("rule", "key", "part"), FAULTS)
def test_each_fault_is_refused_by_mmdet_and_found(tmp_path, rule, key, part):
    with pytest.raises((KeyError, TypeError)):
        build(key, part)
    assert set(found(tmp_path, text_of(key, part))) == {rule}


@pytest.mark.parametrize(("key", "part"), SOUND)
def test_the_same_without_a_fault_is_built_and_nothing_is_found(tmp_path, key, part):
    build(key, part)
    assert found(tmp_path, text_of(key, part)) == []


# Names of mmdet's own code: of whole configs, and of one of several.
NO_KEYS = {"cfg", "aug"}


def test_what_the_models_of_mmdet_build_is_known_by_its_key():
    import mmdet.models

    folder = Path(mmdet.models.__file__).parent
    text = "\n".join(one.read_text() for one in sorted(folder.rglob("*.py")))
    built = re.findall(r"\b(?:MODELS|TASK_UTILS)\.build\(\s*(\w+)\s*\)", text)
    keys = {one.rstrip("_") for one in built} - NO_KEYS
    assert len(keys) > 60
    assert [one for one in sorted(keys) if not is_built_by_models(one)] == []


R18 = {"type": "ResNet", "depth": 18}
V1D = {"type": "ResNetV1d", "depth": 50}
RESNEXT = {"type": "ResNeXt", "depth": 50}
SWIN = {"type": "SwinTransformer"}


@pytest.mark.parametrize(
    ("backbone", "neck", "in_channels", "fits"),
    [
        (R18, {"type": "FPN"}, [64, 128, 256, 512], True),
        (R18, {"type": "FPN"}, [256, 512, 1024, 2048], False),
        (R18, {"type": "PAFPN"}, [64, 128, 256, 512], True),
        (R18, {"type": "PAFPN"}, [256, 512, 1024, 2048], False),
        (R18, {"type": "ChannelMapper"}, [64, 128, 256, 512], True),
        (R18, {"type": "ChannelMapper"}, [256, 512, 1024, 2048], False),
        (R18, {"type": "FPN", "start_level": 1}, [7, 128, 256, 512], True),
        ({**R18, "out_indices": (1, 2, 3)}, {"type": "FPN"}, [128, 256, 512], True),
        ({**R18, "out_indices": (1, 2, 3)}, {"type": "FPN"}, [64, 128, 256, 512], False),
        ({**R18, "out_indices": (3, 2, 1)}, {"type": "FPN"}, [128, 256, 512], True),
        ({**R18, "out_indices": (3, 2, 1)}, {"type": "FPN"}, [512, 256, 128], False),
        ({**R18, "out_indices": (1, 1, 2, 3)}, {"type": "FPN"}, [128, 256, 512], True),
        ({**R18, "out_indices": (1, 1, 2, 3)}, {"type": "FPN"}, [128, 128, 256, 512], False),
        ({**R18, "base_channels": 32}, {"type": "FPN"}, [32, 64, 128, 256], True),
        ({"type": "ResNet", "depth": 50}, {"type": "FPN"}, [64, 128, 256, 512], False),
        (RESNEXT, {"type": "FPN"}, [256, 512, 1024, 2048], True),
        (V1D, {"type": "FPN"}, [256, 512, 1024, 2048], True),
        ({**RESNEXT, "out_indices": [3, 1, 2]}, {"type": "FPN"}, [512, 1024, 2048], True),
        ({**RESNEXT, "out_indices": [3, 1, 2]}, {"type": "FPN"}, [2048, 512, 1024], False),
        ({**V1D, "out_indices": [3, 1, 2]}, {"type": "FPN"}, [512, 1024, 2048], True),
        ({**V1D, "out_indices": [3, 1, 2]}, {"type": "FPN"}, [2048, 512, 1024], False),
        ({**SWIN, "out_indices": (3, 1, 2)}, {"type": "FPN"}, [192, 384, 768], True),
        ({**SWIN, "out_indices": (3, 1, 2)}, {"type": "FPN"}, [768, 192, 384], False),
        (SWIN, {"type": "FPN"}, [64, 128, 256, 512], False),
        ({"type": "SwinTransformer", "embed_dims": 48}, {"type": "FPN"}, [48, 96, 192, 384], True),
    ],
)
def test_a_neck_that_expects_other_channels_fails_at_the_first_batch(
    tmp_path, backbone, neck, in_channels, fits
):
    taken = {**neck, "in_channels": in_channels, "out_channels": 64, "num_outs": 5}
    part = {**RETINANET, "backbone": backbone, "neck": taken}
    file = tmp_path / "config.py"
    file.write_text(text_of("model", part))
    report = check_paths([file], Settings((find_rule("MMS162"),)))
    assert [one.rule.id for one in report.findings] == ([] if fits else ["MMS162"])
    model = build("model", part)
    if fits:
        assert len(model.extract_feat(torch.zeros(1, 3, 64, 64))) == 5
    else:
        with pytest.raises((RuntimeError, AssertionError)):
            model.extract_feat(torch.zeros(1, 3, 64, 64))


NEXT = {"type": "CSPNeXt", "deepen_factor": 0.167, "widen_factor": 0.25}
DARK = {"type": "CSPDarknet", "deepen_factor": 0.33, "widen_factor": 0.375}


@pytest.mark.parametrize(
    ("backbone", "neck", "in_channels", "fits"),
    [
        (NEXT, "CSPNeXtPAFPN", [64, 128, 256], True),
        (NEXT, "CSPNeXtPAFPN", [96, 192, 384], False),
        ({**NEXT, "arch": "P6", "out_indices": (3, 4)}, "CSPNeXtPAFPN", [128, 192], True),
        (DARK, "YOLOXPAFPN", [96, 192, 384], True),
        (DARK, "YOLOXPAFPN", [256, 512, 1024], False),
        ({**DARK, "out_indices": (1, 2, 3, 4)}, "YOLOXPAFPN", [48, 96, 192, 384], True),
        (R18, "YOLOXPAFPN", [256, 512, 1024, 2048], False),
    ],
)
def test_a_neck_expects_what_widen_factor_makes_of_the_stages(
    tmp_path, backbone, neck, in_channels, fits
):
    taken = {"type": neck, "in_channels": in_channels, "out_channels": 64, "num_csp_blocks": 1}
    part = {**RETINANET, "backbone": backbone, "neck": taken}
    file = tmp_path / "config.py"
    file.write_text(text_of("model", part))
    report = check_paths([file], Settings((find_rule("MMS162"),)))
    assert [one.rule.id for one in report.findings] == ([] if fits else ["MMS162"])
    model = build("model", part)
    model.train(mode=False)
    if fits:
        assert len(model.extract_feat(torch.zeros(1, 3, 64, 64))) == len(in_channels)
    else:
        with pytest.raises(RuntimeError, match="channels"):
            model.extract_feat(torch.zeros(1, 3, 64, 64))
