"""Trainings with one fault each, for the real Runner; what is planted names the cause."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from mmengine.config import Config
from mmengine.dataset import DefaultSampler
from mmengine.registry import DATA_SAMPLERS, LOOPS
from mmengine.runner import EpochBasedTrainLoop, IterBasedTrainLoop, Runner, ValLoop
from support import tiny_training
from support.tiny_training import TinyModel, Training


class Clock:
    """A clock that need not wait: what sleeps lets it jump."""

    def __init__(self) -> None:
        self.slept = 0.0

    def time(self) -> float:
        return time.time() + self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


PAUSE = 0.12  # seconds per step: the ETA in logs counts whole ones
# What of the arguments a config can hold.
_IN_CONFIG = ("train_cfg", "val_cfg", "param_scheduler", "log_processor", "resume", "load_from")


_loops: list[type] = []


def planted_loop(loop_class: type) -> type:
    """Let ``train`` know a loop by its name, while it trains."""
    _loops.append(loop_class)
    return loop_class


@contextlib.contextmanager
def registered_loops() -> Iterator[None]:
    """Have mmengine know the loops; afterwards its registry is what it was before.

    Other tests register loops of the same names in the same process.
    """
    with mock.patch.dict(LOOPS.module_dict):
        for loop_class in _loops:
            LOOPS.register_module(module=loop_class, force=True)
        yield


def train(folder: Path, runner_class: Any = Runner, **overrides: Any) -> Training:
    """Train with a config in the log, as every training of mmdet has it.

    Args:
        folder: The work folder.
        runner_class: The Runner to build.
        **overrides: Arguments of the Runner, or ``extra``: other keys of the config;
            ``model_class`` with its ``pause`` and ``most_steps``.
    """
    extra = overrides.pop("extra", {})
    pause, most = overrides.pop("pause", PAUSE), overrides.pop("most_steps", 60)
    model_class = overrides.pop("model_class", TinyModel)
    arguments = tiny_training.arguments(folder, **overrides)
    keys = {key: arguments[key] for key in _IN_CONFIG if key in arguments}
    sampler = arguments["train_dataloader"]["sampler"]
    keys["train_dataloader"] = {"batch_size": 2, "sampler": sampler}
    keys["val_dataloader"] = arguments["val_dataloader"] and {"batch_size": 2}
    keys["model"] = {"type": "TinyModel"}
    # mmengine fills in what it was given, in place.
    config = Config(Config({**keys, **extra}).to_dict())
    model = model_class(pause=pause, most_steps=most)
    clock = Clock()
    with (
        registered_loops(),
        mock.patch("mmengine.hooks.iter_timer_hook.time", clock),
        mock.patch("support.tiny_training.time", clock),
    ):
        return tiny_training.train(folder, runner_class, model=model, cfg=config, **overrides)


def resume(folder: Path, runner_class: Any = Runner, **overrides: Any) -> Training:
    """Train, then go on from the checkpoint of epoch 2; the second training."""
    first = train(folder / "first", runner_class, pause=0.0, **overrides)
    assert first.error is None, first.error
    start = str(folder / "first" / "epoch_2.pth")
    second = folder / "second"
    # mmengine 0.10.7 loads whole checkpoints, which torch >= 2.6 does only if told so.
    with mock.patch.dict(os.environ, TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD="1"):
        return train(second, runner_class, pause=0.0, load_from=start, resume=True, **overrides)


def resume_changed(
    folder: Path,
    runner_class: Any = Runner,
    *,
    start: str = "epoch_2.pth",
    then: dict[str, Any],
    **overrides: Any,
) -> Training:
    """Train, then go on with other arguments; the second training.

    Args:
        folder: The folder of both.
        runner_class: The Runner to build, twice.
        start: The checkpoint of the first to go on from.
        then: What is different in the second.
        **overrides: The arguments of both.
    """
    first = train(folder / "first", runner_class, pause=0.0, **overrides)
    assert first.error is None, first.error
    more = {**overrides, "load_from": str(folder / "first" / start), "resume": True, **then}
    with mock.patch.dict(os.environ, TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD="1"):
        return train(folder / "second", runner_class, **more)


@dataclass(frozen=True)
class Planted:
    """One fault.

    Attributes:
        cause: The name of the cause that is planted.
        overrides: The arguments of the Runner that plant it.
        runner: The Runner to build.
        how: How to train.
        after: How many likelier causes bring the same log, and so come before it.
    """

    cause: str
    overrides: dict[str, Any] = field(default_factory=dict)
    runner: Any = Runner
    how: Callable[..., Training] = train
    after: int = 0


def loop(name: str, epochs: int = 3, **more: Any) -> dict[str, Any]:
    return {"train_cfg": {"type": name, "max_epochs": epochs, **more}}


class OwnLoop(EpochBasedTrainLoop):
    """An epoch loop with every step in a method, for the faults to replace."""

    stop_training = False  # mmengine 0.6 has no such thing

    def run(self) -> Any:
        self.runner.call_hook("before_train")
        while self._epoch < self._max_epochs and not self.stop_training:
            self.run_epoch()
            self.validate()
        self.runner.call_hook("after_train")
        return self.runner.model

    def validate(self) -> None:
        if self.runner.val_loop is not None:
            self.runner.val_loop.run()

    def batches(self) -> None:
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, batch in enumerate(self.dataloader):
            self.run_iter(idx, batch)

    def step(self, idx: int, batch: Any) -> None:
        self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=batch)
        self.after(idx, batch, self.runner.model.train_step(batch, self.runner.optim_wrapper))

    def after(self, idx: int, batch: Any, outputs: Any) -> None:
        self.runner.call_hook("after_train_iter", batch_idx=idx, data_batch=batch, outputs=outputs)


@planted_loop
class CountsNothing(OwnLoop):
    def run_epoch(self) -> None:
        self.batches()
        self.runner.call_hook("after_train_epoch")

    def run_iter(self, idx: int, batch: Any) -> None:
        self.step(idx, batch)


@planted_loop
class CountsNothingAtAll(CountsNothing):
    """The first road to the report: MMDetection issue #12324."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._max_iters = 0


class BaseLoop:
    """A copy of mmengine/runner/base_loop.py, as people make them."""

    def __init__(self, runner: Any, dataloader: Any) -> None:
        self.runner = runner
        self.dataloader = runner.build_dataloader(dataloader)


class ForeignLoop(BaseLoop):
    """The second road to the report: it counts well, but no Runner sees it."""

    stop_training, val_begin, val_interval = False, 1, 1

    def __init__(self, runner: Any, dataloader: Any, max_epochs: int) -> None:
        super().__init__(runner, dataloader)
        self.max_epochs, self.epoch, self.iter = max_epochs, 0, 0
        self.max_iters = max_epochs * len(self.dataloader)

    def run(self) -> Any:
        self.runner.call_hook("before_train")
        while self.epoch < self.max_epochs:
            self.runner.call_hook("before_train_epoch")
            self.runner.model.train()
            for idx, batch in enumerate(self.dataloader):
                self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=batch)
                outputs = self.runner.model.train_step(batch, self.runner.optim_wrapper)
                self.runner.call_hook(
                    "after_train_iter", batch_idx=idx, data_batch=batch, outputs=outputs
                )
                self.iter += 1
            self.runner.call_hook("after_train_epoch")
            self.epoch += 1
            self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model


class AdaptedRunner(Runner):
    """Adapted only where it crashed."""

    def build_train_loop(self, loop: Any) -> Any:
        if isinstance(loop, BaseLoop):
            return loop
        return ForeignLoop(self, self._train_dataloader, loop["max_epochs"])


@planted_loop
class EpochStands(OwnLoop):
    def run_epoch(self) -> None:
        self.batches()
        self.runner.call_hook("after_train_epoch")


@planted_loop
class IterStands(EpochBasedTrainLoop):
    def run_iter(self, idx: int, batch: Any) -> None:
        OwnLoop.step(self, idx, batch)  # type: ignore[arg-type]

    after = OwnLoop.after


@planted_loop
class EpochAfterValidation(OwnLoop):
    def run_epoch(self) -> None:
        self.batches()
        self.runner.call_hook("after_train_epoch")

    def validate(self) -> None:
        super().validate()
        self._epoch += 1


@planted_loop
class EpochBeforeTraining(OwnLoop):
    def run_epoch(self) -> None:
        self._epoch += 1
        self.batches()
        self.runner.call_hook("after_train_epoch")


@planted_loop
class EpochBeforeHook(OwnLoop):
    def run_epoch(self) -> None:
        self.batches()
        self._epoch += 1
        self.runner.call_hook("after_train_epoch")


@planted_loop
class EpochTwice(OwnLoop):
    def run_epoch(self) -> None:
        super().run_epoch()
        self._epoch += 1


@planted_loop
class IterTwice(OwnLoop):
    def run_iter(self, idx: int, batch: Any) -> None:
        super().run_iter(idx, batch)
        self._iter += 1


@planted_loop
class MaxItersTooSmall(OwnLoop):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._max_iters //= 2


@planted_loop
class MaxItersTooLarge(OwnLoop):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._max_iters *= 8


@planted_loop
class NoBeforeIter(OwnLoop):
    def run_iter(self, idx: int, batch: Any) -> None:
        self.after(idx, batch, self.runner.model.train_step(batch, self.runner.optim_wrapper))
        self._iter += 1


@planted_loop
class NoAfterIter(OwnLoop):
    def after(self, idx: int, batch: Any, outputs: Any) -> None:
        self._iter += 0

    def run_iter(self, idx: int, batch: Any) -> None:
        self.step(idx, batch)
        self._iter += 1


@planted_loop
class OtherNames(OwnLoop):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.done_epochs = self.done_iters = 0
        super().__init__(*args, **kwargs)

    epoch = property(lambda self: self.done_epochs)
    iter = property(lambda self: self.done_iters)

    def run(self) -> Any:
        self.runner.call_hook("before_train")
        while self.done_epochs < self._max_epochs:
            self.batches()
            self.runner.call_hook("after_train_epoch")
            self.done_epochs += 1
            self.validate()
        self.runner.call_hook("after_train")
        return self.runner.model

    def run_iter(self, idx: int, batch: Any) -> None:
        self.step(idx, batch)
        self.done_iters += 1


@planted_loop
class ResetsInRun(EpochBasedTrainLoop):
    def run(self) -> Any:
        self._epoch = self._iter = 0
        return super().run()


class DropsResume(Runner):
    def __init__(self, *args: Any, resume: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


@planted_loop
class NeverValidates(OwnLoop):
    def validate(self) -> None:
        """The condition was lost."""


@planted_loop
class NoEpochHook(OwnLoop):
    def run_epoch(self) -> None:
        self.batches()
        self._epoch += 1


@planted_loop
class NewOptimizer(OwnLoop):
    def run_epoch(self) -> None:
        built = {"optimizer": {"type": "SGD", "lr": 0.1}}
        self.runner.optim_wrapper = self.runner.build_optim_wrapper(built)
        super().run_epoch()


@planted_loop
class ResettingValLoop(ValLoop):
    def run(self) -> Any:
        metrics = super().run()
        self.runner.train_loop._epoch = self.runner.train_loop._iter = 0
        return metrics


@planted_loop
class GlobalIndex(OwnLoop):
    def run_iter(self, idx: int, batch: Any) -> None:
        self.step(self._iter, batch)
        self._iter += 1


class TwoLoopsRunner(Runner):
    """Runs a loop of its own making, while the hooks see ``runner.train_loop``."""

    def build_train_loop(self, loop: Any) -> Any:
        seen = super().build_train_loop(loop)
        seen.run = super().build_train_loop(loop).run
        return seen


@planted_loop
class StartsAtOne(EpochBasedTrainLoop):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._epoch = 1


@planted_loop
class MaxItersMoves(EpochBasedTrainLoop):
    @property
    def max_iters(self) -> int:
        return self._iter + 40


@planted_loop
class TwoTasks(EpochBasedTrainLoop):
    def run(self) -> Any:
        super().run()
        self._epoch = self._iter = 0
        return super().run()


@planted_loop
class StepsSchedulers(EpochBasedTrainLoop):
    """As in a loop of plain PyTorch."""

    def run_epoch(self) -> None:
        super().run_epoch()
        for scheduler in self.runner.param_schedulers:
            scheduler.step()


@planted_loop
class CountsSteps(OwnLoop):
    """Gradients are accumulated, and what is counted are the steps of the optimizer."""

    def run_epoch(self) -> None:
        self.batches()
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1

    def run_iter(self, idx: int, batch: Any) -> None:
        self.step(idx, batch)
        if idx % 2:
            self._iter += 1


@planted_loop
class EpochWithEachBatch(EpochBasedTrainLoop):
    def run_iter(self, idx: int, batch: Any) -> None:
        super().run_iter(idx, batch)
        self._epoch += 1


@planted_loop
class IterStandsByIterations(IterBasedTrainLoop):
    def run_iter(self, batch: Any) -> None:
        OwnLoop.step(self, self._iter, batch)  # type: ignore[arg-type]

    after = OwnLoop.after


@planted_loop
class MaxItersIs0(IterBasedTrainLoop):
    def run(self) -> Any:
        self.runner.call_hook("before_train")
        self.runner.call_hook("before_train_epoch")
        self.length, self._max_iters = self._max_iters, 0
        while self._iter < self.length:
            self.run_iter(next(self.dataloader_iterator))
        self.runner.call_hook("after_train_epoch")
        self.runner.call_hook("after_train")
        return self.runner.model


@planted_loop
class LengthOfItsOwn(EpochBasedTrainLoop):
    """Written when its author trained 8 epochs, and left so."""

    def run(self) -> Any:
        self.runner.call_hook("before_train")
        for _ in range(8):
            self.run_epoch()
            self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model


@planted_loop
class RaisesItsMaximum(EpochBasedTrainLoop):
    def run(self) -> Any:
        self._max_epochs, self._max_iters = 2 * self._max_epochs, 2 * self._max_iters
        return super().run()


@planted_loop
class LeavesTheEpoch(OwnLoop):
    """A researcher's shortcut: ``if idx == 2: break``."""

    def run_epoch(self) -> None:
        self.runner.call_hook("before_train_epoch")
        for idx, batch in enumerate(self.dataloader):
            if idx == 2:
                break
            self.run_iter(idx, batch)
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1


@DATA_SAMPLERS.register_module()
class PromisesMore(DefaultSampler):
    """A sampler whose length counts what it leaves out."""

    def __iter__(self) -> Iterator[int]:
        return iter(list(super().__iter__())[: len(self) // 2])


class NothingToRegress(TinyModel):
    """No box of the annotations is of a class: the regression has nothing to learn."""

    def forward(self, inputs: Any, data_samples: Any = None, mode: str = "tensor") -> Any:
        found = super().forward(inputs, data_samples, mode)
        return (
            {"loss_cls": found["loss"], "loss_bbox": found["loss"] * 0}
            if mode == "loss"
            else found
        )


class FoundNothing(tiny_training.TinyMetric):
    """What CocoMetric says where nothing was found, or nothing is annotated."""

    def compute_metrics(self, results: list[int]) -> dict[str, float]:
        return {"bbox_mAP": 0.0, "bbox_mAP_50": 0.0, "bbox_mAP_s": -1.0}


class FindsTheSame(tiny_training.TinyMetric):
    def compute_metrics(self, results: list[int]) -> dict[str, float]:
        return {"bbox_mAP": 0.137, "bbox_mAP_50": 0.25}


def steps(**arguments: Any) -> dict[str, Any]:
    return {"type": "MultiStepLR", "by_epoch": True, "gamma": 0.1, **arguments}


WEIGHTY = {"param_scheduler": [steps(milestones=[1, 2])]}
BY_ITERATION = {
    "checkpoint": {"type": "CheckpointHook", "by_epoch": False, "interval": 6},
    "logger": {"type": "LoggerHook", "interval": 1},
}
_WARM_UP = {"type": "LinearLR", "start_factor": 0.1, "by_epoch": False, "begin": 0, "end": 3}
_ITERATIONS = {
    "train_dataloader": tiny_training.dataloader("InfiniteSampler"),
    "log_processor": {"by_epoch": False},
    "default_hooks": BY_ITERATION,
    "val_cfg": None,
    "val_dataloader": None,
    "val_evaluator": None,
}
PLANTED: dict[str, Planted] = {
    "schedule longer at resume": Planted(
        "schedule-comes-with-the-checkpoint",
        {
            **loop("EpochBasedTrainLoop", 4),
            "param_scheduler": [_WARM_UP, steps(milestones=[2, 3], end=4)],
            "start": "epoch_4.pth",
            "then": {
                **loop("EpochBasedTrainLoop", 7),
                "param_scheduler": [_WARM_UP, steps(milestones=[2, 3, 5], end=7)],
            },
        },
        how=resume_changed,
    ),
    "max_epochs raised at resume": Planted(
        "schedule-comes-with-the-checkpoint",
        {
            **loop("EpochBasedTrainLoop", 3),
            "param_scheduler": {"type": "CosineAnnealingLR", "by_epoch": True},
            "start": "epoch_3.pth",
            "then": loop("EpochBasedTrainLoop", 6),
        },
        how=resume_changed,
    ),
    "leaves the epoch": Planted("loop-leaves-the-epoch", loop("LeavesTheEpoch")),
    "dataloader runs out": Planted(
        "dataloader-runs-out",
        {
            **loop("EpochBasedTrainLoop"),
            "train_dataloader": tiny_training.dataloader("PromisesMore"),
        },
    ),
    "the report, by the Runner": Planted(
        "runner-does-not-see-the-counters", loop("ForeignLoop", 12), AdaptedRunner
    ),
    "the report, by the loop": Planted(
        "loop-counts-nothing-and-max-iters-is-wrong",
        {**loop("CountsNothingAtAll", 12), "most_steps": 30},
    ),
    "counts nothing": Planted(
        "loop-counts-nothing", {**loop("CountsNothing", 5), "most_steps": 30}
    ),
    "epoch stands": Planted("epoch-never-advances", loop("EpochStands", 6)),
    "iter stands": Planted("iter-never-advances", loop("IterStands", 5)),
    "epoch after validation": Planted(
        "epoch-advances-after-validation", loop("EpochAfterValidation")
    ),
    "epoch before training": Planted(
        "epoch-advances-before-training", loop("EpochBeforeTraining")
    ),
    "epoch before its hook": Planted("epoch-advances-before-its-hook", loop("EpochBeforeHook")),
    "epoch twice": Planted("epoch-advances-twice", loop("EpochTwice", 6)),
    "endless sampler": Planted(
        "endless-sampler",
        {
            **loop("EpochBasedTrainLoop", 5),
            "train_dataloader": tiny_training.dataloader("InfiniteSampler"),
        },
    ),
    "iterations as epochs": Planted(
        "iterations-logged-as-epochs",
        {
            "train_cfg": {"type": "IterBasedTrainLoop", "max_iters": 24, "val_interval": 8},
            "train_dataloader": tiny_training.dataloader("InfiniteSampler"),
        },
    ),
    "global index": Planted("batch-index-is-global", loop("GlobalIndex", 4)),
    "iter twice": Planted("iter-advances-twice", loop("IterTwice", 8)),
    "max_iters too small": Planted("max-iters-too-small", loop("MaxItersTooSmall", 10)),
    "max_iters too large": Planted("max-iters-too-large", loop("MaxItersTooLarge", 4)),
    "no before_train_iter": Planted(
        "before-train-iter-is-not-called",
        {
            **loop("NoBeforeIter"),
            "default_hooks": {"timer": None, "logger": {"type": "LoggerHook", "interval": 1}},
        },
    ),
    "no after_train_iter": Planted("after-train-iter-is-not-called", loop("NoAfterIter")),
    "other names": Planted("counters-under-other-names", loop("OtherNames"), how=resume),
    "resets in run": Planted("run-resets-the-counters", loop("ResetsInRun"), how=resume),
    "drops resume": Planted("resume-is-dropped", loop("EpochBasedTrainLoop"), DropsResume, resume),
    "checkpoint within an epoch": Planted(
        "checkpoint-within-an-epoch",
        {
            **loop("EpochBasedTrainLoop", 4),
            "default_hooks": BY_ITERATION,
            "start": "iter_6.pth",
            "then": {},
        },
        how=resume_changed,
    ),
    "smaller batches": Planted(
        "batches-changed-at-resume",
        {
            **loop("EpochBasedTrainLoop", 4),
            "then": {"train_dataloader": {**tiny_training.dataloader(), "batch_size": 1}},
        },
        how=resume_changed,
    ),
    "larger batches": Planted(
        "batches-changed-at-resume",
        {
            **loop("EpochBasedTrainLoop", 6),
            "then": {"train_dataloader": {**tiny_training.dataloader(), "batch_size": 4}},
        },
        how=resume_changed,
    ),
    "never validates": Planted("validation-is-left-out", loop("NeverValidates")),
    "schedule ends first": Planted(
        "schedule-ends-before-training",
        {
            **loop("EpochBasedTrainLoop", 8),
            "param_scheduler": [steps(milestones=[2, 6], end=3)],
            "pause": 0.0,
        },
    ),
    "keys of 2.x": Planted(
        "keys-of-2x",
        {
            **loop("EpochBasedTrainLoop", 4),
            "extra": {"lr_config": {"policy": "step", "step": [2, 3]}},
            "pause": 0.0,
        },
    ),
    "epoch schedule under iterations": Planted(
        "epoch-schedule-under-iterations",
        {
            "train_cfg": {"type": "IterBasedTrainLoop", "max_iters": 24, "val_interval": 8},
            "train_dataloader": tiny_training.dataloader("InfiniteSampler"),
            "param_scheduler": [steps(milestones=[8, 11], end=12)],
            "log_processor": {"by_epoch": False},
            "pause": 0.0,
        },
    ),
    "no after_train_epoch": Planted(
        "schedulers-do-not-step", {**loop("NoEpochHook"), **WEIGHTY, "pause": 0.0}
    ),
    "new optimizer": Planted(
        "optimizer-was-replaced", {**loop("NewOptimizer"), **WEIGHTY, "pause": 0.0}
    ),
    "steps the schedulers": Planted(
        "schedulers-step-too-often",
        {
            **loop("StepsSchedulers", 8),
            "param_scheduler": [_WARM_UP, steps(milestones=[4, 6])],
            "pause": 0.0,
        },
    ),
    "steps the schedulers down a slope": Planted(
        "schedulers-step-too-often",
        {
            **loop("StepsSchedulers", 8),
            "param_scheduler": {"type": "PolyLR", "by_epoch": False, "end": 32},
            "pause": 0.0,
        },
    ),
    "steps the schedulers along a cosine": Planted(
        "schedulers-step-too-often",
        {
            **loop("StepsSchedulers", 8),
            "param_scheduler": {"type": "CosineAnnealingLR", "by_epoch": False, "T_max": 32},
            "pause": 0.0,
        },
    ),
    "steps the schedulers down by epochs": Planted(
        "schedulers-step-too-often",
        {
            **loop("StepsSchedulers", 8),
            "param_scheduler": {"type": "PolyLR", "by_epoch": True, "end": 8},
            "pause": 0.0,
        },
    ),
    "a second ParamSchedulerHook": Planted(
        "schedulers-step-too-often",
        {
            **loop("EpochBasedTrainLoop", 8),
            "param_scheduler": [_WARM_UP, steps(milestones=[4, 6])],
            "custom_hooks": [{"type": "ParamSchedulerHook"}],
            "pause": 0.0,
        },
    ),
    "a length of its own": Planted("loop-goes-on-past-its-end", loop("LengthOfItsOwn", 4)),
    "raises its maximum": Planted("loop-goes-on-past-its-end", loop("RaisesItsMaximum", 4)),
    "counts steps": Planted("iter-misses-batches", loop("CountsSteps", 8)),
    "epoch with each batch": Planted(
        "epoch-advances-with-each-batch", loop("EpochWithEachBatch", 12)
    ),
    "iter stands, by iterations": Planted(
        "iter-never-advances",
        {**_ITERATIONS, "train_cfg": {"type": "IterStandsByIterations", "max_iters": 24}},
    ),
    "max_iters is 0, by iterations": Planted(
        "max-iters-is-0",
        {**_ITERATIONS, "train_cfg": {"type": "MaxItersIs0", "max_iters": 24}, "pause": 2.0},
    ),
    "validation resets": Planted(
        "validation-resets-the-counters",
        {
            **loop("EpochBasedTrainLoop", 5),
            "val_cfg": {"type": "ResettingValLoop"},
            "most_steps": 20,
        },
    ),
    "max_iters moves": Planted("max-iters-moves", {**loop("MaxItersMoves", 12), "pause": 0.3}),
    "two tasks": Planted("counters-restart", loop("TwoTasks")),
    "starts at 1": Planted("epoch-starts-at-1", loop("StartsAtOne", 4)),
    "another loop": Planted(
        "another-loop-runs", loop("EpochBasedTrainLoop", 6), TwoLoopsRunner, after=1
    ),
    "loss diverges": Planted(
        "loss-diverged",
        {
            **loop("EpochBasedTrainLoop"),
            "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 1e30}},
            "pause": 0.0,
        },
    ),
}

# What says no more than a note.
NOTED: dict[str, Planted] = {
    "nothing to regress": Planted(
        "classes-do-not-fit-the-annotations",
        {**loop("EpochBasedTrainLoop"), "model_class": NothingToRegress, "pause": 0.0},
    ),
    "nothing found": Planted(
        "classes-do-not-fit-the-annotations",
        {**loop("EpochBasedTrainLoop"), "val_evaluator": [FoundNothing()], "pause": 0.0},
    ),
    "the same found": Planted(
        "validated-model-stands",
        {**loop("EpochBasedTrainLoop", 4), "val_evaluator": [FindsTheSame()], "pause": 0.0},
    ),
}
