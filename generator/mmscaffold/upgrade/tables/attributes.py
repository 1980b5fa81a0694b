"""What each attribute of a 2.x config is called in 3.x, for code that changes a config.

A row's first part names key paths: ``*`` is one key that stays what it is called, ``#`` an index,
and ``...`` any further keys, which are appended. The first row that fits counts.

Sources: the rules of this room; mmengine docs, "Migrate Runner from MMCV to MMEngine".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mmscaffold.config.key_path import KeyPath, format_key_path


@dataclass(frozen=True)
class AttributeRow:
    """One attribute, or many of the same kind.

    Attributes:
        old: Its key path in 2.x.
        new: What it is now: a key path in 3.x, or words in brackets. ``{0}`` is what the first
            ``*`` stands for.
        only_none: Whether the row is about setting it to None.
    """

    old: str
    new: str
    only_none: bool = False


_GONE = "(gone: mmengine sees to it)"
_ROWS = (
    AttributeRow("data.samples_per_gpu", "train_dataloader.batch_size"),
    AttributeRow("data.imgs_per_gpu", "train_dataloader.batch_size"),
    AttributeRow(
        "data.workers_per_gpu",
        "train_dataloader.num_workers, and the same of val_dataloader and test_dataloader",
    ),
    AttributeRow("data.persistent_workers", "train_dataloader.persistent_workers"),
    AttributeRow("data.train_dataloader.samples_per_gpu", "train_dataloader.batch_size"),
    AttributeRow("data.val_dataloader.samples_per_gpu", "val_dataloader.batch_size"),
    AttributeRow("data.test_dataloader.samples_per_gpu", "test_dataloader.batch_size"),
    AttributeRow("data.*.samples_per_gpu", "{0}_dataloader.batch_size"),
    AttributeRow("data.*.img_prefix", "{0}_dataloader.dataset.data_prefix.img"),
    AttributeRow("data.*.seg_prefix", "{0}_dataloader.dataset.data_prefix.seg"),
    AttributeRow("data.*.classes", "{0}_dataloader.dataset.metainfo.classes"),
    AttributeRow("data.*.dataset.img_prefix", "{0}_dataloader.dataset.dataset.data_prefix.img"),
    AttributeRow("data.*.dataset.classes", "{0}_dataloader.dataset.dataset.metainfo.classes"),
    AttributeRow("data.*.pipeline[#].img_scale", "{0}_dataloader.dataset.pipeline[{1}].scale"),
    AttributeRow("data.*.pipeline[#].flip", "(tta_pipeline, which tools/test.py --tta takes)"),
    AttributeRow("data.*.pipeline[#].flip_ratio", "{0}_dataloader.dataset.pipeline[{1}].prob"),
    AttributeRow(
        "data.*.pipeline[#].transforms...",
        "(the pipeline is flat: {0}_dataloader.dataset.pipeline)",
    ),
    AttributeRow("data.*_dataloader...", "{0}_dataloader"),
    AttributeRow("data.*...", "{0}_dataloader.dataset"),
    AttributeRow("data", "(train_dataloader, val_dataloader and test_dataloader)"),
    AttributeRow("optimizer.paramwise_cfg...", "optim_wrapper.paramwise_cfg"),
    AttributeRow("optimizer.constructor", "optim_wrapper.constructor"),
    AttributeRow("optimizer...", "optim_wrapper.optimizer"),
    AttributeRow("optimizer_config.grad_clip...", "optim_wrapper.clip_grad"),
    AttributeRow("optimizer_config.cumulative_iters", "optim_wrapper.accumulative_counts"),
    AttributeRow("optimizer_config.update_interval", "optim_wrapper.accumulative_counts"),
    AttributeRow("optimizer_config...", "optim_wrapper"),
    AttributeRow("fp16.loss_scale...", "optim_wrapper.loss_scale"),
    AttributeRow("fp16", "optim_wrapper.type = 'AmpOptimWrapper'"),
    AttributeRow(
        "lr_config.warmup", "(drop param_scheduler[0], which is the warm-up)", only_none=True
    ),
    AttributeRow("lr_config.warmup", "param_scheduler[0].type"),
    AttributeRow("lr_config.warmup_iters", "param_scheduler[0].end"),
    AttributeRow("lr_config.warmup_ratio", "param_scheduler[0].start_factor"),
    AttributeRow("lr_config.step...", "param_scheduler[-1].milestones"),
    AttributeRow("lr_config.min_lr", "param_scheduler[-1].eta_min"),
    AttributeRow("lr_config.min_lr_ratio", "param_scheduler[-1].eta_min_ratio"),
    AttributeRow("lr_config.policy", "param_scheduler[-1].type"),
    AttributeRow("lr_config...", "param_scheduler[-1]"),
    AttributeRow("momentum_config...", "(a scheduler of the momentum in param_scheduler)"),
    AttributeRow("runner.max_epochs", "train_cfg.max_epochs"),
    AttributeRow("runner.max_iters", "train_cfg.max_iters"),
    AttributeRow("runner...", "train_cfg"),
    AttributeRow("total_epochs", "train_cfg.max_epochs"),
    AttributeRow("total_iters", "train_cfg.max_iters"),
    AttributeRow("evaluation.interval", "train_cfg.val_interval"),
    AttributeRow("evaluation.start", "train_cfg.val_begin"),
    AttributeRow("evaluation.save_best", "default_hooks.checkpoint.save_best"),
    AttributeRow("evaluation.rule", "default_hooks.checkpoint.rule"),
    AttributeRow("evaluation...", "val_evaluator"),
    AttributeRow("checkpoint_config...", "default_hooks.checkpoint"),
    AttributeRow("log_config.interval", "default_hooks.logger.interval"),
    AttributeRow("log_config.hooks...", "visualizer.vis_backends"),
    AttributeRow("log_config...", "default_hooks.logger"),
    AttributeRow("seed", "randomness.seed"),
    AttributeRow("deterministic", "randomness.deterministic"),
    AttributeRow("dist_params...", "env_cfg.dist_cfg"),
    AttributeRow("cudnn_benchmark", "env_cfg.cudnn_benchmark"),
    AttributeRow("opencv_num_threads", "env_cfg.mp_cfg.opencv_num_threads"),
    AttributeRow("mp_start_method", "env_cfg.mp_cfg.mp_start_method"),
    AttributeRow("resume_from", "load_from, with resume = True"),
    AttributeRow("auto_resume", "resume"),
    AttributeRow("gpu_ids", _GONE),
    AttributeRow("device", _GONE),
    AttributeRow("workflow", _GONE),
    AttributeRow("model.pretrained", "model.backbone.init_cfg"),
    AttributeRow("model.train_cfg", "(not needed any more)", only_none=True),
)


def renamed(old: KeyPath, *, is_none: bool = False) -> str | None:
    """What a key of 2.x is called in 3.x.

    Args:
        old: Its key path.
        is_none: Whether it is set to None.

    Returns:
        A key path as people write it, or words in brackets; ``None`` if it stays what it is.
    """
    for row in _ROWS:
        if row.only_none and not is_none:
            continue
        found = _fits(row, old)
        if found is None:
            continue
        holes, rest = found
        new = row.new.format(*holes)
        if not rest or new.startswith("("):
            return new
        tail = format_key_path(rest)
        return new + (tail if tail.startswith("[") else f".{tail}")
    return None


def _fits(row: AttributeRow, old: KeyPath) -> tuple[list[str], KeyPath] | None:
    """What the holes of a row stand for, and the keys beyond it."""
    is_open = row.old.endswith("...")
    pattern = list(_steps(row.old.removesuffix("...")))
    if len(old) < len(pattern) or (len(old) > len(pattern) and not is_open):
        return None
    holes = []
    for step, key in zip(pattern, old, strict=False):
        if step == "#":
            if not isinstance(key, int):
                return None
            holes.append(str(key))
        elif step.startswith("*"):
            if not isinstance(key, str) or not key.endswith(step[1:]):
                return None
            holes.append(key.removesuffix(step[1:]) if step[1:] else key)
        elif step != key:
            return None
    return holes, old[len(pattern) :]


def _steps(pattern: str) -> Iterator[str]:
    for part in pattern.split("."):
        name, _, index = part.partition("[")
        yield name
        if index:
            yield index.removesuffix("]")
