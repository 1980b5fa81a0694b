"""Random schedules: what researchers write, and what nobody should."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

_OPTIMIZERS = (
    {"type": "SGD", "lr": 0.02, "momentum": 0.9, "weight_decay": 1e-4},
    {"type": "SGD", "lr": 0.1},
    {"type": "AdamW", "lr": 1e-4},
    {"type": "Adam", "lr": 0.003, "betas": (0.8, 0.99), "weight_decay": 0.05},
    {"type": "RMSprop", "lr": 0.01, "momentum": 0.5},
)


class ScheduleWriter:
    """Writes the parts of a config that a schedule depends on.

    Args:
        seed: The same one writes the same.
    """

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.batches = self.random.choice((1, 2, 3, 7, 10, 13))
        self.by_epoch = self.random.random() < 0.75
        self.epochs = self.random.randint(1, 12)
        self.iterations = self.epochs * self.batches if self.by_epoch else self.epochs * 7

        self._families: dict[str, Callable[[int], dict[str, Any]]] = {
            "Constant": self._constant,
            "CosineAnnealing": self._cosine_annealing,
            "CosineRestart": self._cosine_restart,
            "Exponential": self._exponential,
            "Linear": self._linear,
            "MultiStep": self._multi_step,
            "OneCycle": self._one_cycle,
            "Poly": self._poly,
            "QuadraticWarmup": self._quadratic_warmup,
            "ReduceOnPlateau": self._reduce_on_plateau,
            "Step": self._step,
        }

    def config(self) -> dict[str, Any]:
        """A config with one optimizer."""
        loop: dict[str, Any] = {"type": "EpochBasedTrainLoop", "max_epochs": self.epochs}
        if not self.by_epoch:
            loop = {"type": "IterBasedTrainLoop", "max_iters": self.iterations}
        loop["val_interval"] = self.random.choice((1, 1, 2, 5))
        schedulers: Any = [self.scheduler() for _ in range(self.random.choice((0, 1, 1, 2, 2, 3)))]
        if len(schedulers) == 1 and self._chance(0.5):
            schedulers = schedulers[0]
        return {
            "default_scope": "mmdet",
            "train_cfg": loop,
            "val_cfg": {"type": "ValLoop"},
            "optim_wrapper": {"optimizer": dict(self.random.choice(_OPTIMIZERS))},
            "param_scheduler": schedulers or None,
        }

    def scheduler(self) -> dict[str, Any]:
        """One entry of ``param_scheduler``."""
        family = self.random.choice(tuple(self._families))
        by_epoch = self._chance(0.5)
        converts = by_epoch and self._chance(0.4)
        span = self.epochs if by_epoch else self.iterations
        begin = self.random.choice((0, 0, 0, self.random.randint(0, span), -1))
        end = begin + self.random.randint(1, span + 2)
        if converts and self._chance(0.3):
            begin, end = begin + 0.25, end + self.random.choice((0.5, 0.25))
        values: dict[str, Any] = {"begin": begin, "end": end, "by_epoch": by_epoch}
        if converts:
            values["convert_to_iter_based"] = True
        for key, default in (("begin", 0), ("end", None), ("by_epoch", True)):
            if values[key] == default or (key == "end" and self._chance(0.3)):
                values.pop(key, None)
        if self._chance(0.03):
            values["end"] = begin
        if self._chance(0.02):
            values["interval"] = 1
        values |= self._families[family](max(span, 1))
        ending = self.random.choice(("LR", "LR", "LR", "LR", "Momentum", "ParamScheduler"))
        if family == "OneCycle" and ending == "Momentum":
            ending = "LR"
        if ending == "ParamScheduler":
            values["param_name"] = self.random.choice(("lr", "lr", "weight_decay"))
        return {"type": f"{family}{ending}", **values}

    def _constant(self, span: int) -> dict[str, Any]:
        return {"factor": self.random.choice((0.1, 0.5, 1, 1.0, 0, 1.5))}

    def _cosine_annealing(self, span: int) -> dict[str, Any]:
        values: dict[str, Any] = self._lowest(0.6)
        if self._chance(0.6):
            values["T_max"] = self.random.randint(1, span + 2)
        return values

    def _cosine_restart(self, span: int) -> dict[str, Any]:
        number = self.random.randint(1, 3)
        periods = [self.random.randint(1, span) for _ in range(number)]
        weights = [self.random.choice((1, 0.5, 0.25)) for _ in range(number)]
        return {"periods": periods, "restart_weights": weights, **self._lowest(0.95)}

    def _exponential(self, span: int) -> dict[str, Any]:
        return {"gamma": self.random.choice((0.9, 0.99, 1, 1.1))}

    def _linear(self, span: int) -> dict[str, Any]:
        return {
            "start_factor": self.random.choice((0.001, 0.1, 1 / 3, 1, 0.5, 0)),
            "end_factor": self.random.choice((1.0, 1, 0.1, 0.5, 0)),
        }

    def _multi_step(self, span: int) -> dict[str, Any]:
        moments = [self.random.randint(0, span) for _ in range(self.random.randint(0, 3))]
        if self._chance(0.2):
            moments = [moment + 0.5 for moment in moments]
        return {"milestones": moments, "gamma": self.random.choice((0.1, 0.3, 0.5))}

    def _one_cycle(self, span: int) -> dict[str, Any]:
        values: dict[str, Any] = {
            "eta_max": self.random.choice((0.1, 0.5)),
            "pct_start": self.random.choice((0.3, 0.1, 0.5, 0.0, 1)),
            "anneal_strategy": self.random.choice(("cos", "linear")),
            "three_phase": self._chance(0.3),
        }
        if self._chance(0.4):
            values["total_steps"] = self.random.randint(1, 2 * span)
        return values

    def _poly(self, span: int) -> dict[str, Any]:
        return {
            "power": self.random.choice((1, 0.9, 2)),
            "eta_min": self.random.choice((0, 1e-4, 1e-6)),
        }

    def _quadratic_warmup(self, span: int) -> dict[str, Any]:
        return {}

    def _reduce_on_plateau(self, span: int) -> dict[str, Any]:
        return {
            "monitor": "score",
            "rule": self.random.choice(("less", "greater")),
            "factor": self.random.choice((0.1, 0.5)),
            "patience": self.random.choice((0, 1, 2)),
            "cooldown": self.random.choice((0, 0, 2)),
            "threshold_rule": self.random.choice(("rel", "abs")),
            "min_value": self.random.choice((0, 1e-3)),
        }

    def _step(self, span: int) -> dict[str, Any]:
        return {"step_size": self.random.randint(1, span), "gamma": 0.5}

    def _lowest(self, likely: float) -> dict[str, Any]:
        if not self._chance(likely):
            return {}
        key = self.random.choice(("eta_min", "eta_min_ratio"))
        values = {key: self.random.choice((0, 1e-5, 0.05))}
        if self._chance(0.03):
            values = {"eta_min": 0.1, "eta_min_ratio": 0.1}
        return values

    def _chance(self, likely: float) -> bool:
        return self.random.random() < likely
