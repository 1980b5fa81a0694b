"""One config in a few words: model, data, length, batch size, learning rate, classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mmscaffold.config.evaluate.values import LazyName, Unknown
from mmscaffold.facts.loops import LOOP_OF_UNIT
from mmscaffold.schedule.legacy import legacy_keys
from mmscaffold.schedule.training_length import training_length

_DEEPEST = 6  # wrappers of data sets, or of models, within each other


@dataclass(frozen=True)
class Summary:
    """What a config trains; empty where it does not say.

    Attributes:
        model: The class of the model, and those of the parts that it is named by.
        data: The class of the training data, and where they lie.
        length: With its unit.
        batch: The batch size of one process.
        rate: The learning rate.
        optimizer: The class of the optimizer.
        loop: The class of the train loop.
        hooks: The classes of ``custom_hooks``.
        is_legacy: Whether it was written for MMDetection 2.x.
    """

    model: str = ""
    data: str = ""
    length: str = ""
    batch: str = ""
    rate: str = ""
    optimizer: str = ""
    loop: str = ""
    hooks: tuple[str, ...] = ()
    is_legacy: bool = False


def summary_of(config: Mapping[str, Any]) -> Summary:
    """Summarize a resolved config, of mmengine or of MMDetection 2.x."""
    is_legacy = bool(legacy_keys(config))
    optimizer = _dict(config.get("optimizer")) if is_legacy else {}
    optimizer = optimizer or _dict(_dict(config.get("optim_wrapper")).get("optimizer"))
    loader = _dict(config.get("train_dataloader"))
    data, batch = loader.get("dataset"), loader.get("batch_size")
    if is_legacy and not loader:
        old = _dict(config.get("data"))
        data, batch = old.get("train"), old.get("samples_per_gpu")
    length = training_length(config)
    loop = _name(_dict(config.get("train_cfg")).get("type"))
    if not loop and length is not None and length.unit is not None and not is_legacy:
        loop = LOOP_OF_UNIT[length.unit].name
    hooks = config.get("custom_hooks")
    return Summary(
        _model(_dict(config.get("model"))),
        _data(data),
        _length(config, is_legacy),
        _number(batch),
        _number(optimizer.get("lr")),
        _name(optimizer.get("type")),
        loop,
        tuple(_name(_dict(one).get("type")) for one in hooks if _name(_dict(one).get("type")))
        if isinstance(hooks, list | tuple)
        else (),
        is_legacy,
    )


def _length(config: Mapping[str, Any], is_legacy: bool) -> str:
    length = training_length(config)
    if length is not None and length.unit is not None and length.maximum is not None:
        return length.unit.count(length.maximum)
    runner = _dict(config.get("runner")) if is_legacy else {}
    for key, word in (("max_epochs", "epochs"), ("max_iters", "iterations")):
        if isinstance(runner.get(key), int):
            return f"{runner[key]} {word}"
    total = config.get("total_epochs") if is_legacy else None
    return f"{total} epochs" if isinstance(total, int) else ""


def _model(model: Mapping[str, Any]) -> str:
    names = [_name(model.get("type"))]
    inner = model
    for _ in range(_DEEPEST):
        # Wrappers, such as those of semi-supervised training and of trackers.
        following = next(
            (_dict(inner.get(key)) for key in ("detector", "architecture") if inner.get(key)), {}
        )
        if not following:
            break
        inner = following
        names.append(_name(inner.get("type")))
    names.append(_name(_dict(inner.get("backbone")).get("type")))
    return " · ".join(name for name in names if name)


def _data(dataset: Any) -> str:
    for _ in range(_DEEPEST):
        if isinstance(dataset, Sequence) and not isinstance(dataset, str) and dataset:
            dataset = dataset[0]
        inner = _dict(dataset).get("dataset", _dict(dataset).get("datasets"))
        if not inner:
            break
        dataset = inner
    one = _dict(dataset)
    name, root = _name(one.get("type")), one.get("data_root")
    return " · ".join(part for part in (name, root if isinstance(root, str) else "") if part)


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _name(value: Any) -> str:
    """A class without its module or scope."""
    if isinstance(value, LazyName):
        value = value.dumped
    return value.rpartition(".")[2] if isinstance(value, str) else ""


def _number(value: Any) -> str:
    if isinstance(value, bool | Unknown):
        return ""
    return f"{value:g}" if isinstance(value, int | float) else ""
