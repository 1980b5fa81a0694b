"""Curves are what mmengine's own schedulers make of a config, step for step."""

from __future__ import annotations

import math
import os
from random import Random
from typing import Any

import pytest
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.schedule.curves import Curve, Setup, mmengine_curve
from mmscaffold.schedule.curves.setup import timeline
from support.random_schedules import ScheduleWriter
from support.stepped_schedulers import RefusedError, Stepped

# Left out as a whole where mmdet is not installed: `make test-light`.
pytestmark = pytest.mark.mmdet


@pytest.fixture(scope="module", autouse=True)
def _schedulers_of_mmdet() -> None:
    """Register them."""
    pytest.importorskip("mmdet.engine.schedulers")


WHOLE = os.environ.get("MMSCAFFOLD_WHOLE") == "1"
SCHEDULES = 2000 if WHOLE else 400
PARAMETERS = ("lr", "momentum", "weight_decay")
FACTORS = (0.1, 2.0)


def first_difference(curve: Curve, expected: Any) -> str | None:
    found = curve.values(0, len(expected))
    for iteration, (ours, theirs) in enumerate(zip(found, expected, strict=False)):
        if not math.isclose(ours, theirs, rel_tol=1e-12):
            return f"iteration {iteration}: {ours} is not {theirs}"
    if len(found) != len(expected):
        return f"{len(found)} iterations of {len(expected)}: {curve.break_}"
    return None


def metrics_of(config: dict[str, Any], setup: Setup, seed: int) -> dict[int, dict[str, float]]:
    random = Random(seed)
    points = timeline(config, setup).validations()
    return {point: {"score": random.choice((0.1, 0.2, 0.3, 2.0))} for point in points}


def compare(config: dict[str, Any], batches: int, seed: int) -> str:
    """What came of a schedule: ``values``, ``refused``, or ``fails``."""
    setup = Setup(iterations_per_epoch=batches)
    metrics = metrics_of(config, setup, seed)
    setup = Setup(iterations_per_epoch=batches, metrics=list(metrics.values()))
    try:
        stepped = Stepped(config, batches, FACTORS)
    except RefusedError:
        where = mmengine_curve(config, setup=setup).break_
        return "refused" if where and where.iteration == 0 and where.is_refusal else "missed"
    expected, error = stepped.run(PARAMETERS, metrics=metrics)
    rate = config["optim_wrapper"]["optimizer"]["lr"]
    broken = []
    for (name, index), values in expected.items():
        initial = rate * FACTORS[index - 1] if index and name == "lr" else None
        curve = mmengine_curve(config, name, setup=setup, initial=initial)
        difference = first_difference(curve, values)
        assert difference is None, (name, index, difference)
        broken.append(curve.break_)
    if error is None or len(values) == stepped.length:
        # What fails after the last iteration changes none.
        assert broken == [None] * len(broken)
        return "values"
    breaks = [one for one in broken if one is not None]
    assert breaks, error
    assert min(one.iteration for one in breaks) == len(values), (error, breaks)
    assert all(one.is_refusal for one in breaks)
    return "fails"


@pytest.mark.parametrize("shard", range(4))
def test_generated_schedules_are_equal(shard):
    outcomes = []
    for seed in range(shard, SCHEDULES, 4):
        writer = ScheduleWriter(seed)
        config = writer.config()
        try:
            outcomes.append(compare(config, writer.batches, seed))
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {writer.batches} a epoch: {config}") from error
    # The generator writes all kinds.
    assert outcomes.count("values") > len(outcomes) / 2
    assert {"values", "refused", "fails"} == set(outcomes)


def test_every_mmdet_config_is_equal(mmdet_configs):
    seen: dict[str, Any] = {}
    resolver = Resolver()
    paths = sorted(mmdet_configs.rglob("*.py"))
    for path in paths if WHOLE else Random(7).sample(paths, 250):
        try:
            config = resolver.resolve(path).to_dict()
        except ConfigError:
            continue
        parts = [config.get(key) for key in ("param_scheduler", "train_cfg", "optim_wrapper")]
        if all(isinstance(part, dict | list) for part in parts):
            seen.setdefault(repr(parts), (path, config))
    assert len(seen) > (150 if WHOLE else 60)
    for path, config in seen.values():
        if "Unknown" in type(config["optim_wrapper"].get("optimizer")).__name__:
            continue
        stepped = Stepped(config, 7, FACTORS)
        expected, error = stepped.run(("lr",), most=None if WHOLE else 12_000)
        assert error is None, path
        for (name, index), values in expected.items():
            rate = config["optim_wrapper"]["optimizer"]["lr"]
            initial = rate * FACTORS[index - 1] if index else None
            curve = mmengine_curve(
                config, name, setup=Setup(iterations_per_epoch=7), initial=initial
            )
            assert first_difference(curve, values) is None, (path, index)
