"""``ReduceOnPlateau``: what it does depends on what the validations find.

Source: ``ReduceOnPlateauParamScheduler`` (mmengine/optim/scheduler/param_scheduler.py, 0.10.7).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmscaffold.schedule.curves.curve import Break
from mmscaffold.schedule.curves.initial_values import NotKnownError
from mmscaffold.schedule.curves.reading import INF, Entry


class Plateau:
    """Lowers a value when a metric has not improved for a while.

    Args:
        entry: The scheduler, checked.
    """

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self._values = entry.values
        self._best: float = INF if self._values["rule"] == "less" else -INF
        self._bad = 0
        self._cooldown = 0
        self._unseen = 0

    def look(
        self, value: float, epochs: int, metrics: Mapping[str, Any] | None, iteration: int
    ) -> float:
        """The value after a validation.

        Args:
            value: What it was.
            epochs: Epochs that were finished before.
            metrics: What the validation found; ``None`` if that is not known.
            iteration: The one that comes next.

        Raises:
            NotKnownError: Where the value depends on a metric that is not known, or mmengine fails
                for want of it.
        """
        if not self.entry.begin <= epochs < self.entry.end:
            return value
        monitor, patience = self._values["monitor"], self._values["patience"]
        if metrics is None or self._unseen:
            # It can only lower the value after so many validations without progress.
            self._unseen += 1
            if self._bad + self._unseen > patience:
                reason = f"depends on the metric {monitor!r} of the validations"
                raise NotKnownError(Break(iteration, reason, self.entry.path))
            return value
        if monitor not in metrics:
            raise NotKnownError(
                Break(
                    iteration,
                    f"the validation does not find {monitor!r}",
                    (*self.entry.path, "monitor"),
                    is_refusal=True,
                )
            )
        return self._judge(value, metrics[monitor])

    def _judge(self, value: float, metric: float) -> float:
        if self._is_better(metric):
            self._best, self._bad = metric, 0
        else:
            self._bad += 1
        if self._cooldown > 0:
            self._cooldown -= 1
            self._bad = 0
        if self._bad > self._values["patience"]:
            lower = max(float(value) * self._values["factor"], self._lowest)
            if value - lower > self._values["eps"]:
                value = lower
            self._cooldown, self._bad = self._values["cooldown"], 0
        return value

    @property
    def _lowest(self) -> float:
        lowest = self._values["min_value"]
        first: float = lowest[0] if isinstance(lowest, list | tuple) else lowest
        return first

    def _is_better(self, metric: float) -> bool:
        threshold: float = self._values["threshold"]
        best = self._best
        if self._values["threshold_rule"] == "rel":
            if self._values["rule"] == "less":
                return metric < best * (1.0 - threshold)
            return metric > best * (threshold + 1.0)
        if self._values["rule"] == "less":
            return metric < best - threshold
        return metric > best + threshold
