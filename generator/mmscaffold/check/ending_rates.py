"""Schedulers that end at one learning rate for all parameters, and groups with another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mmscaffold.check.config_view import ConfigView
from mmscaffold.facts.schedulers import ABSOLUTE_RATES, LEARNING_RATE, Role
from mmscaffold.schedule.parameter_groups import (
    ParameterGroup,
    base_rate,
    is_rate,
    parameter_groups,
)
from mmscaffold.schedule.schedulers import Scheduler
from mmscaffold.schedule.steps import is_place


class AbsoluteEnd(NamedTuple):
    """A scheduler that brings every parameter to one learning rate.

    Attributes:
        scheduler: The scheduler.
        argument: Its argument that says so.
        value: That rate.
        sets_all: Whether it is not the end alone that is the same for all.
        base_rate: The rate of the parameters without one of their own.
        groups: The parameters with another rate.
    """

    scheduler: Scheduler
    argument: str
    value: float
    sets_all: bool
    base_rate: float
    groups: tuple[ParameterGroup, ...]

    def raises(self, group: ParameterGroup) -> bool:
        """Whether the rate of a group is higher at the end than at the beginning."""
        return self.value > group.rate and not _is_close(self.value, group.rate)

    @property
    def has_ratio(self) -> bool:
        """Whether the scheduler takes the share of each rate instead."""
        return f"{self.argument}_ratio" in self.scheduler.family.excludes


def absolute_ends(config: ConfigView) -> Iterator[AbsoluteEnd]:
    """Every scheduler under which the rates of some parameters are not what they look like.

    Those that raise the rate of all, as in a cyclic schedule, are left out; so are those that
    end before they are through.
    """
    rate = base_rate(config.root)
    # mmengine multiplies the rates by what only the number of GPUs tells, but not eta_min.
    if config.is_legacy or rate is None or config.get("auto_scale_lr.enable") is True:
        return
    found = parameter_groups(config.root)
    groups = tuple(one for one in found if not _is_close(one.rate, rate))
    for scheduler in config.schedulers if groups else ():
        if scheduler.parameter != ("", LEARNING_RATE):
            continue
        for argument, sets_all in ABSOLUTE_RATES.items():
            value = scheduler.values.get(argument)
            if not is_rate(value) or value == 0 or not _is_reached(config, scheduler):
                continue
            if sets_all or value < rate:
                yield AbsoluteEnd(scheduler, argument, value, sets_all, rate, groups)


def advice_on_end(end: AbsoluteEnd) -> str:
    """What to do where an absolute end takes no account of the groups."""
    share = end.value / end.base_rate
    if end.has_ratio:
        return (
            f"Write {end.argument}_ratio={share:.4g} in place of {end.argument}: each group then "
            "ends at that share of its own rate."
        )
    least = min(group.rate for group in end.groups)
    return f"{end.scheduler.type} has no ratio: set {end.argument} well below {least:g}."


def _is_reached(config: ConfigView, scheduler: Scheduler) -> bool:
    """Whether a scheduler runs as long as it takes to get to its end, as far as is known."""
    length, end = config.length, scheduler.end
    if end is None and length is not None and length.unit is scheduler.unit:
        end = length.maximum
    periods = [
        scheduler.values.get(key)
        for key, role in scheduler.family.steps.items()
        if role is Role.PERIOD
    ]
    longest = max(filter(is_place, periods), default=0)
    return end is None or longest <= end - scheduler.begin


def _is_close(one: float, other: float) -> bool:
    return abs(one - other) <= _ROUNDING * max(one, other)


_ROUNDING = 1e-6
