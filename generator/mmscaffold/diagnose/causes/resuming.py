"""What goes wrong when a run resumes."""

from __future__ import annotations

from mmscaffold.diagnose.causes.cause import Cause, Clue
from mmscaffold.diagnose.readings.kept_schedule import unheeded_changes
from mmscaffold.diagnose.readings.resuming import UnevenResumption, uneven_resumption
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence

_AFTER_UNEVEN = frozenset(
    {"eta-turns-negative", "eta-never-zero", "eta-negative", "lr-stops", "lr-frozen"}
)


def _not_within_an_epoch(story: Story) -> Evidence | None:
    uneven = uneven_resumption(story)
    if uneven is None or not uneven.is_within_epoch:
        return Evidence("the checkpoint is not named after an iteration")
    return None


def _within_an_epoch(story: Story) -> Clue | None:
    uneven = uneven_resumption(story)
    if uneven is None:
        return None
    text = f"iteration {uneven.iterations} is within an epoch of {uneven.batches} batches"
    return Clue(4.0, Evidence(text))


def _batches_are_the_same(story: Story) -> Evidence | None:
    uneven = uneven_resumption(story)
    if uneven is None or uneven.is_within_epoch or uneven.batches_before == uneven.batches:
        return Evidence("the run before had as many batches in an epoch")
    return None


def _batches_changed(story: Story) -> Clue | None:
    uneven = uneven_resumption(story)
    if uneven is None:
        return None
    before = _batches_before(uneven, story)
    if before is None:
        return None
    text = f"{before} batches in an epoch before, {uneven.batches} now"
    return Clue(4.0 if uneven.batches_before is not None else 2.0, Evidence(text))


def _batches_before(uneven: UnevenResumption, story: Story) -> int | None:
    if uneven.batches_before is not None:
        return uneven.batches_before
    resumed = story.run.resumed
    if resumed is None or resumed.epoch == 0 or resumed.iter % resumed.epoch:
        return None
    return resumed.iter // resumed.epoch


def _run_before_tells(story: Story) -> Clue | None:
    """Both configs are at hand."""
    before = story.before
    if before is None or before.config is None or not unheeded_changes(story):
        return None
    return Clue(2.0, Evidence(f"the run before: {before.config.where}"))


CAUSES: tuple[Cause, ...] = (
    Cause(
        name="schedule-comes-with-the-checkpoint",
        text=(
            "Resuming restores the optimizer and the schedulers of the checkpoint: their lr, "
            "begin, end, milestones and periods replace those of the config, so that nothing "
            "that was changed there takes effect."
        ),
        hint=(
            "Start from the checkpoint with load_from, resume = False and a schedule (and "
            "max_epochs) that starts over for the epochs still to train; or resume with the "
            "schedule that the checkpoint was made with. If nothing was changed, something else "
            "sets the learning rate: diagnose this log together with that of the run before."
        ),
        shows={"resume-keeps-schedule"},
        may_show={"ends-early"},
        clue=_run_before_tells,
    ),
    Cause(
        name="checkpoint-within-an-epoch",
        text=(
            "The checkpoint was saved within an epoch (CheckpointHook by iterations, in a loop of "
            "epochs): the epoch starts over, while the iterations go on from there."
        ),
        hint=(
            "Resume from a checkpoint at the end of an epoch, and save with by_epoch=True; or "
            "start from this one with load_from and resume = False."
        ),
        shows={"resume-uneven"},
        may_show=_AFTER_UNEVEN,
        clue=_within_an_epoch,
        refuted_by=_not_within_an_epoch,
    ),
    Cause(
        name="batches-changed-at-resume",
        text=(
            "An epoch has another number of batches than before it was resumed: the batch size, "
            "the number of GPUs or the data changed. Iterations, ETA and everything that counts "
            "iterations are off from there on."
        ),
        hint=(
            "Resume with the batch size and the GPUs that the checkpoint was made with; or start "
            "from it with load_from and resume = False."
        ),
        shows={"resume-uneven"},
        may_show=_AFTER_UNEVEN,
        clue=_batches_changed,
        refuted_by=_batches_are_the_same,
    ),
    Cause(
        name="counters-under-other-names",
        text=(
            "The train loop counts under names other than _epoch and _iter, the ones that "
            "Runner.resume assigns."
        ),
        hint="Keep the counters in `_epoch` and `_iter`, behind the properties epoch and iter.",
        shows={"resume-ignored"},
        may_show={"resume-restarts"},
        rules=("MMS202", "MMS229", "MMS211"),
    ),
    Cause(
        name="run-resets-the-counters",
        text="The train loop sets its counters to 0 when it starts to run.",
        hint="Set `_epoch` and `_iter` in the constructor only: they are resumed before run().",
        shows={"resume-restarts"},
        may_show={"epoch-goes-back"},
        rules=("MMS210", "MMS229"),
    ),
    Cause(
        name="resume-is-dropped",
        text=(
            "The Runner does not get `resume`: its from_cfg drops the key, or its __init__ "
            "swallows it."
        ),
        hint="Pass every key on, or do not override from_cfg.",
        shows={"resume-lost"},
        rules=("MMS221", "MMS222", "MMS229"),
    ),
    Cause(
        name="checkpoint-of-a-loop-that-does-not-count",
        text="The checkpoint holds an epoch or iteration that its loop did not count.",
        hint=(
            "Fix the loop that wrote it; start from the checkpoint with load_from and "
            "resume = False."
        ),
        shows={"resume-skips"},
        may_show={"resume-uneven"},
        rules=("MMS204", "MMS229"),
    ),
)
