"""Faults and sound trainings for any version of mmengine, resumed or not.

``python -m diagnose.matrix FOLDER NAME...`` trains them below a folder under the mmengine that is
installed, and prints their logs as JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import mmengine
from diagnose import planted
from diagnose.planted import PLANTED, loop, steps
from support import tiny_training

STOCK = {"type": "EpochBasedTrainLoop"}
# Faults that bring the same log in every version, and whether or not the run resumed.
FAULTS = (
    "the report, by the Runner",
    "counts nothing",
    "epoch stands",
    "epoch after validation",
    "epoch twice",
    "iter twice",
    "global index",
    "endless sampler",
    "no after_train_iter",
    "never validates",
    "new optimizer",
    "leaves the epoch",
)
_WARM_UP = {"type": "LinearLR", "start_factor": 0.1, "by_epoch": False, "begin": 0, "end": 6}
SOUND: dict[str, dict[str, Any]] = {
    "epochs": loop("EpochBasedTrainLoop", 5),
    "warm-up and steps": {
        **loop("EpochBasedTrainLoop", 6),
        "param_scheduler": [_WARM_UP, steps(milestones=[3, 5], end=6)],
    },
    "cosine by iteration": {
        **loop("EpochBasedTrainLoop", 6),
        "param_scheduler": {
            "type": "CosineAnnealingLR", "T_max": 6, "by_epoch": True,
            "convert_to_iter_based": True,
        },
    },
    "validation every second epoch": loop("EpochBasedTrainLoop", 5, val_interval=2),
    "iterations": {
        "train_cfg": {"type": "IterBasedTrainLoop", "max_iters": 24, "val_interval": 8},
        "train_dataloader": tiny_training.dataloader("InfiniteSampler"),
        "log_processor": {"by_epoch": False},
        "default_hooks": {
            "logger": {"type": "LoggerHook", "interval": 1},
            "checkpoint": {"type": "CheckpointHook", "by_epoch": False, "interval": 8},
        },
        "param_scheduler": {"type": "PolyLR", "by_epoch": False, "begin": 4, "end": 24},
    },
}  # fmt: skip
NAMES = tuple(
    f"{name}, {how}" for name in (*FAULTS, *SOUND) for how in ("from the start", "resumed")
)


def expected(name: str) -> str | None:
    """The cause that is planted; ``None`` in a sound training."""
    fault = name.rpartition(", ")[0]
    return PLANTED[fault].cause if fault in PLANTED and fault not in SOUND else None


def run(name: str, folder: Path) -> list[Path]:
    """Train one; its logs in order.

    A fault is resumed from a checkpoint that mmengine's own loop wrote.
    """
    case, _, how = name.rpartition(", ")
    is_sound = case in SOUND
    overrides = dict(SOUND[case] if is_sound else PLANTED[case].overrides)
    runner = planted.Runner if is_sound else PLANTED[case].runner
    overrides.setdefault("pause", 0.0 if is_sound else planted.PAUSE)
    if not is_sound:
        # Long enough for what shows late, and after a resumption.
        cfg = overrides["train_cfg"]
        overrides["train_cfg"] = {**cfg, "max_epochs": max(cfg["max_epochs"], 8)}
        overrides["param_scheduler"] = [steps(milestones=[1, 2, 5])]
    logs = []
    if how == "resumed":
        first = dict(overrides)
        if not is_sound:
            first["train_cfg"] = {**overrides["train_cfg"], **STOCK}
            first["train_dataloader"] = tiny_training.dataloader()
        first |= {"pause": 0.0, "most_steps": 200}
        training = planted.train(folder / "first", **first)
        assert training.error is None, training.error
        logs.append(training.log_file)
        start = "iter_8.pth" if case == "iterations" else "epoch_2.pth"
        overrides |= {"load_from": str(folder / "first" / start), "resume": True}
    logs.append(planted.train(folder / "second", runner, **overrides).log_file)
    return logs


def main() -> None:
    folder, found = Path(sys.argv[1]), {}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for number, name in enumerate(sys.argv[2:] or NAMES):
            found[name] = [str(log) for log in run(name, folder / str(number))]
    print(json.dumps({"version": mmengine.__version__, "logs": found}))


if __name__ == "__main__":
    main()
