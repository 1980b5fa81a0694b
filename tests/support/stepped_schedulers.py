"""What mmengine's own schedulers make of a config, stepped as its Runner steps them."""

from __future__ import annotations

import copy
import logging
import math
import warnings
from array import array
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any


class RefusedError(Exception):
    """mmengine refuses a schedule before the training begins."""


class Stepped:
    """An optimizer and its schedulers, built by mmengine.

    Args:
        config: ``train_cfg``, ``optim_wrapper`` with one optimizer, and ``param_scheduler``.
        batches: Iterations of an epoch.
        factors: The second and later groups begin with the learning rate times these.

    Raises:
        RefusedError: If mmengine refuses to build it.
    """

    def __init__(
        self, config: Mapping[str, Any], batches: int, factors: Sequence[float] = ()
    ) -> None:
        import torch
        from mmengine.hooks import ParamSchedulerHook
        from mmengine.optim import OptimWrapper
        from mmengine.registry import DefaultScope, init_default_scope
        from mmengine.runner import Runner
        from mmengine.runner.base_loop import BaseLoop

        class Loop(BaseLoop):
            def __init__(self) -> None:
                pass

            def run(self) -> None:
                raise NotImplementedError

        loop = config["train_cfg"]
        self.by_epoch = "max_epochs" in loop
        self.batches = batches
        max_epochs = loop["max_epochs"] if self.by_epoch else 1
        self.length = loop["max_epochs"] * batches if self.by_epoch else loop["max_iters"]
        settings = dict(config["optim_wrapper"]["optimizer"])
        kind = getattr(torch.optim, settings.pop("type"))
        groups = [{"params": [torch.nn.Parameter(torch.zeros(1))]} for _ in (1, *factors)]
        for group, factor in zip(groups[1:], factors, strict=True):
            group["lr"] = settings["lr"] * factor
        self.wrapper = OptimWrapper(kind(groups, **settings))
        self.hook = ParamSchedulerHook()
        self.runner = SimpleNamespace(
            _train_loop=Loop(), max_epochs=max_epochs, max_iters=self.length,
            logger=logging.getLogger("silent"), train_dataloader=range(batches),
            optim_wrapper=self.wrapper, param_schedulers=None, world_size=1,
        )  # fmt: skip
        self.runner._build_param_scheduler = lambda *a: Runner._build_param_scheduler(
            self.runner, *a
        )
        init_default_scope(config.get("default_scope") or "mmengine")
        assert DefaultScope.get_current_instance() is not None
        schedulers = copy.deepcopy(config.get("param_scheduler"))
        if schedulers is None:
            return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self.runner.param_schedulers = Runner.build_param_scheduler(
                    self.runner, schedulers
                )
        except Exception as error:
            raise RefusedError(f"{type(error).__name__}: {error}") from error

    def run(
        self,
        parameters: Sequence[str],
        most: int | None = None,
        metrics: Mapping[int, Mapping[str, float]] | None = None,
    ) -> tuple[dict[tuple[str, int], array[float]], Exception | None]:
        """The values of parameters before each iteration, by name and group.

        Args:
            parameters: Their names in the groups.
            most: Iterations after which to stop; all by default.
            metrics: What the validation after so many iterations finds.

        Returns:
            The values, and the error with which a scheduler ends the training.
        """
        groups = self.wrapper.optimizer.param_groups
        found = {(name, index): array("d") for name in parameters for index in range(len(groups))}
        length = self.length if most is None else min(self.length, most)
        for iteration in range(length):
            for (name, index), values in found.items():
                value = groups[index].get(name)
                if value is None and name == "momentum":
                    value = groups[index]["betas"][0]
                if isinstance(value, complex) or not math.isfinite(value):
                    return found, ValueError(f"{value}")
                values.append(value)
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    self.hook.after_train_iter(self.runner, 0)
                    if self.by_epoch and (iteration + 1) % self.batches == 0:
                        self.hook.after_train_epoch(self.runner)
                    if metrics and iteration + 1 in metrics:
                        self.hook.after_val_epoch(self.runner, metrics[iteration + 1])
            except Exception as error:
                return found, error
        return found, None
