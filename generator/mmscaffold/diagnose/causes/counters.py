"""Faults of both counters at once, or of what the Runner sees of them."""

from __future__ import annotations

from mmscaffold.diagnose.causes.cause import Cause, Clue
from mmscaffold.diagnose.readings.refutations import (
    eta_is_above_zero,
    iterations_advance,
    runner_sees_the_loop,
)
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence


def _pads_for_its_length(story: Story) -> Clue | None:
    """The log pads for ``max_epochs`` of the config: the Runner sees the loop."""
    return _padding(story, agrees=True)


def _pads_for_another_length(story: Story) -> Clue | None:
    """The log pads for another length than that of the config: the Runner reads 0."""
    return _padding(story, agrees=False)


def _padding(story: Story, *, agrees: bool) -> Clue | None:
    """The Runner's ``max_epochs``, which no line tells, but its number of digits.

    The log sets the epoch to the right in as many digits. Where that is one, and the config
    says 12, the Runner reads 0: it does not see the loop.
    """
    maximum = story.config.max_epochs if story.config is not None else None
    if not story.digits or maximum is None or maximum < 10:
        return None
    if (story.digits == len(str(maximum))) is not agrees:
        return None
    digits = "1 digit" if story.digits == 1 else f"{story.digits} digits"
    text = f"the log pads epochs for a max_epochs of {digits}; the config says {maximum}"
    return Clue(1.0, Evidence(text, story.run.train.line[0]))


# What standing counters bring only later in a training.
_LATE = {"val-never", "lr-frozen", "never-ends", "ends-early", "resume-skips"}

CAUSES: tuple[Cause, ...] = (
    Cause(
        name="runner-does-not-see-the-counters",
        text=(
            "The four progress properties of the Runner (epoch, iter, max_epochs, max_iters) are "
            "0: the train loop does not derive from mmengine's BaseLoop, or the Runner has such "
            "fields of its own. The loop may count correctly, but nothing sees it."
        ),
        hint=(
            "Derive the loop from mmengine.runner.EpochBasedTrainLoop (or BaseLoop), and remove "
            "these names from the Runner."
        ),
        shows={"epoch-repeats", "val-behind", "eta-negative", "iter-frozen"},
        may_show={*_LATE, "resume-ignored"},
        rules=("MMS203", "MMS220", "MMS211", "MMS227"),
        clue=_pads_for_another_length,
        refuted_by=lambda story: runner_sees_the_loop(story) or iterations_advance(story),
    ),
    Cause(
        name="loop-counts-nothing-and-max-iters-is-wrong",
        text="The train loop never advances _epoch and _iter, and its _max_iters is too small.",
        hint=(
            "Derive from EpochBasedTrainLoop and leave the counters to it, or add `self._iter += "
            "1` per batch and `self._epoch += 1` per epoch."
        ),
        shows={"epoch-repeats", "val-behind", "eta-negative", "iter-frozen"},
        may_show={*_LATE, "resume-ignored"},
        rules=("MMS204", "MMS208", "MMS202"),
        clue=_pads_for_its_length,
        refuted_by=lambda story: eta_is_above_zero(story) or iterations_advance(story),
    ),
    Cause(
        name="loop-counts-nothing",
        text="The train loop never advances _epoch and _iter.",
        hint=(
            "Derive from EpochBasedTrainLoop and leave the counters to it, or add `self._iter += "
            "1` per batch and `self._epoch += 1` per epoch."
        ),
        shows={"epoch-repeats", "val-behind", "eta-grows", "iter-frozen"},
        may_show={*_LATE, "eta-never-zero", "resume-ignored"},
        rules=("MMS204", "MMS202", "MMS236"),
        refuted_by=iterations_advance,
    ),
    Cause(
        name="another-loop-runs",
        text=(
            "The loop that runs is not runner.train_loop: the Runner and its hooks watch another "
            "one, whose counters stand still."
        ),
        hint="In Runner.train(), store the loop: `self._train_loop = self.build_train_loop(...)`.",
        shows={"epoch-repeats", "val-behind", "eta-grows", "iter-frozen"},
        may_show={*_LATE, "eta-never-zero", "resume-ignored"},
        rules=("MMS224", "MMS219", "MMS236"),
        refuted_by=iterations_advance,
    ),
    Cause(
        name="validation-resets-the-counters",
        text="The validation loop, or a hook, resets the counters of the train loop.",
        hint="During validation, read runner.epoch, and do not write to the train loop.",
        shows={"epoch-repeats", "eta-jumps-back", "iter-goes-back"},
        may_show={*_LATE, "epoch-goes-back", "val-behind", "eta-never-zero"},
        rules=("MMS219", "MMS237"),
    ),
    Cause(
        name="counters-restart",
        text=(
            "The train loop restarts its counters while it trains, for example for each task "
            "or stage."
        ),
        hint="Keep counting over all stages, in a loop whose max_epochs covers them all.",
        shows={"epoch-goes-back"},
        may_show={"epoch-shared", "val-behind", "eta-jumps-back", "iter-goes-back", "never-ends"},
        rules=("MMS210", "MMS237", "MMS219"),
    ),
)
