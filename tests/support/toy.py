"""The toy training of a generated project, made as short as a test of its counters needs."""

from __future__ import annotations

# 4 iterations in each epoch, 3 batches to validate on.
SMALL_DATA = ("--train", "16", "--val", "6")


def short_training(unit: str = "epochs") -> tuple[str, ...]:
    """The options of ``tools/train.py`` for 3 epochs of 4 iterations, each validated.

    Args:
        unit: ``epochs`` or ``iterations``, as the project counts.
    """
    length, each = ("max_epochs=3", 1) if unit == "epochs" else ("max_iters=12", 4)
    return (
        "--cfg-options",
        f"train_cfg.{length}",
        f"train_cfg.val_interval={each}",
        f"default_hooks.checkpoint.interval={each}",
        f"param_scheduler.1.end={3 * each}",
        f"param_scheduler.1.milestones=[{2 * each}]",
        "default_hooks.logger.interval=1",
        "train_dataloader.batch_size=4",
        "val_dataloader.batch_size=2",
    )
