"""Every part of a config that mmengine builds of a dict with a ``type``, and by which registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mmscaffold.config.evaluate.values import LazyName
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.loops import LOOP_KEYS
from mmscaffold.facts.runner import HOOK_KEYS, MODES

_SEQUENCES = (list, tuple)

# mmengine/runner/runner.py: what it builds of each key.
_REGISTRY_OF_KEY: Mapping[str, str] = {
    "model": "MODELS",
    "data_preprocessor": "MODELS",
    **dict.fromkeys(LOOP_KEYS, "LOOPS"),
    **dict.fromkeys(HOOK_KEYS, "HOOKS"),
    "param_scheduler": "PARAM_SCHEDULERS",
    "log_processor": "LOG_PROCESSORS",
    "visualizer": "VISUALIZERS",
    "optim_wrapper": "OPTIM_WRAPPERS",
    **{f"{mode}_dataloader": "" for mode in MODES},
    **{f"{mode}_evaluator": "METRICS" for mode in MODES},
    "tta_model": "MODELS",
    "tta_pipeline": "TRANSFORMS",
}
# The same, build_dataloader.
_OF_DATALOADER: Mapping[str, str] = {
    "dataset": "DATASETS",
    "sampler": "DATA_SAMPLERS",
    "batch_sampler": "DATA_SAMPLERS",
    "collate_fn": "FUNCTIONS",
}
# What is built of the arguments of a part, for the registries in which that is always the same.
_INSIDE: Mapping[str, Mapping[str, str]] = {
    "DATASETS": {"dataset": "DATASETS", "datasets": "DATASETS", "pipeline": "TRANSFORMS",
                 "train_pipeline": "TRANSFORMS"},
    "TRANSFORMS": {"transforms": "TRANSFORMS"},
    "HOOKS": {"pipeline": "TRANSFORMS", "switch_pipeline": "TRANSFORMS"},
    "VISUALIZERS": {"vis_backends": "VISBACKENDS"},
    "OPTIM_WRAPPERS": {"optimizer": "OPTIMIZERS"},
}  # fmt: skip
# Data that only looks like parts.
_NOT_BUILT = frozenset({"metainfo", "data_prefix", "filter_cfg", "paramwise_cfg", "backend_args"})
# Whose `type` functions of mmcv look up, or that of mmcv.ops.
_OF_MMCV = ("norm_cfg", "conv_cfg", "act_cfg", "upsample_cfg", "nms", "nms_cfg", "roi_layer")
_ALBU = frozenset({"Albu", "Albumentation"})


@dataclass(frozen=True)
class Part:
    """A part that is built.

    Attributes:
        path: Where its dict is.
        values: The dict.
        registry: The registry that builds it; ``None`` where only code of a model or a
            transform says so.
        lies_in: The registry of the part around it, if any.
    """

    path: KeyPath
    values: Mapping[str, Any]
    registry: str | None
    lies_in: str | None

    @property
    def name(self) -> str:
        """Its ``type``, with its scope or module."""
        named = self.values["type"]
        return named.dotted if isinstance(named, LazyName) else str(named)

    @property
    def bare(self) -> str:
        """The name of its class."""
        return self.name.rpartition(".")[2]

    @property
    def is_imported(self) -> bool:
        """Whether a pure-Python config imports its class."""
        return isinstance(self.values["type"], LazyName)


def parts_of(root: Mapping[str, Any]) -> Iterator[Part]:
    """Every part of a config, each before those in it.

    Args:
        root: The top level of a resolved config.
    """
    for key, registry in _REGISTRY_OF_KEY.items():
        value = root.get(key)
        if key.endswith("_dataloader"):
            yield from _of_dataloader(value, (key,))
        elif key == "optim_wrapper":
            yield from _of_wrapper(value, (key,))
        elif isinstance(value, dict) and registry == "METRICS" and "metrics" in value:
            # mmengine/runner/runner.py, build_evaluator: an evaluator with metrics of its own.
            yield from _within({**value, "metrics": None}, (key,), "EVALUATOR", None)
            yield from _within(value["metrics"], (key, "metrics"), "METRICS", "EVALUATOR")
        elif value is not None:
            yield from _within(value, (key,), registry, None)


def _of_dataloader(value: Any, path: KeyPath) -> Iterator[Part]:
    # FlexibleRunner and mmrazor take several.
    if isinstance(value, _SEQUENCES):
        for index, one in enumerate(value):
            yield from _of_dataloader(one, (*path, index))
    elif isinstance(value, Mapping):
        for key, registry in _OF_DATALOADER.items():
            if key in value:
                yield from _within(value[key], (*path, key), registry, None)


def _of_wrapper(value: Any, path: KeyPath) -> Iterator[Part]:
    if isinstance(value, Mapping) and "optimizer" not in value and "type" not in value:
        for key, one in value.items():
            if isinstance(one, Mapping) and "optimizer" in one:
                yield from _within(one, (*path, key), "OPTIM_WRAPPERS", None)
                if "type" not in one:
                    yield from _within(
                        one["optimizer"], (*path, key, "optimizer"), "OPTIMIZERS", None
                    )
        return
    yield from _within(value, path, "OPTIM_WRAPPERS", None)
    if isinstance(value, Mapping) and "type" not in value:
        yield from _within(value["optimizer"], (*path, "optimizer"), "OPTIMIZERS", None)


def _within(
    value: Any, path: KeyPath, registry: str | None, lies_in: str | None
) -> Iterator[Part]:
    if isinstance(value, _SEQUENCES):
        for index, one in enumerate(value):
            if isinstance(one, dict | list | tuple):
                yield from _within(one, (*path, index), registry, lies_in)
        return
    if not isinstance(value, dict):
        return
    is_part = isinstance(value.get("type"), str | LazyName)
    if is_part:
        yield Part(path, value, registry, lies_in)
    inside = _INSIDE.get(registry or "", {})
    around = registry if is_part else lies_in
    for key, one in value.items():
        if not isinstance(one, dict | list | tuple) or key in _NOT_BUILT:
            continue
        if isinstance(key, str) and key.endswith(_OF_MMCV):
            continue
        if is_part and _last(value["type"]) in _ALBU:
            continue
        if registry in ("HOOKS", "METRICS") and not is_part:
            # default_hooks=dict(timer=dict(type=...)), and several evaluators by name
            inner: str | None = registry
        elif key in inside:
            inner = inside[key]
        elif registry in ("DATASETS", "LOOPS", "PARAM_SCHEDULERS"):
            continue
        else:
            inner = None
        yield from _within(one, (*path, key), inner, around)


def _last(named: Any) -> str:
    text = named.dotted if isinstance(named, LazyName) else str(named)
    return text.rpartition(".")[2]
