"""Hooks that the train loop does not call."""

from __future__ import annotations

from mmscaffold.diagnose.causes.cause import Cause
from mmscaffold.diagnose.readings.refutations import hook_after_train_iter
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence


def _no_hook_after_train_iter(story: Story) -> Evidence | None:
    if hook_after_train_iter(story) is not None:
        return None
    return Evidence("no `Exp name`, which LoggerHook writes however long its interval is")


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
        refuted_by=hook_after_train_iter,
    ),
    Cause(
        name="log-interval-too-long",
        text=(
            "The interval of LoggerHook is longer than an epoch, or than the training; mmengine "
            "before 0.6 then writes no line of training at all."
        ),
        hint="Lower default_hooks.logger.interval (10, or the number of batches of an epoch).",
        shows={"no-train-lines"},
        may_show={"lr-frozen"},
        refuted_by=_no_hook_after_train_iter,
    ),
)
