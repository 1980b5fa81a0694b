"""Every part of a config that mmengine builds of a dict with a ``type``, and by which registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mmscaffold.config.evaluate.values import LazyName
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.registry_scope import SCOPE
from mmscaffold.config.walk import SCALARS
from mmscaffold.facts.building import BUILT_BY_HOOK
from mmscaffold.facts.loops import LOOP_KEYS
from mmscaffold.facts.runner import HOOK_KEYS, MODES

_SEQUENCES = (list, tuple)
_CONTAINERS = (dict, list, tuple)
_NAMES = (str, LazyName)

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
    "model_wrapper_cfg": "MODEL_WRAPPERS",
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


class Part(NamedTuple):
    """A part that is built.

    Attributes:
        path: Where its dict is; or its name, where that stands alone.
        values: The dict; empty where the name stands alone.
        registry: The registry that builds it; ``None`` where only code of a model or a
            transform says so.
        name: Its ``type``, with its scope or module.
        is_imported: Whether a pure-Python config imports its class.
        written_scope: The ``_scope_`` that holds for it, if any; it may not be a string.
        is_name_alone: Whether no dict is built, but a name alone: ``constructor='Own'``.
    """

    path: KeyPath
    values: Mapping[str, Any]
    registry: str | None
    name: str
    is_imported: bool
    written_scope: Any
    is_name_alone: bool = False

    @property
    def named_at(self) -> KeyPath:
        """Where its name is."""
        return self.path if self.is_name_alone else (*self.path, "type")

    @property
    def bare(self) -> str:
        """The name of its class."""
        return self.name.rpartition(".")[2]

    def scope(self, default: str | None) -> str | None:
        """The scope in which it is looked up; ``None`` where it cannot be known.

        Args:
            default: That of the config.
        """
        if self.written_scope is None:
            return default
        return self.written_scope if isinstance(self.written_scope, str) else None


KEYS_OF_PARTS = tuple(_REGISTRY_OF_KEY)
"""The keys of the top level below which there are parts, in the order of the Runner's."""


def parts_below(key: str, value: Any) -> tuple[Part, ...]:
    """Every part below a key of the top level, each before those in it.

    Args:
        key: One of ``KEYS_OF_PARTS``.
        value: What a resolved config holds there.
    """
    walk = _Walk()
    registry = _REGISTRY_OF_KEY[key]
    if key.endswith("_dataloader"):
        walk.dataloader(value, (key,))
    elif key == "optim_wrapper":
        walk.wrapper(value, (key,))
    elif isinstance(value, dict) and registry == "METRICS" and "metrics" in value:
        # mmengine/runner/runner.py, build_evaluator: an evaluator with metrics of its own.
        walk.within({**value, "metrics": None}, (key,), "EVALUATOR", None)
        walk.within(value["metrics"], (key, "metrics"), "METRICS", value.get(SCOPE))
    else:
        walk.within(value, (key,), registry, None)
    return tuple(walk.found)


class _Walk:
    """Goes through a config; what it found is one list, as there are hundreds of parts."""

    def __init__(self) -> None:
        self.found: list[Part] = []

    def dataloader(self, value: Any, path: KeyPath) -> None:
        # FlexibleRunner and mmrazor take several.
        if isinstance(value, _SEQUENCES):
            for index, one in enumerate(value):
                self.dataloader(one, (*path, index))
        elif isinstance(value, dict):
            for key, registry in _OF_DATALOADER.items():
                if key in value:
                    self.within(value[key], (*path, key), registry, value.get(SCOPE))

    def wrapper(self, value: Any, path: KeyPath) -> None:
        if not isinstance(value, dict):
            return
        # mmengine/optim/optimizer/builder.py builds it of its name, which no _scope_ reaches.
        constructor = value.get("constructor")
        if isinstance(constructor, _NAMES):
            self._name((*path, "constructor"), {}, "OPTIM_WRAPPER_CONSTRUCTORS", constructor, None)
        if "optimizer" in value or "type" in value:
            self.within(value, path, "OPTIM_WRAPPERS", None)
            if "type" not in value:
                scope = value.get(SCOPE)
                self.within(value["optimizer"], (*path, "optimizer"), "OPTIMIZERS", scope)
            return
        # One for each of several models.
        for key, one in value.items():
            if isinstance(one, dict) and "optimizer" in one:
                self.wrapper(one, (*path, key))

    def within(self, value: Any, path: KeyPath, registry: str | None, scope: Any) -> None:
        if isinstance(value, _SEQUENCES):
            for index, one in enumerate(value):
                if isinstance(one, _CONTAINERS):
                    self.within(one, (*path, index), registry, scope)
            return
        if not isinstance(value, dict):
            return
        # The registry does not switch its scope for an explicit None.
        if value.get(SCOPE) is not None:
            scope = value[SCOPE]
        named = value.get("type")
        is_part = isinstance(named, _NAMES)
        if is_part:
            part = self._name(path, value, registry, named, scope)
            if part.bare in _ALBU:
                return
            built = BUILT_BY_HOOK.get(part.bare) if registry == "HOOKS" else None
            if built is not None and isinstance(value.get(built.named_by), _NAMES):
                # Later and without the hook's _scope_: before_run.
                place = (*path, built.named_by)
                self._name(place, {}, built.registry, value[built.named_by], None)
        inside = _INSIDE.get(registry or "", {})
        for key, one in value.items():
            if type(one) in SCALARS or not isinstance(one, _CONTAINERS) or key in _NOT_BUILT:
                continue
            if registry is None or registry == "MODELS":
                if isinstance(key, str) and key.endswith(_OF_MMCV):
                    continue
                inner: str | None = None
            elif key in inside:
                inner = inside[key]
            elif registry in ("HOOKS", "METRICS") and not is_part:
                # default_hooks=dict(timer=dict(type=...)), and several evaluators by name
                inner = registry
            elif registry in ("DATASETS", "LOOPS", "PARAM_SCHEDULERS"):
                continue
            else:
                inner = None
            self.within(one, (*path, key), inner, scope)

    def _name(
        self,
        path: KeyPath,
        values: Mapping[str, Any],
        registry: str | None,
        named: Any,
        scope: Any,
    ) -> Part:
        is_imported = isinstance(named, LazyName)
        name = named.dotted if is_imported else str(named)
        part = Part(path, values, registry, name, is_imported, scope, not values)
        self.found.append(part)
        return part
