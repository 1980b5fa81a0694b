"""From a training that counts epochs to one that counts iterations, and back.

What a value of one unit is in the other follows from who reads it: mmengine's
``runner/loops.py`` (when a validation is due), ``optim/scheduler/param_scheduler.py``
(``build_iter_from_epoch``), ``hooks/checkpoint_hook.py``, ``hooks/ema_hook.py`` and
``runner/log_processor.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.schedule.hooks import EPOCH_ARGUMENTS, hooks
from mmscaffold.schedule.moves import REMOVED, Adjustment, Move, is_stage, is_step
from mmscaffold.schedule.scheduler_conversion import (
    scheduler_to_epochs,
    scheduler_to_iterations,
)
from mmscaffold.schedule.schedulers import scheduler_dicts
from mmscaffold.schedule.training_length import TrainingLength, Unit

COUNTERPARTS = {
    "EpochBasedTrainLoop": "IterBasedTrainLoop",
    "IterBasedTrainLoop": "EpochBasedTrainLoop",
}
_SAMPLERS = {Unit.ITERATIONS: ("DefaultSampler", "InfiniteSampler")}
_SAMPLERS[Unit.EPOCHS] = ("InfiniteSampler", "DefaultSampler")
# mmengine/runner/loops.py: the defaults of the two train loops.
_DEFAULT_INTERVAL = {Unit.EPOCHS: 1, Unit.ITERATIONS: 1000}
# mmengine/runner/runner.py, register_default_hooks: what runs unless a config says else.
_DEFAULT_HOOKS = {
    "checkpoint": {"type": "CheckpointHook", "interval": 1},
    "logger": {"type": "LoggerHook"},
}
# These act at the start of some epoch, of which an iteration loop has but one.
_EPOCH_HOOKS = {*EPOCH_ARGUMENTS, "SwitchRecipeHook", "SetEpochInfoHook"} - {
    "CheckpointHook",
    "EMAHook",
}


def convert(
    config: Mapping[str, Any],
    length: TrainingLength,
    iters_per_epoch: int,
    counterpart: Callable[[str], str],
) -> Adjustment:
    """Find what must change so that a training counts in the other unit.

    Args:
        config: The top level of a resolved config.
        length: Its training length, in its present unit.
        iters_per_epoch: How many iterations one epoch has.
        counterpart: The loop that counts in the other unit, by the type of a train loop.
    """
    converter = _ToIterations if length.unit is Unit.EPOCHS else _ToEpochs
    worker = converter(config, length, iters_per_epoch)
    worker.loop(counterpart)
    worker.sampler()
    worker.schedulers()
    worker.checkpoints_and_averages()
    worker.logs()
    return worker.found


class _Converter:
    """What is alike in both directions."""

    to: Unit
    maximum: str

    def __init__(self, config: Mapping[str, Any], length: TrainingLength, each: int) -> None:
        self.found = Adjustment()
        self._config = config
        self._length = length
        self._each = each

    def _set(self, path: KeyPath, new: Any, why: str) -> None:
        """Move a value to ``new``, together with those above it that are not there yet."""
        parent: Any = self._config
        for depth, key in enumerate(path[:-1], start=1):
            child = parent.get(key) if isinstance(parent, Mapping) else parent[key]
            if not isinstance(child, Mapping | list | tuple):
                for inner in reversed(path[depth:]):
                    new = {inner: new}
                self._add(path[:depth], new, why)
                return
            parent = child
        old = parent.get(path[-1], REMOVED) if isinstance(parent, Mapping) else parent[path[-1]]
        if old != new or type(old) is not type(new):
            self.found.moves.append(Move(path, new, why))

    def _add(self, path: KeyPath, new: dict[Any, Any], why: str) -> None:
        """Move a dict that is not there yet, joined with what else was moved into it."""
        for move in self.found.moves:
            if move.path == path:
                move.new.update(new)
                return
        self.found.moves.append(Move(path, new, why))

    def _note(self, path: KeyPath, text: str) -> None:
        self.found.notes.append(f"{format_key_path(path)} {text}")

    def loop(self, counterpart: Callable[[str], str]) -> None:
        """The loop, its maximum, and when it validates."""
        loop = self._config["train_cfg"]
        by_epoch = self.to is Unit.EPOCHS
        if "type" in loop or "by_epoch" not in loop:
            default = "IterBasedTrainLoop" if by_epoch else "EpochBasedTrainLoop"
            new = counterpart(loop.get("type", default))
            self._set(("train_cfg", "type"), new, f"the loop that counts {self.to.value}")
        if "by_epoch" in loop:
            self._set(("train_cfg", "by_epoch"), by_epoch, f"counts {self.to.value}")
        self._set(self._length.path, REMOVED, f"the loop counts {self.to.value}")
        self._set(("train_cfg", self.maximum), self._new_maximum(), self._why)
        interval = loop.get("val_interval", _DEFAULT_INTERVAL[self._length.unit])
        if is_step(interval):
            new_interval = self._interval(("train_cfg", "val_interval"), interval)
            self._set(("train_cfg", "val_interval"), new_interval, self._why)
        begin = loop.get("val_begin")
        if is_step(begin):
            self._set(("train_cfg", "val_begin"), self._val_begin(begin), self._why)
        stages = loop.get("dynamic_intervals")
        if isinstance(stages, list) and all(map(is_stage, stages)):
            path = ("train_cfg", "dynamic_intervals")
            moved = [
                (self._stage_begin(step), self._interval(path, each)) for step, each in stages
            ]
            self._set(path, moved, self._why)

    @property
    def _why(self) -> str:
        return f"{self._each} iterations an epoch"

    def sampler(self) -> None:
        """The sampler that ends with an epoch, or never."""
        path: KeyPath = ("train_dataloader", "sampler")
        loader = self._config.get("train_dataloader")
        sampler = loader.get("sampler") if isinstance(loader, Mapping) else None
        if not isinstance(sampler, Mapping) or not isinstance(sampler.get("type"), str):
            if loader is not None:
                self._note(path, "left alone: its type is not known")
            return
        scope, dot, name = sampler["type"].rpartition(".")
        old, new = _SAMPLERS[self.to]
        if name == old:
            why = "ends with each epoch" if self.to is Unit.EPOCHS else "never ends"
            self._set((*path, "type"), f"{scope}{dot}{new}", why)
            if "round_up" in sampler and self.to is Unit.ITERATIONS:
                self._set((*path, "round_up"), REMOVED, f"{new} takes no such argument")
        elif name != new:
            self._note(path, f"left alone: what replaces {name} is not known")

    def checkpoints_and_averages(self) -> None:
        """The hooks that count for themselves, and those that cannot be converted."""
        for path, hook in hooks(self._with_default_hooks()):
            name = hook["type"].rpartition(".")[2]
            if name == "CheckpointHook":
                self._checkpoint(path, hook)
            elif name == "EMAHook":
                self._average(path, hook)
            elif name in _EPOCH_HOOKS and self.to is Unit.ITERATIONS:
                self._note(
                    path,
                    f"left alone: {name} acts at the start of an epoch, and a training by "
                    "iterations has only one; it will not do what it did",
                )

    def _with_default_hooks(self) -> dict[str, Any]:
        default = self._config.get("default_hooks")
        given = default if isinstance(default, Mapping) else {}
        return {**self._config, "default_hooks": {**_DEFAULT_HOOKS, **given}}

    def _hook_set(self, path: KeyPath, hook: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Set keys of a hook; whole, where the config leaves the default hook unsaid."""
        default = self._config.get("default_hooks")
        unsaid = path[0] == "default_hooks" and path[1] not in (default or {})
        if unsaid:
            kept = {**hook, **values}
            kept = {key: value for key, value in kept.items() if value is not REMOVED}
            self._set(path, kept, self._why)
            return
        for key, value in values.items():
            self._set((*path, key), value, self._why)

    # What differs between the directions

    def _new_maximum(self) -> int:
        raise NotImplementedError

    def _interval(self, path: KeyPath, interval: int) -> int:
        raise NotImplementedError

    def _val_begin(self, begin: int) -> int:
        raise NotImplementedError

    def _stage_begin(self, step: int) -> int:
        raise NotImplementedError

    def schedulers(self) -> None:
        """Every scheduler, each by itself."""
        raise NotImplementedError

    def _checkpoint(self, path: KeyPath, hook: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def _average(self, path: KeyPath, hook: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def logs(self) -> None:
        """What the log counts in."""
        raise NotImplementedError


class _ToIterations(_Converter):
    to = Unit.ITERATIONS
    maximum = "max_iters"

    def _new_maximum(self) -> int:
        return self._length.maximum * self._each

    def _interval(self, path: KeyPath, interval: int) -> int:
        return interval * self._each

    def _val_begin(self, begin: int) -> int:
        return begin * self._each

    def _stage_begin(self, step: int) -> int:
        # A stage holds for the validation after step - 1 epochs, or iterations.
        return (step - 1) * self._each + 1 if step else 0

    def schedulers(self) -> None:
        for path, scheduler in scheduler_dicts(self._config):
            scheduler_to_iterations(path, scheduler, self._each, self.found)

    def _checkpoint(self, path: KeyPath, hook: Mapping[str, Any]) -> None:
        if hook.get("by_epoch", True) is not True:
            return
        values = {
            key: hook[key] * self._each
            for key in ("interval", "save_begin")
            if is_step(hook.get(key))
        }
        self._hook_set(path, hook, {**values, "by_epoch": False})

    def _average(self, path: KeyPath, hook: Mapping[str, Any]) -> None:
        begin = hook.get("begin_epoch")
        if is_step(begin) and begin:
            self._hook_set(
                path, hook, {"begin_epoch": REMOVED, "begin_iter": (begin - 1) * self._each + 1}
            )

    def logs(self) -> None:
        processor = self._config.get("log_processor")
        if isinstance(processor, Mapping):
            self._set(("log_processor", "by_epoch"), False, "counts iterations")
            custom = processor.get("custom_cfg")
            for index, entry in enumerate(custom if isinstance(custom, list) else []):
                if isinstance(entry, Mapping) and entry.get("window_size") == "epoch":
                    key = ("log_processor", "custom_cfg", index, "window_size")
                    self._set(key, self._each, self._why)
        else:
            new = {"type": "LogProcessor", "by_epoch": False}
            self._set(("log_processor",), new, "counts iterations")
        for path, hook in hooks(self._with_default_hooks()):
            if hook["type"].rpartition(".")[2] == "LoggerHook":
                self._hook_set(path, hook, {"log_metric_by_epoch": False})


class _ToEpochs(_Converter):
    to = Unit.EPOCHS
    maximum = "max_epochs"

    def _new_maximum(self) -> int:
        whole = -(-self._length.maximum // self._each)
        if whole * self._each != self._length.maximum:
            self._note(
                self._length.path,
                f"= {self._length.maximum} is no whole number of epochs of {self._each} "
                f"iterations: {whole} epochs are {whole * self._each}",
            )
        return whole

    def _interval(self, path: KeyPath, interval: int) -> int:
        whole = max(round(interval / self._each), 1)
        if whole * self._each != interval:
            self._note(path, f"= {interval} becomes {whole} x {self._each} iterations")
        return whole

    def _val_begin(self, begin: int) -> int:
        return -(-begin // self._each)

    def _stage_begin(self, step: int) -> int:
        return -(-(step - 1) // self._each) + 1 if step else 0

    def schedulers(self) -> None:
        for path, scheduler in scheduler_dicts(self._config):
            scheduler_to_epochs(path, scheduler, self._each, self.found)

    def _checkpoint(self, path: KeyPath, hook: Mapping[str, Any]) -> None:
        steps = {key: hook[key] for key in ("interval", "save_begin") if is_step(hook.get(key))}
        # A hook that counts iterations may do so in a training by epochs, too.
        if hook.get("by_epoch", True) is not False or any(
            step % self._each for step in steps.values()
        ):
            return
        values = {key: step // self._each for key, step in steps.items()}
        self._hook_set(path, hook, {**values, "by_epoch": REMOVED})

    def _average(self, path: KeyPath, hook: Mapping[str, Any]) -> None:
        begin = hook.get("begin_iter")
        if is_step(begin) and begin and (begin - 1) % self._each == 0:
            self._hook_set(
                path, hook, {"begin_iter": REMOVED, "begin_epoch": (begin - 1) // self._each + 1}
            )

    def logs(self) -> None:
        processor = self._config.get("log_processor")
        if isinstance(processor, Mapping) and "by_epoch" in processor:
            self._set(("log_processor", "by_epoch"), True, "counts epochs")
        for path, hook in hooks(self._config):
            if hook["type"].rpartition(".")[2] == "LoggerHook" and "log_metric_by_epoch" in hook:
                self._hook_set(path, hook, {"log_metric_by_epoch": REMOVED})
