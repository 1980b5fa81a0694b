"""The process that builds configs with mmdet 3: ``python -m ... < job > results``.

The job is a pickled dict of configs by name, the results a pickled dict of what could not be
built of each. Nothing is trained, downloaded or read of data: models are built on torch's meta
device without their checkpoints, data sets lazily, and metrics without their annotations.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import os
import pickle
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

Failure = tuple[str, str]
"""A key of the config, and why it could not be built."""

_WEIGHTS = frozenset({"pretrained", "teacher_ckpt", "eval_teacher_ckpt"})
_ANNOTATIONS = frozenset({"ann_file", "seg_prefix"})
_LOADERS = ("train_dataloader", "val_dataloader", "test_dataloader")
_EVALUATORS = ("val_evaluator", "test_evaluator")


def main() -> None:
    """Build every config of a job; write the results to standard output, pickled."""
    job = pickle.load(sys.stdin.buffer)
    # What configs and packages print must not get between the results.
    results_out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as scratch:
        _prepare(scratch)
        results = {name: _results(config) for name, config in job.items()}
    results_out.write(pickle.dumps(results))
    results_out.close()


def _prepare(scratch: str) -> None:
    """Register mmdet's classes, and what some of them ask for when they are built."""
    import torch
    from mmengine.visualization import Visualizer

    # It has no types.
    importlib.import_module("mmdet.utils").register_all_modules(init_default_scope=True)
    Visualizer.get_instance("mmscaffold", save_dir=scratch)
    # MMSyncBN refuses to be built without a process group.
    torch.distributed.init_process_group(
        "gloo", init_method=f"file://{scratch}/processes", rank=0, world_size=1
    )


def _results(config: dict[str, Any]) -> tuple[list[Failure], dict[str, tuple[int, ...]]]:
    from mmengine.config import ConfigDict

    failures: list[Failure] = []
    shapes: dict[str, tuple[int, ...]] = {}
    made = ConfigDict(config)
    with _told(failures, "custom_imports"):
        _import(made.get("custom_imports"))
    for key, build in _builders(made, shapes):
        with _told(failures, key):
            build()
    return failures, shapes


@contextlib.contextmanager
def _told(failures: list[Failure], key: str) -> Iterator[None]:
    try:
        yield
    except (Exception, SystemExit) as error:
        failures.append((key, f"{type(error).__name__}: {error}"[:400]))


def _import(imports: Any) -> None:
    from mmengine.utils import import_modules_from_strings

    if imports:
        import_modules_from_strings(**imports)


def _builders(
    config: Any, shapes: dict[str, tuple[int, ...]]
) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is to be built, by key."""
    built: list[Any] = []
    if config.get("model"):
        yield "model", partial(_model, config["model"], shapes, built)
    if config.get("optim_wrapper") and built:
        yield "optim_wrapper", partial(_optimizer, built[0], config["optim_wrapper"])
    for key in _LOADERS:
        loader = config.get(key)
        if isinstance(loader, dict) and "dataset" in loader:
            yield f"{key}.dataset", partial(_data_set, loader["dataset"])
    for key in _EVALUATORS:
        for metric in _several(config.get(key)):
            yield key, partial(_metric, metric)
    for name, hook in (config.get("default_hooks") or {}).items():
        if isinstance(hook, dict):
            yield f"default_hooks.{name}", partial(_hook, hook)
    for index, hook in enumerate(config.get("custom_hooks") or ()):
        yield f"custom_hooks[{index}]", partial(_hook, hook)


def _several(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value]
    return list(value) if isinstance(value, list | tuple) else []


def _model(config: Any, shapes: dict[str, tuple[int, ...]], built: list[Any]) -> None:
    import torch
    from mmengine.registry import MODELS

    with _values_of_ranges(torch), torch.device("meta"):
        model = MODELS.build(_unweighted(config))
    shapes.update({name: tuple(value.shape) for name, value in model.state_dict().items()})
    built.append(model)


@contextlib.contextmanager
def _values_of_ranges(torch: Any) -> Iterator[None]:
    """Backbones take rates out of ``torch.linspace``, of which the meta device has none."""
    linspace = torch.linspace
    torch.linspace = lambda *given, **named: linspace(*given, **{**named, "device": "cpu"})
    try:
        yield
    finally:
        torch.linspace = linspace


def _optimizer(model: Any, config: Any) -> None:
    from mmengine.optim import build_optim_wrapper

    plain = {
        key: value for key, value in dict(config).items() if key not in ("loss_scale", "dtype")
    }
    if plain.get("type") == "AmpOptimWrapper":
        # It asks for a GPU.
        plain["type"] = "OptimWrapper"
    build_optim_wrapper(model, type(config)(plain))


def _unweighted(value: Any) -> Any:
    """A model without its checkpoints."""
    if isinstance(value, dict):
        kept = {}
        for key, item in value.items():
            if key == "init_cfg" and isinstance(item, dict) and item.get("type") == "Pretrained":
                continue
            kept[key] = None if key in _WEIGHTS and isinstance(item, str) else _unweighted(item)
        return type(value)(kept)
    if isinstance(value, list | tuple):
        return type(value)(_unweighted(item) for item in value)
    return value


def _metric(config: Any) -> None:
    from mmengine.registry import METRICS

    METRICS.build(_without(config, _ANNOTATIONS))


def _hook(config: Any) -> None:
    from mmengine.registry import HOOKS

    # The Runner takes it out.
    HOOKS.build(_without(config, frozenset({"priority"})))


def _data_set(config: Any) -> None:
    from mmengine.registry import DATASETS, TRANSFORMS

    inner = _wrapped(config)
    for one in inner:
        _data_set(one)
    if not inner:
        DATASETS.build(type(config)({**config, "lazy_init": True}))
        return
    for transform in config.get("pipeline") or ():
        TRANSFORMS.build(transform)
    wrapper = _class_of(config)
    if wrapper is not None and not _is_lazy(config):
        # It asks what is in it for its length, which would read the annotations.
        inspect.signature(wrapper).bind(**_without(config, frozenset({"type"})))
    else:
        DATASETS.build(_lazy(config))


def _class_of(config: Any) -> Any:
    from mmengine.registry import DATASETS

    # The registry of the default scope, as when it builds.
    with DATASETS.switch_scope_and_registry(None) as registry:
        return registry.get(config["type"])


def _wrapped(config: Any) -> list[Any]:
    several = (config.get("dataset"), *(config.get("datasets") or ()))
    return [one for one in several if isinstance(one, dict)]


def _is_lazy(config: Any) -> bool:
    """Whether a wrapper, and each in it, can be told not to look at its data sets yet."""
    inner = _wrapped(config)
    wrapper = _class_of(config) if inner else None
    can_be = not inner or (
        # mmdet's for pipelines takes the argument, and counts its samples all the same.
        "pipeline" not in config
        and wrapper is not None
        and "lazy_init" in inspect.signature(wrapper).parameters
    )
    return can_be and all(map(_is_lazy, inner))


def _lazy(config: Any) -> Any:
    changed = {**config, "lazy_init": True}
    if isinstance(config.get("dataset"), dict):
        changed["dataset"] = _lazy(config["dataset"])
    if config.get("datasets"):
        changed["datasets"] = [
            _lazy(one) if isinstance(one, dict) else one for one in config["datasets"]
        ]
    return type(config)(changed)


def _without(value: Any, keys: frozenset[str]) -> Any:
    return type(value)({key: item for key, item in value.items() if key not in keys})


if __name__ == "__main__":
    main()
