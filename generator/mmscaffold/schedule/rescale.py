"""Everything that must move when a training gets another length."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.schedule.boundaries import (
    NotScalableError,
    Stretch,
    keep_distance_to_end,
    scale_milestones,
    scale_parts,
)
from mmscaffold.schedule.hooks import (
    DEFAULTS,
    EPOCH_ARGUMENTS,
    HARMLESS,
    ITERATION_ARGUMENTS,
    Relation,
    hooks,
)
from mmscaffold.schedule.moves import Adjustment, Move, is_stage, is_step
from mmscaffold.schedule.schedulers import scheduler_dicts
from mmscaffold.schedule.training_length import TrainingLength, Unit

# Schedulers that raise the rate from a low start, when they begin the training.
_WARM_UPS = re.compile(
    r"(Linear|Constant|Quadratic\w*|Poly)(LR|Momentum|ParamScheduler|BetasLR)?$"
)
_STEP_NAME = re.compile(r"(^|_)(epochs?|iters?)($|_)")


def rescale(config: Mapping[str, Any], length: TrainingLength, new: int) -> Adjustment:
    """Find what must move when the training gets a new length.

    Args:
        config: The top level of a resolved config.
        length: Its training length.
        new: The new maximum, in the unit of ``length``.
    """
    worker = _Rescaler(config, length, new)
    worker.loop()
    worker.schedulers()
    worker.hooks()
    return worker.found


class _Rescaler:
    def __init__(self, config: Mapping[str, Any], length: TrainingLength, new: int) -> None:
        self.found = Adjustment()
        self._config = config
        self._length = length
        self._old = length.maximum
        self._new = new

    def _move(self, path: KeyPath, old: Any, new: Any, why: str) -> None:
        if old != new:
            self.found.moves.append(Move(path, new, why))

    # The loop

    def loop(self) -> None:
        """``max_epochs`` or ``max_iters``, and the validations."""
        loop = self._config["train_cfg"]
        old, new = self._old, self._new
        unit = self._length.unit.value
        self._move(self._length.path, loop[self._length.path[-1]], new, f"the length in {unit}")
        interval = loop.get("val_interval")
        if is_step(interval) and interval > new:
            self._move(("train_cfg", "val_interval"), interval, new, "at most the length")
        begin = loop.get("val_begin")
        if is_step(begin) and begin > 1:
            if begin > old:
                wanted, why = new + 1, "past the end: never"
            else:
                wanted, why = max(keep_distance_to_end(begin, old, new), 1), _TO_END
            self._move(("train_cfg", "val_begin"), begin, wanted, why)
        stages = loop.get("dynamic_intervals")
        if isinstance(stages, list) and all(is_stage(stage) for stage in stages):
            moved = self._stages(stages)
            self._move(("train_cfg", "dynamic_intervals"), stages, moved, _TO_END)

    def _stages(self, stages: list[Any]) -> list[tuple[int, int]]:
        moved: dict[int, int] = {}
        for step, interval in stages:
            place = step if step == 0 else keep_distance_to_end(step, self._old, self._new)
            moved[place] = min(interval, self._new)
        return list(moved.items())

    # The schedulers

    def schedulers(self) -> None:
        """``begin``, ``end``, ``milestones`` and the rest of every scheduler."""
        mine = [
            (path, scheduler)
            for path, scheduler in scheduler_dicts(self._config)
            if self._is_mine(scheduler.get("by_epoch", True))
        ]
        if not mine:
            return
        boundaries = [
            value
            for _, scheduler in mine
            for value in (scheduler.get("begin", 0), scheduler.get("end"))
            if is_step(value)
        ]
        kept = [scheduler["end"] for _, scheduler in mine if self._is_warm_up(scheduler)]
        try:
            stretch = Stretch(self._old, self._new, boundaries, kept)
        except NotScalableError as error:
            self.found.notes.append(
                f"param_scheduler left alone: {error} {self._length.unit.value}"
            )
            return
        for path, scheduler in mine:
            self._scheduler(path, scheduler, stretch)

    def _is_mine(self, by_epoch: Any) -> bool:
        return (by_epoch is not False) == (self._length.unit is Unit.EPOCHS)

    def _is_warm_up(self, scheduler: Mapping[str, Any]) -> bool:
        end = scheduler.get("end")
        name = str(scheduler["type"]).rpartition(".")[2]
        starts = scheduler.get("begin", 0) == 0
        return starts and is_step(end) and end < self._old and bool(_WARM_UPS.search(name))

    def _scheduler(self, path: KeyPath, scheduler: Mapping[str, Any], stretch: Stretch) -> None:
        begin, end = scheduler.get("begin", 0), scheduler.get("end")
        if not is_step(begin) or not (end is None or is_step(end)):
            self.found.notes.append(f"{format_key_path(path)} left alone: begin or end not known")
            return
        new_begin = stretch(begin)
        new_end = self._new if end is None else stretch(end)
        if new_begin >= self._new:
            self.found.notes.append(
                f"{format_key_path(path)} left alone: it begins at {begin}, past the end"
            )
            return
        moves = Adjustment()
        try:
            self._inside(path, scheduler, (begin, end, new_begin, new_end), moves)
        except NotScalableError as error:
            self.found.notes.append(f"{format_key_path(path)} left alone: {error}")
            return
        if "begin" in scheduler:
            self._move((*path, "begin"), begin, new_begin, "where the stage before it ends")
        if end is not None:
            why = "the new end" if end >= self._old else "a boundary between stages"
            self._move((*path, "end"), end, new_end, why)
        self.found.moves += moves.moves

    def _inside(
        self,
        path: KeyPath,
        scheduler: Mapping[str, Any],
        spans: tuple[int, int | None, int, int],
        moves: Adjustment,
    ) -> None:
        """What counts from ``begin``: milestones, ``T_max``, periods, steps."""
        begin, end, new_begin, new_end = spans
        old_span = (self._old if end is None else min(end, self._old)) - begin
        new_span = new_end - new_begin
        milestones = scheduler.get("milestones")
        if isinstance(milestones, list | tuple) and all(is_step(m) for m in milestones):
            base, new_base = old_span, new_span
            if end is not None and any(end - begin <= m < self._old - begin for m in milestones):
                # They were meant for the whole training, whose end moved without them.
                base, new_base = self._old - begin, self._new - new_begin
            scaled = scale_milestones(milestones, base, new_base)
            wanted = type(milestones)(scaled)
            if wanted != milestones:
                moves.moves.append(Move((*path, "milestones"), wanted, Relation.SHARE.value))
        t_max = scheduler.get("T_max")
        if is_step(t_max):
            if t_max == old_span:
                wanted_t, why = new_span, "end - begin"
            elif end is not None and t_max == end:
                wanted_t, why = new_end, "equal to end"
            elif t_max == self._old:
                wanted_t, why = self._new, Relation.WHOLE.value
            else:
                share = round(t_max * self._new / self._old)
                wanted_t, why = max(share, 1), Relation.SHARE.value
            if wanted_t != t_max:
                moves.moves.append(Move((*path, "T_max"), wanted_t, why))
        periods = scheduler.get("periods")
        if isinstance(periods, list) and periods and all(is_step(p) for p in periods):
            parts = scale_parts(periods, max(round(sum(periods) * new_span / old_span), 1))
            if parts != periods:
                moves.moves.append(Move((*path, "periods"), parts, Relation.SHARE.value))
        for name in ("step_size", "total_steps"):
            step = scheduler.get(name)
            if is_step(step):
                wanted_s = self._new if step == self._old else round(step * new_span / old_span)
                if max(wanted_s, 1) != step:
                    moves.moves.append(Move((*path, name), max(wanted_s, 1), Relation.SHARE.value))
        if str(scheduler["type"]).startswith("Exponential"):
            self.found.notes.append(
                f"{format_key_path((*path, 'gamma'))} left alone: over another number of steps "
                "it leads to another final rate"
            )

    # The hooks

    def hooks(self) -> None:
        """Every hook with a step among its arguments."""
        epochs = self._length.unit is Unit.EPOCHS
        table = EPOCH_ARGUMENTS if epochs else ITERATION_ARGUMENTS
        for path, hook in hooks(self._config):
            name = str(hook["type"]).rpartition(".")[2]
            if not self._is_mine(hook.get("by_epoch", True)) and name == "CheckpointHook":
                continue
            known = table.get(name, {})
            for argument, relation in known.items():
                value = hook.get(argument, DEFAULTS.get((name, argument)))
                if is_step(value):
                    wanted = self._hook_step(value, relation)
                    if wanted != value:
                        self._move((*path, argument), value, wanted, relation.value)
            if name == "SwitchRecipeHook":
                self._recipes(path, hook)
                continue
            self._note_unknown(path, hook, name)

    def _hook_step(self, value: int, relation: Relation) -> int:
        if relation is Relation.WHOLE:
            return self._new
        if relation is Relation.TO_END:
            return keep_distance_to_end(value, self._old, self._new)
        if relation is Relation.SHARE:
            return max(round(value * self._new / self._old), 1)
        if relation is Relation.LAST:
            return value if value < self._new else self._new - 1
        return min(value, self._new)

    def _recipes(self, path: KeyPath, hook: Mapping[str, Any]) -> None:
        schedule = hook.get("schedule")
        if not isinstance(schedule, list):
            return
        for index, recipe in enumerate(schedule):
            step = recipe.get("action_epoch") if isinstance(recipe, Mapping) else None
            if is_step(step):
                wanted = max(round(step * self._new / self._old), 1)
                key = (*path, "schedule", index, "action_epoch")
                self._move(key, step, wanted, Relation.SHARE.value)

    def _note_unknown(self, path: KeyPath, hook: Mapping[str, Any], name: str) -> None:
        known = {*EPOCH_ARGUMENTS.get(name, {}), *ITERATION_ARGUMENTS.get(name, {}), *HARMLESS}
        for argument, value in hook.items():
            if argument not in known and _STEP_NAME.search(str(argument)) and is_step(value):
                self.found.notes.append(
                    f"{format_key_path((*path, argument))} = {value} left alone: what it is to "
                    f"the length of the training is not known of {name}"
                )


_TO_END = Relation.TO_END.value
