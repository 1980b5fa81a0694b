"""Official configs with data that do not fit them: refused by mmdet at a batch, and found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mmcv
import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.evaluator import Evaluator
from mmscaffold.check import Settings, check_paths, find_rule

pytestmark = pytest.mark.mmdet

RULES = ("MMS129", "MMS139", "MMS141", "MMS160", "MMS161", "MMS162", "MMS164", "MMS165", "MMS166")
RETINANET = "retinanet/retinanet_r50_fpn_1x_coco.py"
FASTER_RCNN = "faster_rcnn/faster-rcnn_r50_fpn_1x_coco.py"
MASK_RCNN = "mask_rcnn/mask-rcnn_r50_fpn_1x_coco.py"
MASK2FORMER = "mask2former/mask2former_r50_8xb2-lsj-50e_coco.py"
PANOPTIC = "mask2former/mask2former_r50_8xb2-lsj-50e_coco-panoptic.py"
WITH_MASKS = [
    MASK_RCNN,
    "cascade_rcnn/cascade-mask-rcnn_r50_fpn_1x_coco.py",
    "solo/solo_r50_fpn_1x_coco.py",
    "rtmdet/rtmdet-ins_tiny_8xb32-300e_coco.py",
    MASK2FORMER,
]
IMAGE, RESIZE = "dict(type='LoadImageFromFile')", "dict(type='Resize', scale=(64, 64))"
BOXES = "dict(type='LoadAnnotations', with_bbox=True)"
MASKS = "dict(type='LoadAnnotations', with_bbox=True, with_mask=True)"
PACK = "dict(type='PackDetInputs')"
# The models pad their batches to the sizes of the papers.
SMALL = "data_preprocessor=dict(batch_augments=None)"
MASK_HEAD = """
model = dict(
    type='MaskRCNN',
    roi_head=dict(
        mask_roi_extractor=dict(
            type='SingleRoIExtractor',
            roi_layer=dict(type='RoIAlign', output_size=14, sampling_ratio=0),
            out_channels=256,
            featmap_strides=[4, 8, 16, 32],
        ),
        mask_head=dict(
            type='FCNMaskHead', num_convs=1, in_channels=256, conv_out_channels=16,
            num_classes=80, loss_mask=dict(type='CrossEntropyLoss', use_mask=True),
        ),
    ),
    train_cfg=dict(rcnn=dict(mask_size=28)),
)
"""


@pytest.fixture
def ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that has two images below data/ships, and their annotations."""
    root = tmp_path / "data" / "ships"
    (root / "train").mkdir(parents=True)
    images, objects = [], []
    for number in (1, 2):
        name = f"{number}.png"
        mmcv.imwrite(np.full((64, 64, 3), 40 * number, np.uint8), str(root / "train" / name))
        images.append({"id": number, "file_name": name, "width": 64, "height": 64})
        outline = [8, 8, 40, 8, 40, 40, 8, 40]
        box = {"bbox": [8, 8, 32, 32], "area": 1024, "iscrowd": 0}
        objects.append(
            {"id": number, "image_id": number, "category_id": 1, "segmentation": [outline], **box}
        )
    from mmdet.datasets import CocoDataset

    names = CocoDataset.METAINFO["classes"]
    kinds = [{"id": number, "name": name} for number, name in enumerate(names, 1)]
    data = {"images": images, "annotations": objects, "categories": kinds}
    (root / "train.json").write_text(json.dumps(data))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def data_of(*transforms: str, mode: str = "train", root: str = "") -> str:
    return (
        f"{mode}_dataloader = dict(dataset=dict(_delete_=True, type='CocoDataset',"
        f" data_root='data/ships/', ann_file='{root}train.json',"
        f" data_prefix=dict(img='{root}train/'), pipeline=[{', '.join(transforms)}]))\n"
    )


def built(config: Config) -> Any:
    from mmdet.registry import MODELS
    from mmdet.utils import register_all_modules

    register_all_modules(init_default_scope=True)
    torch.manual_seed(0)
    return MODELS.build(config.model)


def first_batch(config: Config, mode: str = "train") -> Any:
    """What a model makes of two images, as mmengine's loops hand them to it."""
    from mmdet.registry import DATASETS

    model = built(config)
    data = DATASETS.build(config[f"{mode}_dataloader"].dataset)
    is_training = mode == "train"
    model.train(is_training)
    batch = model.data_preprocessor(pseudo_collate([data[0], data[1]]), is_training)
    with torch.set_grad_enabled(is_training):
        return model(**batch, mode="loss" if is_training else "predict")


def validate(config: Config) -> None:
    """Evaluate what a model gives for a batch of the validation."""
    from mmdet.datasets import CocoDataset

    samples = first_batch(config, "val")
    metric = config.val_evaluator
    if metric.type in ("CityScapesMetric", "CocoPanopticMetric"):
        # They want packages that are not installed, and only here.
        from mmdet.registry import METRICS

        kind = METRICS.get(metric.type)
        built_metric = object.__new__(kind)
        built_metric.tmp_dir, built_metric.outfile_prefix = None, "results"
        built_metric.process({}, [one.to_dict() for one in samples])
        return
    evaluator = Evaluator(metric)
    evaluator.dataset_meta = CocoDataset.METAINFO
    evaluator.process(samples, None)
    evaluator.evaluate(len(samples))


def found(folder: Path, configs: Path, base: str, text: str) -> tuple[Config, set[str]]:
    file = folder / "config.py"
    file.write_text(f"_base_ = {str(configs / base)!r}\n{text}\n")
    # Of two images, others have to say that the schedule is too long.
    report = check_paths([file], Settings(tuple(map(find_rule, RULES))))
    return Config.fromfile(file), {one.rule.id for one in report.findings}


@pytest.mark.parametrize("base", WITH_MASKS)
def test_a_head_of_masks_without_masks_fails_at_the_first_batch(ships, mmdet_configs, base):
    text = f"model = dict({SMALL})\n"
    config, rules = found(ships, mmdet_configs, base, text + data_of(IMAGE, RESIZE, BOXES, PACK))
    assert rules == {"MMS164"}
    with pytest.raises((AttributeError, KeyError), match="masks"):
        first_batch(config)
    config, rules = found(ships, mmdet_configs, base, text + data_of(IMAGE, RESIZE, MASKS, PACK))
    assert rules == set()
    assert first_batch(config)


@pytest.mark.parametrize(
    ("base", "text", "symptom"),
    [
        (FASTER_RCNN, MASK_HEAD + data_of(IMAGE, BOXES, RESIZE, PACK), "'masks'"),
        (FASTER_RCNN, data_of(IMAGE, RESIZE, PACK), "'labels'"),
        (RETINANET, data_of(IMAGE, RESIZE, PACK), "'bboxes'"),
        (MASK2FORMER, f"model = dict({SMALL})\n" + data_of(IMAGE, RESIZE, PACK), "'labels'"),
        (RETINANET, data_of(IMAGE, BOXES, RESIZE), "'inputs'"),
        (RETINANET,
         "train_dataloader = dict(dataset=dict(_delete_=True, type='MultiImageMixDataset',"
         " dataset=dict(type='CocoDataset', ann_file='data/ships/train.json',"
         " data_prefix=dict(img='data/ships/train/'), pipeline=["
         f"{IMAGE}, {RESIZE}]), pipeline=[{PACK}]))", "'bboxes'"),
    ],
)  # fmt: skip
def test_a_training_pipeline_that_leaves_something_out_is_found(
    ships, mmdet_configs, base, text, symptom
):
    config, rules = found(ships, mmdet_configs, base, text)
    assert rules == {"MMS164"}
    with pytest.raises((AttributeError, KeyError), match=symptom):
        first_batch(config)


def test_a_pipeline_of_the_validation_that_does_not_pack_is_found(ships, mmdet_configs):
    config, rules = found(ships, mmdet_configs, RETINANET, data_of(IMAGE, RESIZE, mode="val"))
    assert rules == {"MMS164"}
    with pytest.raises(KeyError, match="'inputs'"):
        first_batch(config, "val")


@pytest.mark.parametrize(
    ("base", "text"),
    [
        (FASTER_RCNN, MASK_HEAD + data_of(IMAGE, MASKS, RESIZE, PACK)),
        (FASTER_RCNN, data_of(IMAGE, BOXES, RESIZE, PACK)),
        (RETINANET, data_of(IMAGE, f"dict(type='RandomChoice', transforms=[[{BOXES}, {RESIZE}],"
         f" [{MASKS}, {RESIZE}]])", PACK)),
        (RETINANET,
         "train_dataloader = dict(dataset=dict(_delete_=True, type='MultiImageMixDataset',"
         " dataset=dict(type='RepeatDataset', times=2, dataset=dict(type='CocoDataset',"
         " ann_file='data/ships/train.json', data_prefix=dict(img='data/ships/train/'),"
         f" pipeline=[{IMAGE}, {BOXES}])), pipeline=[{RESIZE}, {PACK}]))"),
    ],
)  # fmt: skip
def test_pipelines_that_load_all_train(ships, mmdet_configs, base, text):
    config, rules = found(ships, mmdet_configs, base, text)
    assert rules == set()
    assert first_batch(config)


@pytest.mark.parametrize(
    ("root", "rules"), [("", set()), ("data/ships/", {"MMS165"}), ("./data/ships/", {"MMS165"})]
)
def test_a_root_that_is_joined_twice_is_not_there(ships, mmdet_configs, root, rules):
    from mmdet.registry import DATASETS

    text = data_of(IMAGE, BOXES, PACK, root=root)
    config, given = found(ships, mmdet_configs, RETINANET, text)
    assert given == rules
    if not rules:
        assert DATASETS.build(config.train_dataloader.dataset)[0]["inputs"].shape
        return
    with pytest.raises(FileNotFoundError, match=r"ships/(\./)?data/ships/train\.json"):
        DATASETS.build(config.train_dataloader.dataset)


def test_a_root_below_one_of_its_own_name_is_there(ships, mmdet_configs):
    (ships / "data" / "ships" / "data").mkdir()
    (ships / "data" / "ships").rename(ships / "ships")
    (ships / "ships").rename(ships / "data" / "inner")
    (ships / "data" / "data").mkdir()
    (ships / "data" / "inner").rename(ships / "data" / "data" / "ships")
    text = (
        "train_dataloader = dict(dataset=dict(data_root='data', ann_file='data/ships/train.json',"
        " data_prefix=dict(img='data/ships/train/')))"
    )
    config, rules = found(ships, mmdet_configs, RETINANET, text)
    assert rules == set()
    assert Path("data", config.train_dataloader.dataset.ann_file).is_file()


# All boxes count, however unlikely: with none, nothing is evaluated.
ALL_OF_RETINANET = f"model = dict({SMALL}, test_cfg=dict(score_thr=0.0))\n"
RCNN = "test_cfg=dict(rpn=dict(max_per_img=9), rcnn=dict(score_thr=0.0, max_per_img=3))"
ALL_OF_RCNN = f"model = dict({SMALL}, {RCNN})\n"
KINDS = "['bbox', 'segm']"


def metric_of(name: str, **arguments: str) -> str:
    given = ", ".join(f"{key}={value}" for key, value in arguments.items())
    return f"val_evaluator = dict(_delete_=True, type={name!r}, {given})\n"


def coco(kinds: str) -> str:
    return metric_of("CocoMetric", metric=kinds, ann_file="'data/ships/train.json'")


@pytest.mark.parametrize(
    ("base", "text", "symptom"),
    [
        (RETINANET, ALL_OF_RETINANET + coco(KINDS), "segm is not in results"),
        (RETINANET, ALL_OF_RETINANET + coco("'segm'"), "segm is not in results"),
        (RETINANET, metric_of("CityScapesMetric", outfile_prefix="'a'"), "masks"),
        (RETINANET, metric_of("SemSegMetric"), "pred_sem_seg"),
        (FASTER_RCNN, ALL_OF_RCNN + coco(KINDS), "segm is not in results"),
        (MASK_RCNN, "model = dict(roi_head=dict(mask_head=None, mask_roi_extractor=None),"
         f" {RCNN})\n" + coco(KINDS), "segm is not in results"),
        (PANOPTIC, f"model = dict({SMALL}, test_cfg=dict(instance_on=False))\n" + coco("'bbox'"),
         "pred_instances"),
        (MASK2FORMER, f"model = dict({SMALL})\n" + metric_of("CocoPanopticMetric"),
         "pred_panoptic_seg"),
    ],
)  # fmt: skip
def test_a_metric_of_what_the_detector_does_not_give_is_found(
    ships, mmdet_configs, base, text, symptom
):
    text += data_of(IMAGE, RESIZE, PACK, mode="val")
    config, rules = found(ships, mmdet_configs, base, text)
    assert rules == {"MMS166"}
    with pytest.raises((AttributeError, KeyError), match=symptom):
        validate(config)


@pytest.mark.parametrize(
    ("base", "text"),
    [
        (RETINANET, ALL_OF_RETINANET + coco("['bbox', 'proposal']")),
        (MASK_RCNN, ALL_OF_RCNN + coco(KINDS)),
        (MASK2FORMER, f"model = dict({SMALL})\n" + coco(KINDS)),
        (PANOPTIC, f"model = dict({SMALL})\n" + coco(KINDS)),
    ],
)
def test_a_metric_of_what_it_gives_is_not(ships, mmdet_configs, base, text):
    text += data_of(IMAGE, RESIZE, PACK, mode="val")
    config, rules = found(ships, mmdet_configs, base, text)
    assert rules == set()
    validate(config)
