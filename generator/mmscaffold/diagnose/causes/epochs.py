"""Faults of one counter: all but one of ``_epoch``."""

from __future__ import annotations

from mmscaffold.diagnose.causes.cause import Cause, Clue
from mmscaffold.diagnose.readings.passes import Step, wrong_steps
from mmscaffold.diagnose.readings.refutations import validation_within_epoch
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence


def _counts_iterations(story: Story) -> Clue | None:
    """The epochs of an iteration loop are in no line, and nothing is known of them."""
    train = story.run.train
    if story.by_epoch or not train.line:
        return None
    return Clue(1.0, Evidence("the loop counts iterations", train.line[0]))


def _changes_within_an_epoch(story: Story) -> Clue | None:
    """Nothing else brings that; what an epoch too far brings, other faults bring as well."""
    found = wrong_steps(story, Step.WITHIN_A_PASS)
    return Clue(4.0, found[0]) if found else None


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
            "eta-turns-negative",
            "ends-early",
            "resume-skips",
        },
        rules=("MMS204", "MMS202", "MMS219", "MMS236"),
    ),
    Cause(
        name="iter-never-advances",
        text="The train loop never advances _iter; its _epoch is right.",
        hint=(
            "Derive from EpochBasedTrainLoop or IterBasedTrainLoop and leave the counters to it, "
            "or add `self._iter += 1` after the hook after_train_iter."
        ),
        shows={"eta-grows", "iter-frozen"},
        may_show={"resume-uneven", "eta-never-zero", "lr-frozen", "resume-skips"},
        rules=("MMS204", "MMS202", "MMS236"),
        clue=_counts_iterations,
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
        may_show={
            "resume-uneven",
            "epoch-skips",
            "val-ahead",
            "checkpoint-ahead",
            "eta-frozen",
            "eta-never-zero",
            "ends-early",
        },
        rules=("MMS205", "MMS237"),
        clue=_changes_within_an_epoch,
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
