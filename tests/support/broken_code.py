"""The modules of ``check/broken``: what they declare, and how to train with them.

Every module is one variant, ``MMS2xx_what_is_broken.py``, found by the rule MMS2xx and by no
other. Beside the broken class it declares:

- ``SYMPTOM``: what one sees, in words that the page of the rule has under "Symptoms".
- ``OVERRIDES``: the arguments of the Runner that put the class to work.
- ``is_broken(seen)``: whether a ``Training`` shows the symptom.

It may declare:

- ``RUNNER``: the Runner to build; mmengine's own by default.
- ``train(folder, runner_class, **overrides)``: how to train, such as ``train_and_resume``.
- ``ALSO``: ids of other rules that find something, too.
- ``HEALTHY``: the arguments of the same training without the fault. By default those of
  ``OVERRIDES``, with mmengine's own loops.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

from mmengine.runner import Runner

from support import tiny_training
from support.tiny_training import Training

FOLDER = Path(__file__).parents[1] / "check" / "broken"
BROKEN = sorted(FOLDER.glob("*.py"))


def healthy_overrides(module: ModuleType) -> dict[str, Any]:
    """The arguments of the same training without the fault."""
    if hasattr(module, "HEALTHY"):
        return module.HEALTHY
    overrides = dict(module.OVERRIDES)
    for key, loop in (("val_cfg", "ValLoop"), ("test_cfg", "TestLoop")):
        if key in overrides:
            overrides[key] = {**overrides[key], "type": loop}
    if "train_cfg" in overrides:
        by_epoch = "max_epochs" in overrides["train_cfg"]
        loop = "EpochBasedTrainLoop" if by_epoch else "IterBasedTrainLoop"
        overrides["train_cfg"] = {**overrides["train_cfg"], "type": loop}
    return overrides


def train(module: ModuleType, folder: Path, *, healthy: bool) -> Training:
    """Train with a broken class, or without the fault."""
    run = getattr(module, "train", tiny_training.train)
    runner = Runner if healthy else getattr(module, "RUNNER", Runner)
    return run(folder, runner, **(healthy_overrides(module) if healthy else module.OVERRIDES))


def report(seen: Training) -> str:
    """What a training showed, for the message of a test that fails."""
    parts = {
        "error": repr(seen.error),
        "train": seen.labels("train"),
        "val": seen.labels("val"),
        "etas": seen.etas,
        "steps": len(seen.rates),
        "checkpoints": seen.checkpoints,
    }
    return "".join(f"\n  {key}: {value}" for key, value in parts.items())
