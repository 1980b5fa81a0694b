"""Hooks that the train loop does not call."""

from __future__ import annotations

from mmscaffold.diagnose.causes.cause import Cause

CAUSES: tuple[Cause, ...] = (
    Cause(
        name="before-train-iter-is-not-called",
        text=(
            "The train loop does not call the hook before_train_iter, which records the learning "
            "rate and the time."
        ),
        hint="Call it before train_step, with batch_idx and data_batch.",
        shows={"no-lr-eta"},
        may_show={"lr-frozen"},
        rules=("MMS214", "MMS215"),
    ),
    Cause(
        name="after-train-iter-is-not-called",
        text=(
            "The train loop does not call the hook after_train_iter, which logs and steps the "
            "schedulers, or always passes the same batch_idx."
        ),
        hint="Call it after train_step, with batch_idx, data_batch and outputs.",
        shows={"no-train-lines"},
        may_show={"lr-frozen"},
        rules=("MMS214", "MMS215"),
    ),
)
