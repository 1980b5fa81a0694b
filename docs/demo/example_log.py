"""The log of a training that never ran: a run of 12 epochs, and one that resumes it for 12 more.

The resumed run has its milestones at 16 and 22, and keeps those of its checkpoint.
"""

from __future__ import annotations

import datetime
import math
import random
from pathlib import Path
from typing import Any

from mmscaffold.schedule.curves import Setup, mmengine_curve

SIZE = 400  # batches of an epoch
EVERY = 40
SECONDS = 0.21  # per batch


def example_config(epochs: int, milestones: list[int]) -> dict[str, Any]:
    """What the log says that it trains.

    Args:
        epochs: How many.
        milestones: Where the learning rate falls, in epochs.
    """
    return {
        "train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": epochs, "val_interval": 1},
        "val_cfg": {"type": "ValLoop"},
        "val_dataloader": {"batch_size": 1},
        "train_dataloader": {"batch_size": 8, "sampler": {"type": "DefaultSampler"}},
        "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.01}},
        "default_hooks": {"logger": {"type": "LoggerHook", "interval": EVERY}},
        "param_scheduler": [
            {"type": "LinearLR", "start_factor": 0.1, "by_epoch": False, "begin": 0, "end": SIZE},
            {"type": "MultiStepLR", "by_epoch": True, "milestones": milestones, "end": epochs},
        ],
    }


def write_example_logs(folder: Path) -> list[Path]:
    """Write both logs, and say where they are.

    Args:
        folder: Where to.
    """
    first, longer = example_config(12, [8, 11]), example_config(24, [16, 22])
    texts = {
        "20250101_090000.log": _log(first, first, range(1, 13), resumed=0),
        "20250102_090000.log": _log(longer, first, range(13, 25), resumed=12),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def _log(written: dict[str, Any], kept: dict[str, Any], epochs: range, *, resumed: int) -> str:
    curve = mmengine_curve(kept, setup=Setup(iterations_per_epoch=SIZE))
    last = curve.at(12 * SIZE - 1)
    chance = random.Random(resumed)
    total = written["train_cfg"]["max_epochs"] * SIZE
    stamp = f"2025/01/0{2 if resumed else 1} 09:00:00 - mmengine - INFO - "
    lines = ["System environment:", f"{stamp}Config:"]
    lines += [f"{key} = {value!r}" for key, value in written.items()]
    lines.append("")
    if resumed:
        lines.append(f"{stamp}Load checkpoint from work_dirs/signs/epoch_{resumed}.pth")
        lines.append(f"{stamp}resumed epoch: {resumed}, iter: {resumed * SIZE}")
    for epoch in epochs:
        for batch in range(EVERY, SIZE + 1, EVERY):
            done = (epoch - 1) * SIZE + batch
            rate = curve.at(done - 1) if done <= 12 * SIZE else last
            eta = datetime.timedelta(seconds=int((total - done) * SECONDS))
            fallen = 0.35 + 1.2 * math.exp(-done / 1500) - (0.08 if epoch > 8 else 0)
            loss = fallen + chance.uniform(-0.03, 0.03)
            lines.append(
                f"{stamp}Epoch(train) [{epoch:2d}][{batch:3d}/{SIZE}]  lr: {rate:.4e}  eta: {eta}"
                f"  time: {SECONDS:.4f}  data_time: 0.0100  loss: {loss:.4f}"
            )
        metric = 0.42 * (1 - math.exp(-epoch / 5)) + chance.uniform(-0.004, 0.004)
        lines.append(f"{stamp}Saving checkpoint at {epoch} epochs")
        lines.append(
            f"{stamp}Epoch(val) [{epoch}][120/120]    coco/bbox_mAP: {metric:.4f}  time: 0.0500"
        )
    return "\n".join(lines) + "\n"
