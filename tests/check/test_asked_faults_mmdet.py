"""Faults that people ask about in public, over official configs: refused by mmdet, and found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.evaluator import Evaluator
from mmengine.optim import build_optim_wrapper
from mmengine.registry import DATA_SAMPLERS, HOOKS, LOOPS, PARAM_SCHEDULERS
from mmengine.runner import Runner
from mmscaffold.check import Settings, all_rules, check_paths
from support.tiny_training import arguments

pytestmark = pytest.mark.mmdet

RETINANET = "retinanet/retinanet_r50_fpn_1x_coco.py"
FASTER_RCNN = "faster_rcnn/faster-rcnn_r50_fpn_1x_coco.py"
MASK_RCNN = "mask_rcnn/mask-rcnn_r50_fpn_1x_coco.py"
LOADED = "dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)"
# What is built, the rule, the base, and what a config writes over it.
FAULTS = [
    ("model", "MMS141", FASTER_RCNN, "model = dict(bbox_head=dict(num_classes=80))"),
    ("model", "MMS141", RETINANET,
     "model = dict(roi_head=dict(bbox_head=dict(num_classes=80)))"),
    ("model", "MMS141", RETINANET, "model = dict(num_classes=80)"),
    ("model", "MMS141", RETINANET, "model = dict(pretrained='torchvision://resnet50')"),
    ("model", "MMS141", RETINANET,
     "model = dict(bbox_head=dict(loss_cls=dict(type='CrossEntropyLoss')))"),
    ("model", "MMS141", MASK_RCNN,
     "model = dict(roi_head=dict(mask_head=dict(num_class=80)))"),
    ("model", "MMS141", RETINANET,
     "model = dict(neck=dict(_delete_=True, type='FPN', in_channels=[256, 512, 1024, 2048],"
     " out_channels=256))"),
    ("model", "MMS141", RETINANET,
     "model = dict(bbox_head=dict(_delete_=True, type='RetinaHead', num_classes=80))"),
    ("model", "MMS141", RETINANET, "model = dict(train_cfg=dict(assigner=dict(pos_iou_th=0.6)))"),
    ("model", "MMS141", RETINANET,
     "model = dict(bbox_head=dict(anchor_generator=dict(_delete_=True,"
     " type='AnchorGenerator', ratios=[1.0], scales=[8])))"),
    ("model", "MMS139", RETINANET,
     "model = dict(train_cfg=dict(assigner=dict(type='MaxIOUAssigner')))"),
    ("model", "MMS139", MASK_RCNN,
     "model = dict(roi_head=dict(mask_head=dict(type='FCNHead')))"),
    ("model", "MMS139", RETINANET, "model = dict(type='mmdet.models.detectors.RetinaNets')"),
    ("model", "MMS129", RETINANET, "model = dict(type='Retinanet')"),
    ("model", "MMS160", RETINANET,
     "model = dict(bbox_head=dict(loss_bbox=dict(_delete_=True, loss_weight=1.0)))"),
    ("model", "MMS160", RETINANET, "model = dict(backbone=dict(_delete_=True, depth=18))"),
    ("train_dataloader", "MMS141", RETINANET,
     "train_dataloader = dict(dataset=dict(type='RepeatDataset', times=3))"),
    ("train_dataloader", "MMS141", RETINANET,
     "train_dataloader = dict(dataset=dict(times=3, dataset=dict(type='CocoDataset')))"),
    ("train_dataloader", "MMS129", RETINANET,
     f"train_dataloader = dict(dataset=dict(pipeline=[{LOADED}, dict(type='Collect')]))"),
    ("train_dataloader", "MMS141", RETINANET,
     f"train_dataloader = dict(dataset=dict(pipeline=[{LOADED}, dict(type='Resize',"
     " img_scale=[(1333, 640), (1333, 800)], keep_ratio=True), dict(type='PackDetInputs')]))"),
    ("train_dataloader", "MMS160", RETINANET,
     "train_dataloader = dict(dataset=dict(pipeline=[dict(with_bbox=True)]))"),
    ("train_dataloader", "MMS161", RETINANET,
     "train_dataloader = dict(dataset=dict(data_prefix='train2017/'))"),
    ("train_dataloader", "MMS161", RETINANET,
     "train_dataloader = dict(dataset=dict(metainfo=('ship',)))"),
    ("train_dataloader", "MMS129", RETINANET,
     "train_dataloader = dict(sampler=dict(type='GroupSampler'))"),
    ("train_dataloader", "MMS139", RETINANET,
     "train_dataloader = dict(batch_sampler=dict(type='AspectRatioBatchSample'))"),
    ("train_dataloader", "MMS160", RETINANET,
     "train_dataloader = dict(sampler=dict(_delete_=True, shuffle=True))"),
    ("val_evaluator", "MMS141", RETINANET, "val_evaluator = dict(type='VOCMetric')"),
    ("val_evaluator", "MMS160", RETINANET, "val_evaluator = dict(_delete_=True, metric='bbox')"),
    ("val_cfg", "MMS110", RETINANET, "val_cfg = dict(interval=5)"),
    ("hooks", "MMS129", RETINANET,
     "custom_hooks = [dict(type='EarlyStopping', monitor='coco/bbox_mAP')]"),
    ("hooks", "MMS129", RETINANET,
     "default_hooks = dict(logger=dict(type='TextLoggerHook'))"),
    ("hooks", "MMS161", RETINANET, "custom_hooks = dict(type='EMAHook')"),
    ("hooks", "MMS160", RETINANET, "custom_hooks = [dict(interval=1)]"),
    ("hooks", "MMS139", RETINANET, "custom_hooks = [dict(type='mmengine.hooks.EMAHok')]"),
    ("optim_wrapper", "MMS129", RETINANET,
     "optim_wrapper = dict(_delete_=True, type='AdamW', optimizer=dict(type='AdamW', lr=1e-4))"),
    ("optim_wrapper", "MMS160", RETINANET,
     "optim_wrapper = dict(optimizer=dict(_delete_=True, lr=0.1))"),
    ("param_scheduler", "MMS122", RETINANET,
     "param_scheduler = [dict(type='MultiStepLR', milestone=[8, 11], by_epoch=True)]"),
    ("config", "MMS161", RETINANET, "custom_imports = 'mmdet.models'"),
    ("config", "MMS161", RETINANET, "custom_imports = ['mmdet.models']"),
    ("visualizer", "MMS139", RETINANET,
     "visualizer = dict(vis_backends=[dict(type='TensorBoardVisBackend')])"),
]  # fmt: skip
SOUND = [
    ("model", FASTER_RCNN, "model = dict(roi_head=dict(bbox_head=dict(num_classes=80)))"),
    ("model", RETINANET, "model = dict(bbox_head=dict(num_classes=80))"),
    ("model", RETINANET,
     "model = dict(backbone=dict(init_cfg=dict(type='Pretrained', checkpoint='a.pth')))"),
    ("model", RETINANET,
     "model = dict(bbox_head=dict(loss_cls=dict(_delete_=True, type='CrossEntropyLoss',"
     " use_sigmoid=True)))"),
    ("model", RETINANET,
     "model = dict(bbox_head=dict(loss_bbox=dict(_delete_=True, type='GIoULoss')))"),
    ("model", RETINANET,
     "model = dict(bbox_head=dict(anchor_generator=dict(octave_base_scale=2)))"),
    ("model", RETINANET,
     "model = dict(backbone=dict(depth=18), neck=dict(in_channels=[64, 128, 256, 512]))"),
    ("model", RETINANET,
     "model = dict(backbone=dict(type='ResNeXt', depth=101, groups=64, base_width=4))"),
    ("model", RETINANET,
     "model = dict(neck=[dict(type='FPN', in_channels=[256, 512, 1024, 2048], out_channels=256,"
     " num_outs=5), dict(type='BFP', in_channels=256, num_levels=5)])"),
    ("model", RETINANET,
     "model = dict(train_cfg=dict(assigner=dict(_delete_=True, type='ATSSAssigner', topk=9)))"),
    ("model", RETINANET, "model = dict(test_cfg=dict(nms=dict(type='soft_nms')))"),
    ("model", RETINANET,
     "model = dict(backbone=dict(norm_cfg=dict(type='GN', num_groups=32)))"),
    ("model", RETINANET, "model = dict(data_preprocessor=dict(mean=[0.0], std=[1.0]))"),
    ("model", MASK_RCNN,
     "model = dict(roi_head=dict(mask_head=dict(_delete_=True, type='FCNMaskHead')))"),
    ("model", RETINANET, "model = dict(type='mmdet.models.RetinaNet')"),
    ("train_dataloader", RETINANET,
     "train_dataloader = dict(dataset=dict(_delete_=True, type='RepeatDataset', times=3,"
     " dataset=dict(type='CocoDataset', ann_file='a.json', pipeline=[])))"),
    ("train_dataloader", RETINANET,
     "one = dict(type='CocoDataset', ann_file='a.json', pipeline=[])\n"
     "train_dataloader = dict(dataset=dict(_delete_=True, type='ConcatDataset',"
     " datasets=[one, one]))"),
    ("train_dataloader", RETINANET,
     "train_dataloader = dict(dataset=dict(data_prefix=dict(img='train/')))"),
    ("train_dataloader", RETINANET,
     "train_dataloader = dict(dataset=dict(data_root='', ann_file='data/ships/train.json'))"),
    ("train_dataloader", RETINANET,
     "train_dataloader = dict(sampler=dict(_delete_=True, type='ClassAwareSampler'))"),
    ("train_dataloader", RETINANET,
     f"train_dataloader = dict(dataset=dict(pipeline=[{LOADED}, dict(type='RandomChoiceResize',"
     " scales=[(1333, 640), (1333, 800)], keep_ratio=True), dict(type='PackDetInputs')]))"),
    ("val_evaluator", RETINANET,
     "val_evaluator = dict(_delete_=True, type='VOCMetric', metric='mAP')"),
    ("val_evaluator", RETINANET,
     "val_evaluator = [dict(type='CocoMetric', metric=['bbox', 'proposal'])]"),
    ("hooks", RETINANET,
     "custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco/bbox_mAP', patience=2)]"),
    ("hooks", RETINANET, "custom_hooks = [dict(type='mmengine.hooks.EMAHook')]"),
    ("hooks", RETINANET,
     "default_hooks = dict(checkpoint=dict(save_best='coco/bbox_mAP', max_keep_ckpts=2))"),
    ("optim_wrapper", RETINANET,
     "optim_wrapper = dict(optimizer=dict(_delete_=True, type='AdamW', lr=1e-4),"
     " clip_grad=dict(max_norm=35, norm_type=2))"),
    ("param_scheduler", RETINANET,
     "param_scheduler = [dict(type='CosineAnnealingLR', T_max=12, by_epoch=True)]"),
    ("config", RETINANET,
     "custom_imports = dict(imports=['mmdet.models'], allow_failed_imports=False)"),
    ("visualizer", RETINANET,
     "visualizer = dict(vis_backends=[dict(type='TensorboardVisBackend')])"),
]  # fmt: skip


def build(what: str, config: Config, folder: Path) -> None:
    """Build one part of a config as the Runner does, without reading data or weights."""
    from mmdet.registry import DATASETS, MODELS, VISUALIZERS
    from mmdet.utils import register_all_modules

    register_all_modules(init_default_scope=True)
    if what == "model":
        with torch.device("meta"):
            MODELS.build(config.model)
    elif what == "train_dataloader":
        loader = config.train_dataloader
        DATASETS.build(lazy(loader.dataset))
        sampler = DATA_SAMPLERS.build(loader.sampler, default_args={"dataset": Ships(), "seed": 0})
        DATA_SAMPLERS.build(
            loader.batch_sampler, default_args={"sampler": sampler, "batch_size": 2}
        )
    elif what == "val_evaluator":
        metrics = config.val_evaluator
        if isinstance(metrics, dict):
            metrics.pop("ann_file", None)
        Evaluator(metrics)
    elif what == "val_cfg":
        given = dict.fromkeys(("runner", "dataloader", "evaluator"))
        LOOPS.build(config.val_cfg, default_args=given)
    elif what == "hooks":
        default = dict(config.default_hooks)
        # It wants a visualizer that belongs to it.
        del default["visualization"]
        hooks = {"default_hooks": default, "custom_hooks": config.get("custom_hooks")}
        Runner(**arguments(folder, default_scope="mmdet", **hooks))
        assert HOOKS.get("EMAHook")
    elif what == "optim_wrapper":
        build_optim_wrapper(torch.nn.Linear(1, 1), config.optim_wrapper)
    elif what == "param_scheduler":
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 0.1)
        for one in config.param_scheduler:
            PARAM_SCHEDULERS.build(one, default_args={"optimizer": optimizer})
    elif what == "visualizer":
        VISUALIZERS.build({**config.visualizer, "save_dir": str(folder)})


class Ships(list):
    """A data set without samples, which samplers ask for its classes."""

    metainfo = {"classes": ("ship",)}  # noqa: RUF012

    def get_cat2imgs(self) -> dict[int, list[int]]:
        """The images of each class."""
        return {0: [0]}


def lazy(part: Any) -> Any:
    """The same data sets, which read no annotations."""
    if isinstance(part, list):
        return [lazy(one) for one in part]
    if not isinstance(part, dict):
        return part
    inner = {key: lazy(value) for key, value in part.items()}
    is_data_set = str(part.get("type")).endswith("Dataset")
    return {**inner, "lazy_init": True} if is_data_set else inner


def written(tmp_path: Path, configs: Path, base: str, text: str) -> Path:
    file = tmp_path / "config.py"
    file.write_text(f"_base_ = {str(configs / base)!r}\n{text}\n")
    return file


@pytest.mark.parametrize(("what", "rule", "base", "text"), FAULTS)
def test_each_fault_is_refused_and_found_by_one_rule(
    tmp_path, mmdet_configs, what, rule, base, text
):
    file = written(tmp_path, mmdet_configs, base, text)
    with pytest.raises((KeyError, TypeError, AttributeError)):
        build(what, Config.fromfile(file), tmp_path)
    assert {one.rule.id for one in check_paths([file], Settings(tuple(all_rules()))).findings} == {
        rule
    }


@pytest.mark.parametrize(("what", "base", "text"), SOUND)
def test_the_same_written_right_is_built_and_nothing_is_found(
    tmp_path, mmdet_configs, what, base, text
):
    file = written(tmp_path, mmdet_configs, base, text)
    build(what, Config.fromfile(file), tmp_path)
    assert [
        one.message for one in check_paths([file], Settings(tuple(all_rules()))).findings
    ] == []
