"""Curves of 2.x are what mmcv 1.7.2's own hooks set, iteration for iteration."""

from __future__ import annotations

import math
import os
from random import Random
from typing import Any

import pytest
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.schedule.curves import Setup, mmcv_curve
from support import corpora
from support.mmcv_hooks import run_hooks

WHOLE = os.environ.get("MMSCAFFOLD_WHOLE") == "1"
SCHEDULES = 4000 if WHOLE else 1000


@pytest.fixture(scope="module", autouse=True)
def _hooks() -> None:
    if corpora.offline():
        pytest.skip("MMSCAFFOLD_OFFLINE=1: the official configs are not downloaded")


class PolicyWriter:
    """Writes random schedules of 2.x."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.batches = self.random.choice((1, 2, 5, 9))

    def config(self) -> dict[str, Any]:
        by_epoch = self.random.random() < 0.7
        runner = {"type": "EpochBasedRunner", "max_epochs": self.random.randint(1, 14)}
        if not by_epoch:
            runner = {"type": "IterBasedRunner", "max_iters": self.random.randint(1, 90)}
        self.length = runner.get("max_epochs", 0) * self.batches or runner["max_iters"]
        optimizer: dict[str, Any] = {"type": "SGD", "lr": 0.02, "momentum": 0.9}
        if self.random.random() < 0.3:
            optimizer = {"type": "AdamW", "lr": 1e-4, "betas": (0.9, 0.99)}
        config = {"runner": runner, "optimizer": optimizer, "lr_config": self.policy("lr")}
        if self.random.random() < 0.4:
            config["momentum_config"] = self.policy("momentum")
        return config

    def policy(self, kind: str) -> dict[str, Any]:
        draw = self.random.choice
        names = ["step", "step", "CosineAnnealing", "LinearAnnealing", "cyclic", "OneCycle"]
        if kind == "lr":
            names += ["fixed", "exp", "poly", "inv", "FlatCosineAnnealing", "CosineRestart"]
            names += ["YOLOX", "CosineAnnealing"]
        name = draw(names)
        values: dict[str, Any] = {"policy": name}
        lowest = draw(({"": 1e-5}, {"_ratio": 0.05}, {"": 0.0}))
        ends = {f"min_{kind}{key}": value for key, value in lowest.items()}
        if name == "step":
            values["step"] = draw((1, 3, [2], [3, 5], [5, 3], [8, 11, 20]))
            values |= draw(({}, {"gamma": 0.5}, {f"min_{kind}": 0.001}))
        elif name in ("exp", "inv"):
            values["gamma"] = draw((0.9, 0.99))
        elif name == "poly":
            values |= {"power": draw((0.9, 2)), "min_lr": draw((0, 1e-4))}
        elif name == "CosineRestart":
            periods = [self.random.randint(1, self.length) for _ in range(2)]
            values |= {"periods": periods, "restart_weights": [1, 0.5], **ends}
        elif name == "cyclic":
            ratio = draw(((10, 1e-4), (0.85 / 0.95, 1), 5.0, (3.0,), [1, 2]))
            values |= {"target_ratio": ratio, "cyclic_times": draw((1, 2))}
            values |= {"step_ratio_up": draw((0.4, 0.1, 0.0)), "gamma": draw((1, 0.9))}
        elif name == "OneCycle":
            values |= {"pct_start": draw((0.3, 0.5, 1)), "three_phase": draw((True, False))}
            values |= {"max_lr": 0.1} if kind == "lr" else {}
        else:
            values |= {} if name == "fixed" else ends
            values |= {"num_last_epochs": draw((0, 1))} if name == "YOLOX" else {}
        if self.random.random() < 0.05:
            values["interval"] = 1
        if name not in ("cyclic", "OneCycle"):
            values |= draw(({}, {}, {"by_epoch": True}, {"by_epoch": False}))
        if self.random.random() < 0.6:
            values["warmup"] = draw(("constant", "linear", "exp"))
            values["warmup_iters"] = draw((1, 3, 6, 20, 0))
            values["warmup_ratio"] = draw((0.1, 0.001, 1, 1.0))
            if kind == "lr" and self.random.random() < 0.3:
                values["warmup_by_epoch"] = True
        return values


def difference(config: dict[str, Any], batches: int, parameter: str) -> str | None:
    expected, error = run_hooks(config, batches, parameter)
    curve = mmcv_curve(config, parameter, setup=Setup(iterations_per_epoch=batches))
    found = curve.values()
    if error is not None:
        # It may lie in the other of the two policies.
        setup = Setup(iterations_per_epoch=batches)
        breaks = [mmcv_curve(config, name, setup=setup).break_ for name in ("lr", "momentum")]
        first = min((one.iteration for one in breaks if one is not None), default=None)
        if first != len(expected) or not all(one is None or one.is_refusal for one in breaks):
            return f"not refused at {len(expected)}: {error!r}, {breaks}"
    elif len(found) != len(expected):
        return f"{len(found)} of {len(expected)}: {curve.break_}"
    for iteration, (ours, theirs) in enumerate(zip(found, expected, strict=False)):
        if not math.isclose(ours, theirs, rel_tol=1e-12):
            return f"iteration {iteration}: {ours} is not {theirs}"
    return None


def test_generated_policies_are_equal():
    for seed in range(SCHEDULES):
        writer = PolicyWriter(seed)
        config = writer.config()
        for parameter in ("lr", "momentum"):
            found = difference(config, writer.batches, parameter)
            assert found is None, (seed, parameter, found, writer.batches, config)


def test_every_mmdet2_config_is_equal(mmdet2_configs):
    resolver, seen = Resolver(), {}
    paths = sorted(mmdet2_configs.rglob("*.py"))
    for path in paths if WHOLE else Random(7).sample(paths, 120):
        try:
            config = resolver.resolve(path).to_dict()
        except ConfigError:
            continue
        parts = {
            key: config[key]
            for key in ("runner", "optimizer", "lr_config", "momentum_config")
            if config.get(key) is not None
        }
        if {"runner", "optimizer", "lr_config"} <= parts.keys():
            seen.setdefault(repr(parts), (path, parts))
    assert len(seen) > (60 if WHOLE else 20)
    for path, config in seen.values():
        assert difference(config, 7, "lr") is None, path
