"""What of a training its config does not say, or says in other places than its schedulers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.loops import LOOP_OF_UNIT
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.steps import is_stage, is_step
from mmscaffold.schedule.training_length import training_length

Metrics = Mapping[str, float]


@dataclass(frozen=True)
class Setup:
    """What a curve needs beside the config.

    Attributes:
        iterations_per_epoch: Batches of the training dataloader; ``None`` if not known.
        maximum: Epochs or iterations, whatever the loop counts; that of ``train_cfg`` by
            default.
        gpus: Processes that train at once, for ``auto_scale_lr``; ``None`` if not known.
        metrics: What each validation found, in order, for ``ReduceOnPlateau``.
    """

    iterations_per_epoch: int | None = None
    maximum: int | None = None
    gpus: int | None = None
    metrics: Sequence[Metrics] = ()


@dataclass(frozen=True)
class Timeline:
    """When a training steps by epoch, validates and ends.

    Attributes:
        unit: What its loop counts; ``None`` if that is not known.
        maximum: Its length in that unit; ``None`` if not known.
        batches: Iterations of an epoch; ``None`` if not known.
        loop: ``train_cfg``.
        validates: Whether there is a validation.
    """

    unit: Unit | None
    maximum: int | None
    batches: int | None
    loop: Mapping[str, Any]
    validates: bool

    @property
    def max_epochs(self) -> int | None:
        """What the Runner gives as ``max_epochs``: 1 for an iteration loop."""
        return 1 if self.unit is Unit.ITERATIONS else self.maximum

    @property
    def max_iters(self) -> int | None:
        """What the Runner gives as ``max_iters``."""
        if self.unit is Unit.EPOCHS and self.maximum is not None:
            return None if self.batches is None else self.maximum * self.batches
        return self.maximum

    @property
    def counts_epochs(self) -> bool:
        """Whether an epoch ends before the training does."""
        return self.unit is not Unit.ITERATIONS

    def validations(self) -> Iterator[int]:
        """How many iterations were finished at each validation, in order.

        Source: ``run`` and ``_decide_current_val_interval`` of both train loops
        (mmengine/runner/loops.py).
        """
        batches = self.batches if self.counts_epochs else 1
        if not self.validates or self.unit is None or batches is None:
            return
        row = LOOP_OF_UNIT[self.unit]
        first = self.loop.get("val_begin", row.val_begin)
        stages = [(0, self.loop.get("val_interval", row.val_interval))]
        stages += [stage for stage in self.loop.get("dynamic_intervals") or () if is_stage(stage)]
        if not is_step(first) or not all(is_stage(stage) and stage[1] for stage in stages):
            return
        done = 0
        for stage, following in zip_longest(stages, stages[1:]):
            # Which interval holds is decided one step ahead.
            low = max(stage[0] - 1, first, done + 1)
            high = self.maximum if following is None else following[0] - 2
            done = -(-low // stage[1]) * stage[1]
            while high is None or done <= high:
                yield done * batches
                done += stage[1]
            done -= stage[1]
        if self.maximum is not None and done < self.maximum and self.maximum >= first:
            yield self.maximum * batches


def timeline(config: Mapping[str, Any], setup: Setup) -> Timeline:
    """Read when a training steps, off its config."""
    loop = config.get("train_cfg")
    loop = loop if isinstance(loop, Mapping) else {}
    length = training_length(config)
    unit = length.unit if length is not None else None
    maximum = length.maximum if length is not None else None
    validates = isinstance(config.get("val_cfg", True), Mapping)
    known = Timeline(unit, maximum, setup.iterations_per_epoch, loop, validates)
    return known if setup.maximum is None else replace(known, maximum=setup.maximum)


LENGTH: KeyPath = ("train_cfg",)
"""The key that is to blame where the length is not known."""
