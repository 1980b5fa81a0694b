"""What happens in a training of MMDetection 2.x, and when.

Sources: EvalHook, CheckpointHook and the Runners of mmcv 1.7.2 (mmcv/runner/), and
mmdet 2.28.2 (mmdet/apis/train.py, mmdet/core/evaluation/eval_hooks.py).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from mmscaffold.facts.units import Unit
from mmscaffold.pictures.moments import MOST_MARKS, Mark, Span, limited, switches_of
from mmscaffold.schedule.curves import NotKnownError
from mmscaffold.schedule.curves.policies import Step
from mmscaffold.schedule.curves.policy_reading import Length, PolicyReader
from mmscaffold.schedule.curves.setup import Timeline
from mmscaffold.schedule.steps import is_stage, is_step

_SCOPE = "mmdet"


def legacy_marks(config: Mapping[str, Any], length: Length) -> tuple[list[Mark], list[str]]:
    """Everything that happens within a training, in no certain order.

    Args:
        config: A resolved config of 2.x.
        length: How long it trains.

    Returns:
        The marks, and what is left out, for people.
    """
    unit = Unit.EPOCHS if length.by_epoch else Unit.ITERATIONS
    times = Timeline(unit, length.maximum, length.batches, {}, validates=True)
    return limited(
        (
            ("milestones", _milestones(config, length)),
            ("validations", _marks(_validations(config, length), "validation")),
            ("checkpoints", _marks(_checkpoints(config, length), "checkpoint")),
            ("switches", switches_of(config, times, _SCOPE)),
        ),
        length.iterations,
    )


def legacy_spans(config: Mapping[str, Any], length: Length) -> Iterator[Span]:
    """The warm-up of the learning rate."""
    try:
        *_, warm_up, _ = _policy(config, length)
    except NotKnownError:
        return
    if warm_up is not None:
        yield Span(0, min(warm_up.iterations, length.iterations), "warm-up")


def _policy(config: Mapping[str, Any], length: Length) -> Any:
    return PolicyReader(config.get("lr_config"), ("lr_config",), False, length).read()


def _marks(iterations: Iterable[int], kind: str) -> Iterator[Mark]:
    return (Mark(one, kind, kind) for one in iterations)


def _milestones(config: Mapping[str, Any], length: Length) -> Iterator[Mark]:
    try:
        by_epoch, policy, *_ = _policy(config, length)
    except NotKnownError:
        return
    # Without epochs, a policy that counts them does nothing.
    if not isinstance(policy, Step) or (by_epoch and not length.by_epoch):
        return
    each = (length.batches or 1) if by_epoch else 1
    end = length.iterations // each
    if isinstance(policy.step, int):
        steps: Iterable[int] = range(policy.step, end + 1, policy.step)
    else:
        steps = policy.step
    for one in steps:
        yield Mark(one * each, "milestone", f"step {one}")


def _validations(config: Mapping[str, Any], length: Length) -> Iterable[int]:
    values = config.get("evaluation", {})
    if not isinstance(values, Mapping):
        return ()
    # mmdet sets by_epoch as the Runner counts.
    each = (length.batches or 1) if length.by_epoch else 1
    interval, start = values.get("interval", 1), values.get("start")
    if not _is_interval(interval) or not (start is None or is_step(start)):
        return ()
    stages = values.get("dynamic_intervals")
    if stages:
        return _by_stage(interval, start, stages, length, each)
    if start is None:
        return range(interval * each, length.iterations + 1, interval * each)
    # With start=0 it asks once before anything is trained, as if the first epoch were over.
    first = start if start or interval == 1 else interval
    return range(first * each, length.iterations + 1, interval * each)


def _by_stage(
    interval: int, start: int | None, stages: Any, length: Length, each: int
) -> Iterable[int]:
    if start is not None or not isinstance(stages, list | tuple) or length.maximum > MOST_MARKS:
        return ()
    if not all(is_stage(stage) and stage[1] for stage in stages):
        return ()
    begins = [0, *(stage[0] for stage in stages)]
    intervals = [interval, *(stage[1] for stage in stages)]
    # An interval holds from the epoch (or iteration) that its stage names, counted from 1:
    # mmdet compares with `runner.epoch + 1` before it begins.
    return [
        number * each
        for number in range(1, length.maximum + 1)
        if number % intervals[bisect_right(begins, number) - 1] == 0
    ]


def _checkpoints(config: Mapping[str, Any], length: Length) -> Iterable[int]:
    values = config.get("checkpoint_config")
    if not isinstance(values, Mapping):
        return ()
    by_epoch = values.get("by_epoch", length.by_epoch)
    interval = values.get("interval", -1)
    if by_epoch and not length.by_epoch:
        return ()
    each = (length.batches or 1) if by_epoch else 1
    end = length.iterations
    saved = (
        range(interval * each, end + 1, interval * each) if _is_interval(interval) else range(0)
    )
    last = [end] if values.get("save_last", True) and end not in saved else []
    return chain(saved, last)


def _is_interval(value: Any) -> bool:
    return is_step(value) and value > 0
