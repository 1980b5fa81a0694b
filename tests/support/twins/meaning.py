"""A config of 3.x without what provably changes neither training nor evaluation.

Two configs that train and evaluate the same often say it differently: defaults that are written
out, ``data_root`` joined with the names of files, a list of one metric. Both are brought to one
form here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from support.twins.classes_of_3x import defaults

SECTIONS = (
    "model", "train_dataloader", "val_dataloader", "test_dataloader", "val_evaluator",
    "test_evaluator", "train_cfg", "val_cfg", "test_cfg", "optim_wrapper", "param_scheduler",
    "default_hooks", "custom_hooks", "auto_scale_lr", "env_cfg", "log_processor", "log_level",
    "load_from", "resume", "default_scope", "custom_imports", "randomness",
    "find_unused_parameters",
)  # fmt: skip
"""What is compared: not how results are drawn, and no augmentation of tests."""
CORE = frozenset(
    {"model", "train_dataloader", "val_dataloader", "test_dataloader", "val_evaluator",
     "test_evaluator", "train_cfg", "optim_wrapper", "param_scheduler", "custom_hooks",
     "load_from"}
)  # fmt: skip
"""What decides about weights and metrics."""
TRAIN = CORE - {"val_dataloader", "test_dataloader", "val_evaluator", "test_evaluator"}

_Dict = dict[str, Any]
# Data sets name these below their data_root.
_FILES = ("ann_file", "proposal_file", "label_file", "hierarchy_file", "meta_file",
          "image_level_ann_file")  # fmt: skip
# PackDetInputs hands these on, and no test of a model reads them but by what it has anyway.
_UNREAD_META = frozenset(
    {"flip", "flip_direction", "img_path", "img_id", "ori_shape", "img_shape", "scale_factor"}
)
# They read the ground truth from their own file, not from the loaded one.
_WITH_OWN_FILE = ("CocoMetric", "LVISMetric", "CocoPanopticMetric", "CityScapesMetric")
_LOADS_ANNOTATIONS = ("LoadAnnotations", "LoadPanopticAnnotations")
_ONLY_CHECK = ("NumClassCheckHook", "CheckInvalidLossHook")
_WITHOUT_END = ("MultiStepLR", "StepLR", "ExponentialLR", "ConstantLR")
_FFN = {"num_fcs": 2, "ffn_drop": 0.0, "act_cfg": {"type": "ReLU", "inplace": True}}


def meaning(config: Mapping[str, Any]) -> _Dict:
    """What a config says to the Runner, in one form.

    Args:
        config: A config of 3.x, resolved; it stays as it is.

    Returns:
        A dict of new containers, in which no tuple is.
    """
    root = {key: _plain(value) for key, value in config.items() if key in SECTIONS}
    for part in (_loaders, _evaluators, _words, _schedules, _run_time):
        part(root)
    return {key: _without_defaults(value) for key, value in root.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            str(key): _plain(item)
            for key, item in value.items()
            if not (key in ("backend_args", "file_client_args") and item is None)
        }
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _dicts(value: Any) -> Iterator[_Dict]:
    """All dicts in a value, each before what is in it."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for item in list(value.values()) if isinstance(value, dict) else value:
            yield from _dicts(item)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _drop(part: _Dict, key: str, when: Callable[[Any], bool] = lambda _: True) -> None:
    if key in part and when(part[key]):
        del part[key]


def _loaders(root: _Dict) -> None:
    for split in ("train", "val", "test"):
        for loader in _listed(root.get(f"{split}_dataloader")):
            for key in ("persistent_workers", "pin_memory", "prefetch_factor"):
                _drop(loader, key)
            _drop(loader, "drop_last", lambda value: value is False)
            if split != "train":
                # How fast it is: nothing is drawn there.
                _drop(loader, "num_workers")
            for part in _dicts(loader):
                if "ann_file" in part or "data_prefix" in part:
                    _join_data_root(part)
                if str(part.get("type")).removeprefix("mmdet.") == "PackDetInputs":
                    _drop_unread_meta(part)
        metrics = _listed(root.get(f"{split}_evaluator"))
        if split != "train" and all(map(_has_own_file, metrics)):
            for part in _dicts(root.get(f"{split}_dataloader")):
                if isinstance(part.get("pipeline"), list):
                    steps = part["pipeline"]
                    part["pipeline"] = [
                        step for step in steps if step.get("type") not in _LOADS_ANNOTATIONS
                    ]


def _join_data_root(data_set: _Dict) -> None:
    folder = data_set.pop("data_root", None) or ""
    for key in _FILES:
        if data_set.get(key):
            data_set[key] = _joined(folder, data_set[key])
    prefixes = data_set.get("data_prefix")
    if isinstance(prefixes, dict):
        for key, name in prefixes.items():
            prefixes[key] = _joined(folder, name)
    _drop(data_set, "test_mode", lambda value: value is False)


def _joined(folder: str, name: Any) -> Any:
    if not isinstance(name, str) or "://" in name:
        return name
    return os.path.normpath(Path(folder, name))


def _drop_unread_meta(pack: _Dict) -> None:
    read = sorted(set(pack.pop("meta_keys", [])) - _UNREAD_META)
    if read:
        pack["meta_keys"] = read


def _has_own_file(metric: Any) -> bool:
    kind = metric.get("type")
    return kind == "CityScapesMetric" or (kind in _WITH_OWN_FILE and bool(metric.get("ann_file")))


def _evaluators(root: _Dict) -> None:
    for key in ("val_evaluator", "test_evaluator"):
        if key not in root:
            continue
        root[key] = _listed(root[key])
        for part in _dicts(root[key]):
            for name in ("ann_file", "seg_prefix"):
                if isinstance(part.get(name), str):
                    part[name] = os.path.normpath(part[name])
            if isinstance(part.get("metric"), str):
                part["metric"] = [part["metric"]]


def _words(root: _Dict) -> None:
    for part in _dicts(root):
        _drop(part, "init_cfg", lambda value: value is None)
        _drop(part, "batch_sampler", lambda value: value is None)
        for name in ("metainfo", "ffn_cfg"):
            if not isinstance(part.get(name), dict):
                continue
            _drop(part[name], "palette")
            for key, default in _FFN.items() if name == "ffn_cfg" else ():
                _drop(part[name], key, default.__eq__)
        if part.get("add_extra_convs") is True:
            # What FPN makes of it.
            part["add_extra_convs"] = "on_input"
        if part.get("keep_ratio"):
            # The longer side is the longer, whichever comes first.
            for key in ("scale", "scales"):
                if isinstance(part.get(key), list) and part[key]:
                    many = isinstance(part[key][0], list)
                    part[key] = list(map(sorted, part[key])) if many else sorted(part[key])
    model = root.get("model") or {}
    if isinstance(model.get("rpn_head"), dict):
        # RPN and two-stage detectors give it one where it is not said.
        _drop(model["rpn_head"], "num_classes", lambda value: value == 1)
    settings = model.get("train_cfg")
    if isinstance(settings, dict) and (settings.get("sampler") or {}).get("type") in (
        "PseudoSampler", "mmdet.PseudoSampler",
    ):  # fmt: skip
        # Every dense head builds it where there is none.
        del settings["sampler"]


def _schedules(root: _Dict) -> None:
    loop = root.get("train_cfg") or {}
    if "by_epoch" in loop:
        by_epoch = loop.pop("by_epoch")
        loop.setdefault("type", "EpochBasedTrainLoop" if by_epoch else "IterBasedTrainLoop")
    schedulers = _listed(root.get("param_scheduler"))
    if schedulers:
        root["param_scheduler"] = schedulers
    for one in schedulers:
        length = loop.get("max_epochs" if one.get("by_epoch", True) else "max_iters")
        if one.get("convert_to_iter_based"):
            one["convert_to_iter_based"] = True
        _drop(one, "begin", lambda value: value == 0)
        if not length:
            continue
        end = one.get("end")
        if "milestones" in one:
            last = length if end is None else min(length, end)
            one["milestones"] = [step for step in one["milestones"] if step < last]
        if end is not None and end >= length and one.get("type") in _WITHOUT_END:
            del one["end"]


def _run_time(root: _Dict) -> None:
    root["custom_hooks"] = [
        hook for hook in root.get("custom_hooks") or [] if hook.get("type") not in _ONLY_CHECK
    ]
    if "optim_wrapper" in root:
        root["optim_wrapper"].setdefault("type", "OptimWrapper")
    if isinstance(root.get("auto_scale_lr"), dict):
        _drop(root["auto_scale_lr"], "enable", lambda value: value is False)
    if isinstance(root.get("default_hooks"), dict):
        for key in [key for key, hook in root["default_hooks"].items() if hook is None]:
            del root["default_hooks"][key]
    for key in ("find_unused_parameters", "load_from", "resume", "randomness", "custom_imports",
                "custom_hooks"):  # fmt: skip
        _drop(root, key, lambda value: not value)


def _without_defaults(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_defaults(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _without_defaults(item) for key, item in value.items()}
    if isinstance(found.get("type"), str):
        found["type"] = found["type"].removeprefix("mmdet.")
        for key, default in defaults(found["type"]).items():
            plain = _plain(default)
            if key != "type" and key in found and found[key] in (plain, _without_defaults(plain)):
                del found[key]
    return found
