"""From the arguments of a scheduler to what it does, and what mmengine refuses of them.

Source: the constructors in mmengine/optim/scheduler/param_scheduler.py (0.10.7), mmdet's and
mmpose's quadratic_warmup.py, mmpose's constant_lr.py, mmseg's poly_ratio_scheduler.py and
mmpretrain's weight_decay_scheduler.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from mmscaffold.schedule.curves.initial_values import LEARNING_RATE
from mmscaffold.schedule.curves.reading import INF, Entry
from mmscaffold.schedule.curves.recurrences import (
    Constant,
    CosineAnnealing,
    CosineRestart,
    Exponential,
    Group,
    Linear,
    MultiStep,
    OneCycle,
    Poly,
    Quadratic,
    Recurrence,
    Steps,
    WeightDecayCosine,
)

_THIRD = 1.0 / 3
_ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    "Constant": {"factor": _THIRD},
    "CosineAnnealing": {"T_max": None, "eta_min": None, "eta_min_ratio": None},
    "CosineRestart": {
        "periods": ..., "restart_weights": (1,), "eta_min": None, "eta_min_ratio": None,
    },
    "Exponential": {"gamma": ...},
    "Linear": {"start_factor": _THIRD, "end_factor": 1.0},
    "MultiStep": {"milestones": ..., "gamma": 0.1},
    "OneCycle": {
        "eta_max": 0, "total_steps": None, "pct_start": 0.3, "anneal_strategy": "cos",
        "div_factor": 25.0, "final_div_factor": 1e4, "three_phase": False,
    },
    "Poly": {"eta_min": 0, "power": 1.0},
    "Quadratic": {},
    "ReduceOnPlateau": {
        "monitor": "loss", "rule": "less", "factor": 0.1, "patience": 10, "threshold": 1e-4,
        "threshold_rule": "rel", "cooldown": 0, "min_value": 0.0, "eps": 1e-8,
    },
    "Step": {"step_size": ..., "gamma": 0.1},
}  # fmt: skip
_TEXTS = frozenset({"anneal_strategy", "monitor", "rule", "threshold_rule"})
_LISTS = frozenset({"milestones", "periods", "restart_weights"})
_EITHER = frozenset({"eta_max", "min_value"})
_OPTIONAL = frozenset({"T_max", "eta_min", "eta_min_ratio", "total_steps"})


def class_arguments(family: str, name: str) -> Mapping[str, Any]:
    """What a class takes beside ``begin``, ``end`` and the like, with its defaults.

    Args:
        family: That of the class.
        name: The class.

    Returns:
        ``...`` for what has no default.
    """
    ratio = {"eta_min_ratio": None} if name == "PolyLRRatio" else {}
    return {**_ARGUMENTS[family], **ratio}


def check_values(entry: Entry) -> None:
    """Refuse what mmengine's constructor refuses, and what is no number.

    Raises:
        NotKnownError: With the reason.
    """
    for key, value in entry.values.items():
        _check_type(entry, key, value)
    name, values = entry.kind.family.name, entry.values
    # The scheduler of that name in mmpose's registry takes any factor.
    if name == "Linear" or (name == "Constant" and entry.kind.scope != "mmpose"):
        for key in ("factor", "start_factor", "end_factor"):
            _between_0_and_1(entry, key)
    if name in ("CosineAnnealing", "CosineRestart"):
        ways = [key for key in ("eta_min", "eta_min_ratio") if values[key] is not None]
        if len(ways) == 2:
            raise entry.refuse("only one of eta_min and eta_min_ratio can be set")
        if not ways and name == "CosineRestart":
            raise entry.refuse("one of eta_min and eta_min_ratio must be set")
    if name == "CosineRestart" and len(values["periods"]) != len(values["restart_weights"]):
        raise entry.refuse("periods and restart_weights must have the same length")
    if name == "Quadratic" and entry.end >= INF:
        raise entry.refuse("end must be set", "end")
    if name == "OneCycle":
        _check_cycle(entry)
    if name == "ReduceOnPlateau":
        _check_plateau(entry)


def recurrence(entry: Entry, group: Group) -> Recurrence:
    """What a scheduler does to a parameter of a group.

    Args:
        entry: The scheduler.
        group: The group, with the parameter and its initial value; ``OneCycle`` replaces that.

    Raises:
        ArithmeticError: Where mmengine's own arithmetic fails.
    """
    values, span = entry.values, entry.end - entry.begin
    family, initial = entry.kind.family.name, f"initial_{entry.parameter}"
    if family == "OneCycle":
        return _cycle(entry, group)
    base = group[initial]
    if family == "Constant":
        return Constant(values["factor"], span - 1)
    if family == "CosineAnnealing":
        is_decay = entry.kind.name == "CosineAnnealingWeightDecay"
        cosine = WeightDecayCosine if is_decay else CosineAnnealing
        return cosine(values["T_max"] or span, _lowest(values, base), base)
    if family == "CosineRestart":
        periods, weights = values["periods"], values["restart_weights"]
        return CosineRestart(periods, weights, _lowest(values, base), base)
    if family == "Exponential":
        return Exponential(values["gamma"])
    if family == "Linear":
        return Linear(values["start_factor"], values["end_factor"], span - 1)
    if family == "MultiStep":
        return MultiStep(Counter(values["milestones"]), values["gamma"])
    if family == "Poly":
        return Poly(_lowest(values, base), values["power"], span - 1)
    if family == "Quadratic":
        return Quadratic(base, span)
    return Steps(values["step_size"], values["gamma"])


def _lowest(values: Mapping[str, Any], base: float) -> float:
    ratio = values.get("eta_min_ratio")
    lowest: float = (values["eta_min"] or 0.0) if ratio is None else base * ratio
    return lowest


def _cycle(entry: Entry, group: Group) -> OneCycle:
    values = entry.values
    total = values["total_steps"] or entry.end - entry.begin
    highest = values["eta_max"]
    if isinstance(highest, list | tuple):
        # One for each group; this is the first.
        highest = highest[0]
    if entry.first == 0:
        group["initial_lr"] = highest / values["div_factor"]
        group["max_lr"] = highest
        group["min_lr"] = group["initial_lr"] / values["final_div_factor"]
    start = values["pct_start"]
    phases = [(float(start * total) - 1, "initial_lr", "max_lr")]
    if values["three_phase"]:
        phases.append((float(2 * start * total) - 2, "max_lr", "initial_lr"))
        phases.append((total - 1, "initial_lr", "min_lr"))
    else:
        phases.append((total - 1, "max_lr", "min_lr"))
    return OneCycle(total, phases, values["anneal_strategy"] == "cos", group)


def _check_type(entry: Entry, key: str, value: Any) -> None:
    if key in _TEXTS:
        if not isinstance(value, str):
            raise entry.refuse(f"must be a string, not {value!r}", key)
    elif key in _LISTS:
        if not isinstance(value, list | tuple) or not all(map(_is_number, value)):
            raise entry.refuse(f"must be a list of numbers, not {value!r}", key)
    elif value is None:
        if key not in _OPTIONAL:
            raise entry.refuse("must be a number, not None", key)
    elif not _is_number(value):
        lists = isinstance(value, list | tuple) and key in _EITHER and all(map(_is_number, value))
        if not lists or not value:
            raise entry.refuse(f"must be a number, not {value!r}", key)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _between_0_and_1(entry: Entry, key: str) -> None:
    if key in entry.values and not 0 <= entry.values[key] <= 1:
        raise entry.refuse(f"must lie between 0 and 1, not {entry.values[key]}", key)


def _check_cycle(entry: Entry) -> None:
    values = entry.values
    if entry.parameter != LEARNING_RATE:
        raise entry.refuse(f"{entry.kind.name} changes only the learning rate", "param_name")
    total = values["total_steps"]
    if total is not None and not (isinstance(total, int) and total > 0):
        raise entry.refuse(f"must be a positive integer, not {total!r}", "total_steps")
    if not isinstance(values["pct_start"], float) or not 0 <= values["pct_start"] <= 1:
        raise entry.refuse(
            f"must be a float between 0 and 1, not {values['pct_start']!r}", "pct_start"
        )
    if values["anneal_strategy"] not in ("cos", "linear"):
        raise entry.refuse("must be 'cos' or 'linear'", "anneal_strategy")


def _check_plateau(entry: Entry) -> None:
    values = entry.values
    if not entry.by_epoch:
        raise entry.refuse(f"{entry.kind.name} needs by_epoch=True", "by_epoch")
    if values["factor"] >= 1:
        raise entry.refuse(f"must be below 1, not {values['factor']}", "factor")
    if values["threshold"] < 0:
        raise entry.refuse("must be 0 or more", "threshold")
    for key, known in (("rule", ("less", "greater")), ("threshold_rule", ("rel", "abs"))):
        if values[key] not in known:
            raise entry.refuse(f"must be {known[0]!r} or {known[1]!r}", key)
