"""From training that counts epochs to training that counts iterations, and back.

What a value of one unit is in the other follows from who reads it: mmengine's
``runner/loops.py`` (when a validation is due), ``optim/scheduler/param_scheduler.py``
(``build_iter_from_epoch``), ``hooks/checkpoint_hook.py``, ``hooks/ema_hook.py`` and
``runner/log_processor.py``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from mmscaffold.config.change import MISSING, Adjustment, Change
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.facts.data import SAMPLER_OF_UNIT, SAMPLERS
from mmscaffold.facts.hooks import DEFAULT_HOOKS
from mmscaffold.facts.loops import LOOP_OF_UNIT
from mmscaffold.facts.runner import DEFAULT_LOG_PROCESSOR
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.hook_conversion import convert_hook, loop_flags
from mmscaffold.schedule.hooks import hook_name, hooks, row_of
from mmscaffold.schedule.scheduler_conversion import (
    scheduler_to_epochs,
    scheduler_to_iterations,
)
from mmscaffold.schedule.schedulers import scheduler_dicts
from mmscaffold.schedule.steps import is_stage, is_step
from mmscaffold.schedule.training_length import TrainingLength
from mmscaffold.schedule.unknown_steps import unknown_counts_of_hook, unknown_steps


def convert(
    config: Mapping[str, Any],
    length: TrainingLength,
    iters_per_epoch: int,
    counterpart: Callable[[str], str],
) -> Adjustment:
    """Find what must change so that training counts in the other unit.

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
    worker.hooks()
    worker.logs()
    worker.found.notes += unknown_steps(config, worker.to)
    return worker.found


class _Converter(ABC):
    """What is alike in both directions."""

    to: Unit

    def __init__(self, config: Mapping[str, Any], length: TrainingLength, each: int) -> None:
        self.found = Adjustment()
        self._config = config
        self._length = length
        self._each = each
        self._why = f"{each} iterations per epoch"
        self._scope: str | None = config.get("default_scope")

    def _set(self, path: KeyPath, new: Any, why: str) -> None:
        """Change a value to ``new``, together with those above it that are not there yet."""
        parent: Any = self._config
        for depth, key in enumerate(path[:-1], start=1):
            child = parent.get(key) if isinstance(parent, Mapping) else parent[key]
            if not isinstance(child, Mapping | list | tuple):
                for inner in reversed(path[depth:]):
                    new = {inner: new}
                self._add(path[:depth], new, why)
                return
            parent = child
        old = parent.get(path[-1], MISSING) if isinstance(parent, Mapping) else parent[path[-1]]
        if old != new or type(old) is not type(new):
            self.found.changes.append(Change(path, new, why))

    def _add(self, path: KeyPath, new: dict[Any, Any], why: str) -> None:
        """Set a dict that is not there yet, joined with what else was put into it."""
        for change in self.found.changes:
            if change.path == path:
                change.new.update(new)
                return
        self.found.changes.append(Change(path, new, why))

    def _note(self, path: KeyPath, text: str) -> None:
        self.found.notes.append(f"{format_key_path(path)} {text}")

    def loop(self, counterpart: Callable[[str], str]) -> None:
        """The loop, its maximum, and when it validates."""
        loop = self._config["train_cfg"]
        row, new_row = LOOP_OF_UNIT[self.to.other], LOOP_OF_UNIT[self.to]
        why = f"counts {self.to.value}"
        if "type" in loop or "by_epoch" not in loop:
            new = counterpart(loop.get("type", row.name))
            self._set(("train_cfg", "type"), new, f"the loop that {why}")
        if "by_epoch" in loop:
            self._set(("train_cfg", "by_epoch"), self.to is Unit.EPOCHS, why)
        self._set(self._length.path, MISSING, f"the loop {why}")
        self._set(("train_cfg", new_row.maximum), self._new_maximum(), self._why)
        interval = loop.get("val_interval", row.val_interval)
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

    def sampler(self) -> None:
        """The sampler that ends with an epoch, or never."""
        path: KeyPath = ("train_dataloader", "sampler")
        loader = self._config.get("train_dataloader")
        sampler = loader.get("sampler") if isinstance(loader, Mapping) else None
        if not isinstance(sampler, Mapping) or not isinstance(sampler.get("type"), str):
            if sampler is not None and self.to is Unit.EPOCHS:
                self.found.leave(path, "whether it ends is not known, and an epoch must end")
            elif loader is not None:
                self._note(path, "left alone: its type is unknown")
            return
        scope, dot, name = sampler["type"].rpartition(".")
        old, new = SAMPLER_OF_UNIT[self.to.other], SAMPLER_OF_UNIT[self.to]
        if name == old.name:
            why = "ends with each epoch" if new.ends else "never ends"
            self._set((*path, "type"), f"{scope}{dot}{new.name}", why)
            for argument in old.only_here:
                if argument in sampler:
                    why = f"{new.name} takes no such argument"
                    self._set((*path, argument), MISSING, why)
        elif self.to is Unit.EPOCHS:
            row = SAMPLERS.get(name)
            if row is None:
                self.found.leave(path, f"whether {name} ends is not known, and an epoch must end")
            elif not row.ends:
                self.found.leave(path, f"{name} never ends, so no epoch would")
        elif name != new.name:
            self._note(path, f"left alone: what replaces {name} is not known")

    def hooks(self) -> None:
        """The hooks that count for themselves, and those that cannot be converted."""
        for path, hook in hooks(self._with_default_hooks()):
            found = convert_hook(hook, self._scope, self.to, self._each)
            if found.note:
                self._note(path, found.note)
            for argument in unknown_counts_of_hook(hook, row_of(hook, self._scope)):
                self._note(
                    (*path, argument),
                    f"= {hook[argument]} left alone: whether it counts {self.to.other.value} is "
                    f"not known for {hook_name(hook)}",
                )
            for argument, text in found.rounded.items():
                self._note((*path, argument), text)
            if found.values:
                self._hook_set(path, hook, found.values)

    def _with_default_hooks(self) -> dict[str, Any]:
        default = self._config.get("default_hooks")
        given = default if isinstance(default, Mapping) else {}
        return {**self._config, "default_hooks": {**DEFAULT_HOOKS, **given}}

    def _hook_set(self, path: KeyPath, hook: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Set keys of a hook; whole, where the config leaves the default hook unsaid."""
        default = self._config.get("default_hooks")
        unsaid = path[0] == "default_hooks" and path[1] not in (default or {})
        if unsaid:
            kept = {**hook, **values}
            kept = {key: value for key, value in kept.items() if value is not MISSING}
            self._set(path, kept, self._why)
            return
        for key, value in values.items():
            self._set((*path, key), value, self._why)

    # What differs between the directions

    @abstractmethod
    def _new_maximum(self) -> int:
        """The length in the other unit."""

    @abstractmethod
    def _interval(self, path: KeyPath, interval: int) -> int:
        """Every so many of the other unit."""

    @abstractmethod
    def _val_begin(self, begin: int) -> int:
        """The first step after which it validates."""

    @abstractmethod
    def _stage_begin(self, step: int) -> int:
        """Where a stage of ``dynamic_intervals`` begins."""

    @abstractmethod
    def schedulers(self) -> None:
        """Every scheduler, one by one."""

    @abstractmethod
    def logs(self) -> None:
        """What the log counts in, and hooks that only say what the loop counts."""


class _ToIterations(_Converter):
    to = Unit.ITERATIONS

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
            new = {"type": DEFAULT_LOG_PROCESSOR, "by_epoch": False}
            self._set(("log_processor",), new, "counts iterations")
        # The default hooks count epochs, so they must be named to count iterations.
        for path, hook in hooks(self._with_default_hooks()):
            values = loop_flags(hook, self._scope, self.to)
            if values:
                self._hook_set(path, hook, values)


class _ToEpochs(_Converter):
    to = Unit.EPOCHS

    def _new_maximum(self) -> int:
        whole = -(-self._length.maximum // self._each)
        if whole * self._each != self._length.maximum:
            self._note(
                self._length.path,
                f"= {self._length.maximum} is not a whole number of epochs of {self._each} "
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
            scheduler_to_epochs(path, scheduler, self._each, self.found, self._length.maximum)

    def logs(self) -> None:
        processor = self._config.get("log_processor")
        if isinstance(processor, Mapping) and "by_epoch" in processor:
            self._set(("log_processor", "by_epoch"), True, "counts epochs")
        for path, hook in hooks(self._config):
            for key, value in loop_flags(hook, self._scope, self.to).items():
                self._set((*path, key), value, self._why)
