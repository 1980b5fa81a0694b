"""mmcv 1.7.2's own updater hooks, run as its Runners run them, without mmcv.

The files of its source package are executed with stand-ins for what they import.
"""

from __future__ import annotations

import copy
import sys
from array import array
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest import mock

from support import corpora


class _Hooks:
    """A stand-in for the registry."""

    def __init__(self) -> None:
        self.classes: dict[str, type] = {}

    def register_module(self) -> Any:
        def keep(cls: type) -> type:
            self.classes[cls.__name__] = cls
            return cls

        return keep


@cache
def hook_classes() -> Mapping[str, type]:
    """The hooks of the learning rate and the momentum, by name."""
    folder = corpora.unpacked_source("mmcv", "1.7.2") / "mmcv" / "runner" / "hooks"
    yolox = corpora.unpacked_wheel("mmdet", "2.28.2") / "mmdet/core/hook/yolox_lrupdater_hook.py"
    registry = _Hooks()
    root = ModuleType("mmcv")
    root.is_list_of = lambda value, type_: (  # type: ignore[attr-defined]
        isinstance(value, list) and all(isinstance(one, type_) for one in value)
    )
    runner, hooks = ModuleType("mmcv.runner"), ModuleType("mmcv.runner.hooks")
    runner.BaseRunner = object  # type: ignore[attr-defined]
    root.runner = runner  # type: ignore[attr-defined]
    hook = ModuleType("mmcv.runner.hooks.hook")
    hook.HOOKS, hook.Hook = registry, object  # type: ignore[attr-defined]
    hooks.HOOKS = registry  # type: ignore[attr-defined]
    modules = {"mmcv": root, "mmcv.runner": runner, "mmcv.runner.hooks": hooks}
    modules["mmcv.runner.hooks.hook"] = hook
    with mock.patch.dict(sys.modules, modules):
        for name in ("lr_updater", "momentum_updater"):
            _execute(folder / f"{name}.py", f"mmcv.runner.hooks.{name}")
        _execute(yolox, "mmdet.core.hook.yolox_lrupdater_hook")
    return registry.classes


def _execute(path: Path, name: str) -> None:
    module = ModuleType(name)
    module.__package__ = name.rpartition(".")[0]
    sys.modules[name] = module
    exec(compile(path.read_text(), path, "exec"), module.__dict__)


def run_hooks(
    config: Mapping[str, Any], batches: int, parameter: str
) -> tuple[array[float], Exception | None]:
    """The values of a parameter before each iteration, and the error that ends the training.

    Args:
        config: ``runner``, ``optimizer`` and the schedules, of 2.x.
        batches: Iterations of an epoch.
        parameter: ``lr`` or ``momentum``.
    """
    settings = config["optimizer"]
    group = {key: value for key, value in settings.items() if key != "type"}
    by_epoch = config["runner"]["type"] == "EpochBasedRunner"
    maximum = config["runner"]["max_epochs" if by_epoch else "max_iters"]
    optimizer = SimpleNamespace(param_groups=[group], defaults=dict(group))
    runner = SimpleNamespace(
        optimizer=optimizer, epoch=0, iter=0, data_loader=range(batches),
        max_epochs=maximum if by_epoch else None,
        max_iters=maximum * batches if by_epoch else maximum,
    )  # fmt: skip
    found = array("d")
    try:
        hooks = [_build(config, kind, by_epoch) for kind in ("lr", "momentum")]
        for hook in filter(None, hooks):
            hook.before_run(runner)
        for _ in range(runner.max_iters):
            for hook in filter(None, hooks):
                if by_epoch and runner.iter % batches == 0:
                    hook.before_train_epoch(runner)
                hook.before_train_iter(runner)
            value = group.get(parameter)
            found.append(group["betas"][0] if value is None else value)
            runner.iter += 1
            runner.epoch = runner.iter // batches
    except Exception as error:
        return found, error
    return found, None


def _build(config: Mapping[str, Any], kind: str, by_epoch: bool) -> Any:
    values = copy.deepcopy(config.get(f"{kind}_config"))
    if values is None:
        return None
    policy = values.pop("policy")
    policy = policy.title() if policy == policy.lower() else policy
    if kind == "lr" and not by_epoch:
        values.setdefault("by_epoch", False)
    ending = "Lr" if kind == "lr" else "Momentum"
    return hook_classes()[f"{policy}{ending}UpdaterHook"](**values)
