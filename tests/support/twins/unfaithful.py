"""Where official configs of 3.x do not train or evaluate what those of 2.x did.

An upgrade that keeps to the old file differs from its official twin there, rightly. A row counts
for the tool only where the upgraded config has the very value that the old config gives: what the
tool does wrong, no row excuses.

Sources: the configs of mmdet 2.28.2 and 3.3.0 and the code that reads them, named in the rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from support.twins import old_values as old
from support.twins.leaves import ABSENT, Leaf


class Kind(NamedTuple):
    """One way in which twins are not faithful.

    Attributes:
        name: What it is called in counts.
        keys: A regular expression for the whole key path of 3.x.
        was: What must stand there, from the old config alone; ``...`` is that nothing is said.
        reason: What 2.x did, what the twin does, and where that stands.
    """

    name: str
    keys: str
    was: old.Was
    reason: str


_SPLITS = "(train|val|test)"
_TEST = "(val|test)"
_DATA_SET = r"train_dataloader\.dataset(?:\.dataset)?"
_TRANSFORM = _DATA_SET + r"\.pipeline\[{}\]\.(\w+)"

KINDS: tuple[Kind, ...] = (
    # optim_wrapper
    Kind("loss scale", r"optim_wrapper\.loss_scale", old.at("fp16.loss_scale", 512.0),
         "Fp16OptimizerHook scales by what is written, or by 512; twins leave it to GradScaler"),
    Kind("clipping", r"optim_wrapper\.clip_grad", old.at("optimizer_config.grad_clip"),
         "the twin lost optimizer_config.grad_clip of the leaf"),
    Kind("optimizer", r"optim_wrapper\.optimizer\.(lr|weight_decay)", old.at(r"optimizer.\1"),
         "the twin inherits another rate or decay than the old leaf wrote"),
    # param_scheduler
    Kind("milestones", r"param_scheduler\[MultiStepLR\]\.milestones", old.at("lr_config.step"),
         "the twin has other milestones, or those of its base behind its end"),
    Kind("end of schedule", r"param_scheduler\[(?:MultiStepLR|CosineAnnealingLR)\]\.end",
         old.always(ABSENT),
         "2.x schedules over the whole training; the twin keeps the end of a shorter base"),
    Kind("warm-up", r"param_scheduler\[LinearLR\]\.end", old.at("lr_config.warmup_iters"),
         "the twin warms up as its base does, not as the old leaf wrote"),
    Kind("warm-up", r"param_scheduler\[LinearLR\]\.start_factor",
         old.at("lr_config.warmup_ratio", 0.1), "as above; LrUpdaterHook's default is 0.1"),
    Kind("warm-up", r"param_scheduler\[types\]", old.schedulers,
         "warmup='constant' holds the rate; the twin lets it rise"),
    Kind("cosine of YOLOX", r"param_scheduler\[CosineAnnealingLR\]\.T_max", old.yolox_cosine,
         "YOLOXLrUpdaterHook falls until the last epochs begin; the twin is 5 epochs too slow "
         "(SSDLite: the twin falls for a fifth of the training)"),
    Kind("cosine of YOLOX", r"param_scheduler\[CosineAnnealingLR\]\.eta_min_ratio",
         old.of_yolox("lr_config.min_lr_ratio"),
         "the end is a share of the rate; the twin writes a number, which a child's lr leaves"),
    Kind("cosine of YOLOX", r"param_scheduler\[CosineAnnealingLR\]\.eta_min", old.always(ABSENT),
         "as above"),
    Kind("cosine of YOLOX", r"param_scheduler\[ConstantLR\]\.convert_to_iter_based",
         old.of_yolox("", value=True), "all of the policy goes by iterations"),
    # train_cfg
    Kind("length", r"train_cfg\.(max_epochs|max_iters)", old.at(r"runner.\1"),
         "the twin trains for another length"),
    Kind("validation interval", r"train_cfg\.val_interval",
         old.at("evaluation.interval", unsaid=1), "the twin validates at other intervals"),
    Kind("validation interval", r"train_cfg\.dynamic_intervals", old.changed_intervals,
         "EvalHook decides before an epoch or iteration, mmengine after it: one later"),
    # default_hooks and the like
    Kind("checkpoints", r"default_hooks\.checkpoint\.(interval|max_keep_ckpts)",
         old.at(r"checkpoint_config.\1"),
         "the twin saves at other intervals, or deletes what 2.x kept"),
    Kind("checkpoints", r"default_hooks\.checkpoint\.save_best", old.at("evaluation.save_best"),
         "the twin lost save_best of evaluation"),
    Kind("logs", r"(?:default_hooks\.logger\.interval|log_processor\.window_size)",
         old.at("log_config.interval"), "the twin logs at other intervals"),
    Kind("logs", r"default_hooks\.logger\.log_metric_by_epoch", old.by_iterations(False),
         "validations are told at their iteration; the twin tells them at epoch 0 (LoggerHook)"),
    Kind("environment", r"env_cfg\.cudnn_benchmark", old.at("cudnn_benchmark"),
         "the twin lost cudnn_benchmark"),
    Kind("environment", r"env_cfg\.dist_cfg\.(port)", old.at(r"dist_params.\1"),
         "the twin lost the port"),
    Kind("linear scaling", r"auto_scale_lr\.base_batch_size",
         old.at("auto_scale_lr.base_batch_size"), "the twin has another batch size to scale by"),
    # loaders
    Kind("batch size", r"train_dataloader\.batch_size", old.at("data.samples_per_gpu"),
         "the twin trains with another batch size"),
    Kind("batch size", _TEST + r"_dataloader\.batch_size",
         old.at(r"data.\1.samples_per_gpu", 1), "2.x tests with 1 unless told otherwise"),
    Kind("workers", r"train_dataloader\.num_workers", old.at("data.workers_per_gpu"),
         "the twin has other workers"),
    Kind("grouping", r"train_dataloader\.batch_sampler", old.batch_sampler,
         "GroupSampler puts images of like aspect together; the twin lost it, or kept it beside "
         "a ClassAwareSampler, in place of which 2.x had none (build_dataloader)"),
    Kind("sampling", r"train_dataloader\.sampler\.type", old.by_iterations("InfiniteSampler"),
         "build_dataloader of 2.x samples endlessly under an IterBasedRunner"),
    # data sets
    Kind("files", _SPLITS + r"_dataloader\.dataset\.ann_file", old.file_of(r"\1", "ann_file"),
         "the twin reads another file"),
    Kind("files", r"train_dataloader\.dataset\.dataset\.ann_file",
         old.file_of("train", "ann_file"), "the twin reads another file"),
    Kind("files", _SPLITS + r"_dataloader\.dataset\.data_prefix\.img",
         old.file_of(r"\1", "img_prefix"), "the twin reads other images"),
    Kind("files", _SPLITS + r"_dataloader\.dataset\.data_prefix\.seg",
         old.file_of(r"\1", "seg_prefix"), "the twin inherits maps that nothing loads"),
    Kind("files", _SPLITS + r"_dataloader\.dataset\.proposal_file",
         old.file_of(r"\1", "proposal_file"), "the twin reads other proposals"),
    Kind("files", _TEST + r"_evaluator\[CocoMetric\]\.ann_file", old.file_of(r"\1", "ann_file"),
         "the twin judges by another file"),
    Kind("files", _SPLITS + r"_dataloader\.dataset\.data_prefix\.sub_data_root",
         old.always(ABSENT), "left in the twin from VOCDataset; CocoDataset has no such folder"),
    Kind("data set", _SPLITS + r"_dataloader\.dataset\.type", old.at(r"data.\1.type"),
         "the twin trains on another data set"),
    Kind("filter", _TEST + r"_dataloader\.dataset\.filter_cfg", old.always(ABSENT),
         "2.x filters nothing in tests (CustomDataset, test_mode)"),
    Kind("filter", _TEST + r"_dataloader\.dataset\.test_mode", old.always(True),
         "every test set of 2.x is built with test_mode (tools/test.py, train_detector)"),
    Kind("filter", r"train_dataloader\.dataset\.dataset\.datasets\[VOCDataset\]\.filter_cfg\."
         r"bbox_min_size", old.at("data.train.dataset.min_size"),
         "XMLDataset ignores small boxes only if min_size is given"),
    Kind("joined data", r"train_dataloader\.dataset\.ignore_keys", old.differing_metainfo,
         "ConcatDataset of 3.x refuses data whose metainfo differs: the twin cannot be built"),
    # pipelines
    Kind("transform", _TRANSFORM.format("(LoadImageFromFile|LoadProposals|RandomCrop)"),
         old.in_transform(r"\1", r"\2"), "the twin lost an argument, or has another"),
    Kind("transform", _TRANSFORM.format("(LoadAnnotations)") + "(?<!normed_bbox)",
         old.in_transform(r"\1", r"\2"), "the twin loads other annotations, or in another form"),
    Kind("transform", _TEST + r"_dataloader\.dataset\.pipeline\[(LoadProposals)\]\.(\w+)",
         old.in_transform(r"\2", r"\3", split=r"\1"), "the twin keeps all proposals"),
    Kind("transform", _DATA_SET + r"\.pipeline\[RandomResize\]\.scale", old.sizes,
         "the twin draws from other sizes"),
    Kind("colour of padding", _SPLITS + r"_dataloader\.dataset\.pipeline\[types\]",
         old.types_with_padding,
         "Mask2Former of 2.x pads with grey before it normalises; the twin pads with the mean"),
    Kind("colour of padding", r"model\.data_preprocessor\.(?:batch_augments|pad_size_divisor)",
         old.coloured(ABSENT), "as above"),
    # model
    Kind("normalisation", r"model\.data_preprocessor\.(mean|std)",
         old.in_transform("Normalize", r"\1"), "the twin normalises for weights it does not load"),
    Kind("normalisation", r"model\.data_preprocessor\.bgr_to_rgb",
         lambda root, match: old.in_transform("Normalize", "to_rgb", True)(root, match) or ABSENT,
         "as above"),
    Kind("masks padded", r"model\.data_preprocessor\.(?:batch_augments\[BatchFixedSizePad\]\.)?"
         r"pad_mask", old.masks_padded,
         "Pad of 2.x pads masks with their image; the twin leaves them smaller"),
    Kind("padding", r"model\.data_preprocessor\.pad_size_divisor", old.divisor,
         "the twin pads to another size"),
    Kind("weights", r"model\.backbone\.init_cfg", old.at("model.backbone.init_cfg"),
         "the twin starts from scratch"),
    Kind("border", r"model\.train_cfg\.rpn\.allowed_border",
         old.at("model.train_cfg.rpn.allowed_border"),
         "RPN of 2.x leaves out anchors that cross the border of the image; the twin does not"),
    Kind("teacher", r"model\.teacher_config", old.at("model.teacher_config"),
         "an upgraded config keeps its name, so that of the teacher stays; the twin's is new"),
    Kind("dropout", r"model\.panoptic_head\.transformer_decoder\.layer_cfg\.ffn_cfg\.ffn_drop",
         old.ffn_drop, "the decoder of 2.x had none, whatever its ffn_cfgs said; the twin has"),
    Kind("refused argument", r"model\.rpn_head\.stages\[StageCascadeRPNHead\]\.sampling",
         old.always(ABSENT), "3.x takes none: the twin cannot be built"),
    Kind("refused argument", _TEST + r"_evaluator\[CocoMetric\]\.eval_mode", old.always(ABSENT),
         "left in the twin from VOCMetric: CocoMetric cannot be built with it"),
    # metrics
    Kind("metrics", _TEST + r"_evaluator\[CocoMetric\]\.metric", old.metrics,
         "the twin judges boxes only"),
    Kind("metrics", _TEST + r"_evaluator\[types\]", old.metric_classes,
         "the twin computes the metric of Cityscapes, which was not asked for"),
    Kind("metrics", _TEST + r"_evaluator\[CocoMetric\]\.sort_categories", old.sorted_categories,
         "the twin judges Objects365 v2"),
)  # fmt: skip
"""All kinds; of a key path, each that matches is asked."""


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], Kind], ...]:
    return tuple((re.compile(kind.keys), kind) for kind in KINDS)


def kind_of(leaf: Leaf, config: Mapping[str, Any]) -> Kind | None:
    """Why a twin differs from an upgraded config, if it is not faithful there.

    Args:
        leaf: Where both differ.
        config: The old config, resolved.

    Returns:
        ``None`` if no row says so, or the upgraded config has not what the old one gives.
    """
    for pattern, kind in _compiled():
        match = pattern.fullmatch(leaf.key)
        if match is not None and kind.was(config, match) == leaf.ours:
            return kind
    return None
