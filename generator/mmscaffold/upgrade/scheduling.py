"""``lr_config`` and ``momentum_config`` of 2.x, as the rules of the schedule ask of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.key_path import Key, KeyPath
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.curves import LEARNING_RATE, MOMENTUM, NotKnownError
from mmscaffold.schedule.curves.curve import is_finite
from mmscaffold.schedule.curves.initial_values import optimizer_value
from mmscaffold.schedule.curves.policies import COUNTS_ITERATIONS
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part

WARM_UP_KEYS = ("warmup", "warmup_iters", "warmup_ratio", "warmup_by_epoch")
SCHEDULERS: KeyPath = ("param_scheduler",)


@dataclass(frozen=True)
class OldSchedule:
    """A policy with its warm-up.

    Attributes:
        old: The config.
        key: ``lr_config`` or ``momentum_config``.
        part: Its values.
        policy: As mmcv names the hook: ``step`` is ``Step``.
        is_momentum: Whether it is that of the momentum.
    """

    old: OldConfig
    key: str
    part: Part
    policy: str
    is_momentum: bool

    @property
    def by_epoch(self) -> bool:
        """Whether it counts epochs.

        mmcv counts epochs unless an ``IterBasedRunner`` sets another default, which it does
        for the learning rate only (mmcv/runner/iter_based_runner.py).
        """
        default = self.policy not in COUNTS_ITERATIONS
        if not self.is_momentum:
            default = default and self.old.unit is not Unit.ITERATIONS
        value = self.part.get("by_epoch", default)
        return default if isinstance(value, Unknown) else bool(value)

    @property
    def never_steps(self) -> bool:
        """Whether it waits for epochs, of which an ``IterBasedRunner`` tells nothing."""
        return self.by_epoch and self.old.unit is Unit.ITERATIONS

    @property
    def length(self) -> int | None:
        """The length of the training in what it counts; ``None`` if that is not known."""
        unit = Unit.EPOCHS if self.by_epoch else Unit.ITERATIONS
        return self.old.length if self.old.unit is unit else None

    @property
    def parameter(self) -> str:
        """What it changes, by its name in the groups of an optimizer."""
        return MOMENTUM if self.is_momentum else LEARNING_RATE

    @property
    def initial(self) -> float | None:
        """What the optimizer begins with; ``None`` if that is not known."""
        optimizer = self.old.root.get("optimizer")
        if not isinstance(optimizer, dict):
            return None
        try:
            return optimizer_value(optimizer, ("optimizer",), self.parameter)
        except NotKnownError:
            return None

    @property
    def minimum(self) -> str:
        """``min_lr`` or ``min_momentum``."""
        return "min_momentum" if self.is_momentum else "min_lr"

    @property
    def path(self) -> KeyPath:
        """Where 2.x has it."""
        return (self.key,)

    def number(self, key: str, default: float | None = None) -> float | None:
        """A number; ``None`` if it is none that is known."""
        value = self.part.get(key, default)
        return value if is_number(value) else None

    def scheduler(self, new: New, family: str, *, by_epoch: bool | None = None) -> New:
        """Append a scheduler of mmengine.

        Args:
            new: The new config.
            family: The name of its class without ``LR`` or ``Momentum``.
            by_epoch: What it counts, if not what this counts.
        """
        made = append_scheduler(new, family + ("Momentum" if self.is_momentum else "LR"))
        if by_epoch is None and "by_epoch" in self.part:
            self.part.move("by_epoch", made)
        else:
            made.put("by_epoch", self.by_epoch if by_epoch is None else by_epoch)
        return made

    def lowest(self, scheduler: New) -> None:
        """Move the lowest value, absolute or as a ratio of what the group begins with."""
        self.part.move(self.minimum, scheduler, "eta_min")
        self.part.move(f"{self.minimum}_ratio", scheduler, "eta_min_ratio")
        for key in ("eta_min", "eta_min_ratio"):
            # mmengine refuses both, whatever they are.
            if scheduler.get(key, 0) is None:
                scheduler.remove(key)

    def end(self) -> Iterator[Note]:
        """Account for what all policies share, and note what this one does not take."""
        for shared in ("policy", "by_epoch"):
            if shared not in self.part.said:
                self.part.take(shared)
        for key in self.part.unsaid():
            if key not in WARM_UP_KEYS:
                yield self.leave(key, f"{self.key}.{key} has no counterpart in 3.x")

    def leave(self, key: Key, message: str) -> Note:
        """Note a key that cannot be moved."""
        self.part.leave_to_note(key)
        help_ = "Compare the schedules with mmscaffold plot, and write what comes closest."
        return Note("UP208", message, SCHEDULERS, (*self.path, key), help_)


def put_first(new: New) -> None:
    """Let the last scheduler of ``param_scheduler`` be the first."""
    schedulers = new.get("param_scheduler")
    new.put("param_scheduler", CfgList([schedulers[-1], *schedulers[:-1]]))


def append_scheduler(new: New, name: str) -> New:
    """Append a scheduler to ``param_scheduler``."""
    if not isinstance(new.get("param_scheduler"), CfgList):
        new.put("param_scheduler", CfgList())
    schedulers = new.get("param_scheduler")
    made = New(CfgDict(), (*SCHEDULERS, len(schedulers)))
    made.put("type", name)
    schedulers.append(made.values)
    return made


def schedules(old: OldConfig, *policies: str) -> Iterator[OldSchedule]:
    """The schedules of a config that change something.

    Args:
        old: The config.
        policies: Those that are wanted; all if there are none.
    """
    for one in all_schedules(old):
        if not one.never_steps and (not policies or one.policy in policies):
            yield one


def all_schedules(old: OldConfig) -> Iterator[OldSchedule]:
    """The schedules of a config with a policy that can be read."""
    for key in ("lr_config", "momentum_config"):
        part = old.part(key)
        written = part.get("policy") if part is not None else None
        if part is None or not isinstance(written, str):
            continue
        # BaseRunner.register_lr_hook of mmcv.
        policy = written.title() if written == written.lower() else written
        yield OldSchedule(old, key, part, policy, key == "momentum_config")


def drop_all(part: Part, reason: Reason) -> None:
    """Let all of a dict go."""
    for key in part.unsaid():
        part.drop(key, reason)


def is_number(value: Any) -> bool:
    """Whether a value is a number that is known, and that a schedule can have."""
    return is_finite(value) and not isinstance(value, bool)
