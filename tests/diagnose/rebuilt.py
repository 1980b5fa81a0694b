"""Logs of trainings that were not run: what mmengine would have written."""

from __future__ import annotations

from typing import Any

from mmscaffold.schedule.curves import Setup, mmengine_curve

STAMP = "2025/01/01 00:00:00 - mmengine - INFO - "
STEPS = {"type": "MultiStepLR", "milestones": [3, 5], "by_epoch": True, "begin": 0, "end": 6}


def config(**more: Any) -> dict[str, Any]:
    return {
        "train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": 6, "val_interval": 1},
        "val_cfg": {"type": "ValLoop"},
        "val_dataloader": {"batch_size": 1},
        "train_dataloader": {"batch_size": 2, "sampler": {"type": "DefaultSampler"}},
        "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.1}},
        "param_scheduler": [STEPS],
        **more,
    }


def log(
    written: dict[str, Any],
    *,
    follows: dict[str, Any] | None = None,
    size: int = 8,
    epochs: range = range(1, 7),
    resumed: tuple[str, int, int] | None = None,
    rate_at: int | None = None,
) -> str:
    """The log of a run, as mmengine writes it.

    Args:
        written: The config that it holds.
        follows: The config whose schedule it follows.
        size: Batches of an epoch.
        epochs: Those that were trained.
        resumed: Name of the checkpoint, and the epoch and iteration in it.
        rate_at: The iteration of the first learning rate, where it is not that of its place.
    """
    curve = mmengine_curve(follows or written, setup=Setup(iterations_per_epoch=size))
    lines = ["System environment:\n", f"{STAMP}Config:\n"]
    lines += [f"{key} = {value!r}\n" for key, value in written.items()] + ["\n"]
    if resumed is not None:
        name, epoch, iteration = resumed
        lines.append(f"{STAMP}Load checkpoint from /w/{name}\n")
        lines.append(f"{STAMP}resumed epoch: {epoch}, iter: {iteration}\n")
    shift = 0 if rate_at is None else rate_at - (epochs[0] - 1) * size
    total = written["train_cfg"]["max_epochs"] * size
    for epoch in epochs:
        for batch in range(2, size + 1, 2):
            done = (epoch - 1) * size + batch
            rate = curve.at(min(done - 1 + shift, total - 1))
            lines.append(
                f"{STAMP}Epoch(train) [{epoch}][{batch}/{size}]  lr: {rate:.4e}  "
                f"eta: 0:00:{total - done:02d}  time: 1.0000  data_time: 0.0010  loss: 0.5\n"
            )
        lines.append(f"{STAMP}Saving checkpoint at {epoch} epochs\n")
        lines.append(f"{STAMP}Epoch(val) [{epoch}][4/4]    mAP: 0.{epoch}  time: 0.1\n")
    return "".join(lines)
