"""Faults of one counter: all but one of ``_epoch``."""

from __future__ import annotations

from mmscaffold.diagnose.causes.cause import Cause
from mmscaffold.diagnose.readings.refutations import validation_within_epoch

CAUSES: tuple[Cause, ...] = (
    Cause(
        name="epoch-never-advances",
        text=("The train loop never advances _epoch, or something resets it; its _iter is right."),
        hint=(
            "Derive from EpochBasedTrainLoop and leave the counters to it, or add `self._epoch += "
            "1` after the hook after_train_epoch."
        ),
        shows={"epoch-repeats", "val-behind"},
        may_show={
            "resume-uneven",
            "val-never",
            "lr-frozen",
            "never-ends",
            "ends-early",
            "resume-skips",
        },
        rules=("MMS204", "MMS202", "MMS219", "MMS236"),
    ),
    Cause(
        name="iter-never-advances",
        text="The train loop never advances _iter; its _epoch is right.",
        hint=(
            "Derive from EpochBasedTrainLoop and leave the counters to it, or add `self._iter += "
            "1` after the hook after_train_iter."
        ),
        shows={"eta-grows", "iter-frozen"},
        may_show={"resume-uneven", "eta-never-zero", "lr-frozen", "resume-skips"},
        rules=("MMS204", "MMS202", "MMS236"),
    ),
    Cause(
        name="epoch-advances-after-validation",
        text=(
            "The train loop advances _epoch only after the validation, or runs `for self._epoch "
            "in range(...)`."
        ),
        hint="Advance `_epoch` after the hook after_train_epoch and before the validation.",
        shows={"val-behind"},
        may_show={"resume-restarts"},
        rules=("MMS207", "MMS204"),
        refuted_by=validation_within_epoch,
    ),
    Cause(
        name="epoch-advances-before-training",
        text="The train loop advances _epoch at the beginning of the epoch.",
        hint="Advance `_epoch` after the hook after_train_epoch.",
        shows={"epoch-starts-late", "val-behind"},
        may_show={"resume-uneven", "checkpoint-ahead", "resume-skips"},
        rules=("MMS206",),
    ),
    Cause(
        name="epoch-starts-at-1",
        text="The train loop begins with _epoch = 1.",
        hint="Begin with `self._epoch = 0`; the log adds the 1.",
        shows={"epoch-starts-late"},
        may_show={"resume-uneven", "ends-early", "resume-skips"},
        rules=("MMS210",),
    ),
    Cause(
        name="epoch-advances-before-its-hook",
        text="The train loop advances _epoch before the hook after_train_epoch.",
        hint="Call the hook first, then advance `_epoch`.",
        shows={"checkpoint-ahead"},
        may_show={"resume-uneven", "resume-skips"},
        rules=("MMS206",),
    ),
    Cause(
        name="epoch-advances-twice",
        text="_epoch is advanced twice per epoch, so that only half of the epochs are trained.",
        hint="Advance it once: run_epoch() of mmengine's loop already does.",
        shows={"epoch-skips", "val-ahead"},
        may_show={"resume-uneven", "eta-never-zero", "ends-early", "resume-skips"},
        rules=("MMS205", "MMS237", "MMS236"),
    ),
    Cause(
        name="epoch-advances-with-each-batch",
        text="_epoch is advanced with each batch.",
        hint="Advance it once per epoch, after the hook after_train_epoch.",
        shows={"epoch-too-fast"},
        may_show={"resume-uneven", "epoch-skips", "val-ahead", "checkpoint-ahead", "ends-early"},
        rules=("MMS205", "MMS237"),
    ),
    Cause(
        name="epoch-is-several-passes",
        text="An epoch is more than one pass over the dataloader, while _max_iters counts one.",
        hint="Make the dataset longer (RepeatDataset), or train more epochs.",
        shows={"epoch-shared", "eta-turns-negative"},
        may_show={"resume-uneven", "never-ends"},
        rules=("MMS209",),
    ),
)
