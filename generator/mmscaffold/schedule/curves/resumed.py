"""What a resumed training takes from its checkpoint in place of its config.

``Runner.resume`` (mmengine/runner/runner.py) loads the state of the optimizer and, one by one, of
the schedulers. ``_ParamScheduler.load_state_dict`` (mmengine/optim/scheduler/param_scheduler.py)
replaces every attribute of the new scheduler, its ``begin``, ``end``, ``milestones`` and period
included. Of the config only the classes of the schedulers are left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mmscaffold.config.evaluate.values import LazyName, Unknown, to_plain
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.facts.packages import ROOT_SCOPE
from mmscaffold.schedule.curves.families import class_arguments
from mmscaffold.schedule.curves.reading import scheduler_kind
from mmscaffold.schedule.curves.setup import Setup, Timeline, timeline

_SCHEDULERS: KeyPath = ("param_scheduler",)
_RATE: KeyPath = ("optim_wrapper", "optimizer", "lr")
_UNSET = {"begin": 0, "by_epoch": True, "convert_to_iter_based": False}
_NO_STATE = ("type", "_scope_", "verbose", "last_step", "epoch_length")
# What the checkpoint brings beside the schedulers.
_OF_THE_OPTIMIZER = ("optim_wrapper", "auto_scale_lr", "train_dataloader")


@dataclass(frozen=True)
class Overruled:
    """A value of a config that a resumed training does not use.

    Attributes:
        path: Its key.
        written: What the config says, as text.
        kept: What the checkpoint brings in its place, as text.
    """

    path: KeyPath
    written: str
    kept: str

    def __str__(self) -> str:
        key = format_key_path(self.path)
        return f"{key} is {self.written} in the config and {self.kept} in the checkpoint"


def overruled(
    now: Mapping[str, Any], before: Mapping[str, Any], batches: int | None = None
) -> list[Overruled]:
    """What a changed config says in vain, because its training resumes a checkpoint.

    Args:
        now: The resolved config of the resumed training.
        before: That of the training which wrote the checkpoint.
        batches: Iterations of an epoch; ``None`` if not known.

    Returns:
        The differences, in order; none where the schedules of both cannot be compared.
    """
    new, old = _schedulers(now, batches), _schedulers(before, batches)
    if new is None or old is None:
        return []
    found = []
    for index, (one, other) in enumerate(zip(new, old, strict=False)):
        path: KeyPath = (*_SCHEDULERS, index)
        if one["type"] != other["type"]:
            found.append(Overruled((*path, "type"), one["type"], f"the state of {other['type']}"))
            continue
        for key in dict.fromkeys((*one, *other)):
            if key not in _NO_STATE and _differ(one.get(key), other.get(key)):
                found.append(Overruled((*path, key), _text(one, key), _text(other, key)))
    if len(new) != len(old):
        found.append(Overruled(_SCHEDULERS, _number(len(new)), _number(len(old))))
    rates = [_at(config, _RATE) for config in (now, before)]
    if all(isinstance(rate, int | float) for rate in rates) and rates[0] != rates[1]:
        found.append(Overruled(_RATE, str(rates[0]), str(rates[1])))
    return found


def resumed_config(
    now: Mapping[str, Any], before: Mapping[str, Any], batches: int | None = None
) -> Mapping[str, Any] | None:
    """The config whose schedule a resumed training follows.

    Args:
        now: The resolved config of the resumed training.
        before: That of the training which wrote the checkpoint.
        batches: Iterations of an epoch; ``None`` if not known.

    Returns:
        ``now`` with the schedule and the optimizer of ``before``; ``None`` where the states of
        other schedulers are mixed into those of the config.
    """
    new, old = _schedulers(now, batches), _schedulers(before, batches)
    if new is None or old is None or [one["type"] for one in new] != [o["type"] for o in old]:
        return None
    kept = []
    for one in old:
        values = dict(one)
        if values["end"] is None:
            del values["end"]
        if values.get("convert_to_iter_based") and batches is not None:
            values.setdefault("epoch_length", batches)
        kept.append(values)
    optimizer = {key: before[key] for key in _OF_THE_OPTIMIZER if key in before}
    return {**now, **optimizer, "param_scheduler": kept}


def _schedulers(config: Mapping[str, Any], batches: int | None) -> list[dict[str, Any]] | None:
    """The schedulers with all that their constructors are given or fill in."""
    value = config.get("param_scheduler")
    if isinstance(value, Mapping) and "type" in value:
        value = [value]
    if value is None:
        value = []
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    times = timeline(config, Setup(iterations_per_epoch=batches))
    found = []
    for item in value:
        if not isinstance(item, Mapping) or isinstance(item.get("type"), Unknown):
            return None
        found.append(_filled(item, times))
    return found


def _filled(item: Mapping[str, Any], times: Timeline) -> dict[str, Any]:
    type_ = item.get("type")
    name = str(type_.dumped if isinstance(type_, LazyName) else type_)
    kind = scheduler_kind(name, str(item.get("_scope_") or ROOT_SCOPE))
    known = {} if kind is None else class_arguments(kind.family.name, kind.name)
    values = {key: value for key, value in known.items() if value is not ...}
    values |= {**_UNSET, **item, "type": name}
    # Runner._build_param_scheduler sets the end of those that have none.
    if "end" not in item:
        values["end"] = times.max_epochs if values["by_epoch"] else times.max_iters
    return values


def _differ(one: Any, other: Any) -> bool:
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return False
    plain = [to_plain(value) for value in (one, other)]
    if all(isinstance(value, list | tuple) for value in plain):
        return bool(list(plain[0]) != list(plain[1]))
    return bool(plain[0] != plain[1])


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    return "not set" if value is None else str(to_plain(value))[:200]


def _number(count: int) -> str:
    return f"{count} scheduler" if count == 1 else f"{count} schedulers"


def _at(config: Mapping[str, Any], path: KeyPath) -> Any:
    value: Any = config
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
