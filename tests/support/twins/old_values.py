"""What a config of 2.x said, in the words in which ``meaning`` puts a config of 3.x.

Each function here is handed the resolved old config and the match of a key path of 3.x, and
returns what must stand at that key path if the upgrade is faithful. None of them asks the tool.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from re import Match
from typing import Any

from support.twins.leaves import ABSENT

Was = Callable[[Mapping[str, Any], Match[str]], Any]


def found(old: Any, path: str, default: Any = ABSENT) -> Any:
    """The value at a dotted key path.

    Args:
        old: The old config.
        path: The key path.
        default: What 2.x did where nothing stood there, in words of 3.x.
    """
    for key in path.split("."):
        if not isinstance(old, Mapping) or key not in old:
            return default
        old = old[key]
    return plain(old)


def plain(value: Any) -> Any:
    """A value with lists for tuples, as ``meaning`` has them."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def at(path: str, default: Any = ABSENT, *, unsaid: Any = ...) -> Was:
    r"""What stood at a key path, in which ``\1`` is what the key path of 3.x says there.

    Args:
        path: The key path in the old config.
        default: What 2.x did where nothing stood there.
        unsaid: The default of 3.x, which ``meaning`` leaves out.
    """

    def was(old: Mapping[str, Any], match: Match[str]) -> Any:
        value = found(old, match.expand(path), default)
        return ABSENT if value == unsaid else value

    return was


def always(value: Any) -> Was:
    """What every config of 2.x did."""
    return lambda old, match: value


def by_iterations(value: Any) -> Was:
    """A value where an ``IterBasedRunner`` ran, and nothing elsewhere."""
    return lambda old, match: value if found(old, "runner.type") == "IterBasedRunner" else ABSENT


def pipeline(old: Mapping[str, Any], split: str) -> list[dict[str, Any]]:
    """The transforms of a split: those of a wrapped data set, those of a test behind its frame."""
    data_set = old["data"][split]
    while isinstance(data_set, list | tuple) or "dataset" in data_set or "datasets" in data_set:
        if isinstance(data_set, list | tuple):
            data_set = data_set[0]
        else:
            inner = data_set.get("dataset", data_set.get("datasets"))
            if "pipeline" in data_set:
                return [*_flat(inner["pipeline"]), *_flat(data_set["pipeline"])]
            data_set = inner
    return list(_flat(data_set["pipeline"]))


def _flat(transforms: Any) -> Iterator[dict[str, Any]]:
    for transform in transforms:
        yield transform
        yield from _flat(transform.get("transforms", ()))


def in_transform(name: str, key: str, default: Any = ABSENT, *, split: str = "train") -> Was:
    r"""What stood in a transform of 2.x; ``name``, ``key`` and ``split`` may have ``\1``.

    Args:
        name: The ``type`` of the transform in 2.x.
        key: The argument.
        default: What 2.x did without it.
        split: Whose pipeline.
    """

    def was(old: Mapping[str, Any], match: Match[str]) -> Any:
        for transform in pipeline(old, match.expand(split)):
            if transform["type"] == match.expand(name):
                return plain(transform.get(match.expand(key), default))
        return default

    return was


def sizes(old: Mapping[str, Any], match: Match[str]) -> Any:
    """The sizes between which 2.x chose one."""
    return [sorted(size) for size in in_transform("Resize", "img_scale")(old, match)]


def file_of(split: str, key: str, folder: bool = False) -> Was:
    r"""A file or folder of a data set, behind its ``data_root``; ``split`` may have ``\1``."""

    def was(old: Mapping[str, Any], match: Match[str]) -> Any:
        data_set = old["data"][match.expand(split)]
        while "dataset" in data_set:
            data_set = data_set["dataset"]
        name = data_set.get(key)
        if not isinstance(name, str):
            return ABSENT
        return os.path.normpath(Path(data_set.get("data_root") or "", name))

    return was


def masks_padded(old: Mapping[str, Any], match: Match[str]) -> Any:
    """Whether ``Pad`` of 2.x met masks, which it pads with the image."""
    names = [transform["type"] for transform in pipeline(old, "train")]
    kept = in_transform("Collect", "keys", [])(old, match)
    return True if "Pad" in names and "gt_masks" in kept else ABSENT


def paddings(split: str) -> Was:
    r"""Whether ``Pad`` came before ``Normalize``, with a colour that is none of its zeros."""

    def was(old: Mapping[str, Any], match: Match[str]) -> bool:
        transforms = pipeline(old, match.expand(split))
        names = [transform["type"] for transform in transforms]
        if not {"Pad", "Normalize"} <= set(names):
            return False
        if names.index("Pad") > names.index("Normalize"):
            return False
        colour = transforms[names.index("Pad")].get("pad_val", 0)
        return bool(any(colour["img"]) if isinstance(colour, dict) else colour)

    return was


def coloured(value: Any, split: str = "train") -> Was:
    """What holds where the padding has a colour of its own, which only a transform can give."""

    def was(old: Mapping[str, Any], match: Match[str]) -> Any:
        return value if paddings(split)(old, match) else ...

    return was


def types_with_padding(old: Mapping[str, Any], match: Match[str]) -> Any:
    """The transforms of a pipeline in which ``Pad`` stays, as 3.x names them."""
    if not paddings(r"\1")(old, match):
        return ...
    split = match.expand(r"\1")
    renamed = {"Collect": "PackDetInputs"}
    gone = {"DefaultFormatBundle", "ImageToTensor", "Normalize", "MultiScaleFlipAug"}
    resize = in_transform("Resize", "ratio_range", split=split)
    names = []
    for transform in pipeline(old, split):
        name = transform["type"]
        if name == "RandomFlip" and "flip_ratio" not in transform:
            continue
        if name == "Resize" and resize(old, match) != ABSENT:
            name = "RandomResize"
        if name not in gone:
            names.append(renamed.get(name, name))
    return names


def divisor(old: Mapping[str, Any], match: Match[str]) -> Any:
    """By what the sides of an image are divisible, or, of squares, the one side there is."""
    size = in_transform("Pad", "size", None)(old, match)
    if size is not None and size[0] == size[1]:
        return size[0]
    return in_transform("Pad", "size_divisor")(old, match)


def batch_sampler(old: Mapping[str, Any], match: Match[str]) -> Any:
    """``GroupSampler`` of 2.x, which was there unless classes were balanced or images mixed."""
    train = old["data"]["train"]
    if found(old, "data.train_dataloader.class_aware_sampler") != ABSENT:
        return ABSENT
    if isinstance(train, dict) and train.get("type") == "MultiImageMixDataset":
        return ABSENT
    return {"type": "AspectRatioBatchSampler"}


def changed_intervals(old: Mapping[str, Any], match: Match[str]) -> Any:
    """2.x asked before an epoch whether the interval changes; mmengine asks after it."""
    changes = found(old, "evaluation.dynamic_intervals", [])
    return [[begin + 1, interval] for begin, interval in changes] or ABSENT


def yolox_cosine(old: Mapping[str, Any], match: Match[str]) -> Any:
    """Over which epochs the policy of YOLOX fell: not those of the warm-up, nor the last ones."""
    lr = found(old, "lr_config")
    if lr.get("policy") != "YOLOX":
        return ABSENT
    return found(old, "runner.max_epochs") - lr["num_last_epochs"] - lr["warmup_iters"]


def of_yolox(path: str, value: Any = ...) -> Was:
    """A value of the policy of YOLOX; nothing of other policies."""

    def was(old: Mapping[str, Any], match: Match[str]) -> Any:
        if found(old, "lr_config.policy") != "YOLOX":
            return ABSENT
        return found(old, path) if value is ... else value

    return was


def schedulers(old: Mapping[str, Any], match: Match[str]) -> Any:
    """The schedulers of a step policy with its warm-up."""
    warm_up = {"constant": ["ConstantLR"], "linear": ["LinearLR"]}
    if found(old, "lr_config.policy") != "step":
        return ...
    return [*warm_up.get(found(old, "lr_config.warmup"), []), "MultiStepLR"]


def metrics(old: Mapping[str, Any], match: Match[str]) -> Any:
    """What ``evaluation`` asked for."""
    asked = found(old, "evaluation.metric")
    return [asked] if isinstance(asked, str) else asked


def metric_classes(old: Mapping[str, Any], match: Match[str]) -> Any:
    """The metric of Cityscapes was computed where it was asked for by name."""
    asked = metrics(old, match)
    named = ["CityScapesMetric"] if "cityscapes" in asked else []
    return [*(["CocoMetric"] if set(asked) & {"bbox", "segm"} else []), *named]


def sorted_categories(old: Mapping[str, Any], match: Match[str]) -> Any:
    """``Objects365V1Dataset`` took its categories by their names."""
    return True if found(old, "data.val.type") == "Objects365V1Dataset" else ABSENT


def differing_metainfo(old: Mapping[str, Any], match: Match[str]) -> Any:
    """Whether years of VOC are joined, whose ``dataset_type`` differs in 3.x."""
    files = found(old, "data.train.ann_file")
    years = {year for year in ("VOC2007", "VOC2012") if year in str(files)}
    return ["dataset_type"] if len(years) == 2 else ABSENT


def ffn_drop(old: Mapping[str, Any], match: Match[str]) -> Any:
    """``DetrTransformerDecoderLayer`` took ``ffn_dropout``, whatever its ``ffn_cfgs`` said."""
    layers = found(old, "model.panoptic_head.transformer_decoder.transformerlayers")
    return layers.get("ffn_dropout", 0.0) or ABSENT
