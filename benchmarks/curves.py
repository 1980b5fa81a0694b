"""The learning rate of every iteration of long trainings, beside mmengine's own schedulers.

    python benchmarks/curves.py

mmengine's are stepped as ``ParamSchedulerHook`` steps them, on an optimizer with one parameter.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from mmscaffold.schedule.curves import Setup, mmengine_curve
from support.stepped_schedulers import Stepped

BATCHES = 7330  # of COCO, with 16 images each
WARM_UP = {"type": "LinearLR", "start_factor": 0.001, "by_epoch": False, "begin": 0, "end": 500}
SCHEDULES: dict[str, list[dict[str, Any]]] = {
    "100 epochs of COCO, warm-up and steps": [
        WARM_UP,
        {"type": "MultiStepLR", "milestones": [67, 92], "end": 100},
    ],
    "the same with a cosine by epoch": [
        WARM_UP,
        {"type": "CosineAnnealingLR", "eta_min": 1e-4, "T_max": 100, "end": 100},
        {"type": "ConstantLR", "factor": 1, "begin": 90, "end": 100},
    ],
    "the same with a cosine by iteration": [
        {**WARM_UP, "end": 1000},
        {
            "type": "CosineAnnealingLR", "eta_min": 1e-4, "begin": 50, "end": 100, "T_max": 50,
            "convert_to_iter_based": True,
        },
    ],
}  # fmt: skip


def config(schedulers: list[dict[str, Any]]) -> dict[str, Any]:
    """A config of 100 epochs."""
    return {
        "train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": 100},
        "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.02, "momentum": 0.9}},
        "param_scheduler": schedulers,
    }


def seconds(task: Callable[[], Any], times: int) -> float:
    """What the fastest of several runs takes."""
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        task()
        found.append(time.perf_counter() - begin)
    return min(found)


def main() -> None:
    """Print a table."""
    print(f"{'schedule':<40} {'mmscaffold':>11} {'mmengine':>10} {'ratio':>7}")
    for name, schedulers in SCHEDULES.items():
        built, setup = config(schedulers), Setup(iterations_per_epoch=BATCHES)
        ours = seconds(lambda: mmengine_curve(built, setup=setup).values(), 5)  # noqa: B023
        theirs = seconds(lambda: Stepped(built, BATCHES).run(("lr",)), 1)  # noqa: B023
        print(f"{name:<40} {ours * 1e3:>8.1f} ms {theirs:>8.2f} s {theirs / ours:>6.0f}x")


if __name__ == "__main__":
    main()
