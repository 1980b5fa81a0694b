"""Faults of ``_iter``, of ``_max_iters``, and of what an epoch runs through."""

from __future__ import annotations

from mmscaffold.diagnose.causes.cause import Cause, Clue
from mmscaffold.diagnose.readings.refutations import (
    second_epoch_or_validation,
    total_is_a_multiple,
    total_is_no_multiple,
)
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence
from mmscaffold.facts.units import Unit


def _epoch_advances(story: Story) -> Clue | None:
    """An endless epoch and an iteration loop stay at the first."""
    if len({one.epoch for one in story.passes}) < 2:
        return None
    return Clue(2.0, Evidence("the epoch advances nevertheless"))


def _tells_epochs(story: Story) -> Clue | None:
    evidence = total_is_a_multiple(story)
    return None if evidence is None else Clue(4.0, evidence)


def _tells_iterations(story: Story) -> Clue | None:
    evidence = total_is_no_multiple(story)
    return None if evidence is None else Clue(4.0, evidence)


def _trains_iterations(story: Story) -> list[Evidence]:
    """An iteration loop whose log has the form of epochs."""
    assert story.config is not None
    if story.config.unit is not Unit.ITERATIONS or not story.by_epoch:
        return []
    return [Evidence(f"{story.config.where} trains {story.config.max_iters} iterations")]


CAUSES: tuple[Cause, ...] = (
    Cause(
        name="iter-restarts-with-each-epoch",
        text="The train loop resets _iter with each epoch.",
        hint="Keep counting: _iter is the iteration within the whole training.",
        shows={"eta-jumps-back", "iter-goes-back"},
        may_show={"resume-uneven", "eta-never-zero"},
        rules=("MMS210", "MMS237"),
    ),
    Cause(
        name="hook-is-called-twice",
        text=(
            "The hook after_train_iter is called twice for each batch, by the loop and by the "
            "method of mmengine's loop that it calls."
        ),
        hint="Call it once.",
        shows={"lines-twice"},
        may_show={"eta-turns-negative", "iter-frozen", "iter-too-fast", "lr-stops"},
        rules=("MMS215",),
    ),
    Cause(
        name="endless-sampler",
        text=(
            "An epoch loop reads from a sampler that never ends (InfiniteSampler): its first "
            "epoch never ends."
        ),
        hint="Use DefaultSampler, or IterBasedTrainLoop with max_iters.",
        shows={"val-never", "batch-beyond", "eta-turns-negative", "never-ends"},
        may_show={"lr-frozen"},
        rules=("MMS113",),
        in_config=True,
        clue=_tells_epochs,
        refuted_by=second_epoch_or_validation,
    ),
    Cause(
        name="iterations-logged-as-epochs",
        text=(
            "An iteration loop with a log processor that has by_epoch=True: it treats the "
            "whole of training as one epoch."
        ),
        hint="Set log_processor = dict(by_epoch=False).",
        shows={"batch-beyond"},
        may_show={"val-behind", "lr-frozen"},
        rules=("MMS112",),
        in_config=True,
        proof=_trains_iterations,
        clue=_tells_iterations,
    ),
    Cause(
        name="batch-index-is-global",
        text=(
            "The hooks get the global iteration as batch_idx, or an epoch is more than one pass "
            "over the dataloader."
        ),
        hint="Pass the index within the epoch: `for idx, batch in enumerate(self.dataloader)`.",
        shows={"batch-beyond"},
        may_show={"resume-uneven", "eta-negative", "eta-turns-negative", "never-ends"},
        rules=("MMS209", "MMS215"),
        clue=_epoch_advances,
    ),
    Cause(
        name="iter-advances-twice",
        text="_iter is advanced more than once per batch.",
        hint="Advance it once: run_iter() of mmengine's loop already does.",
        shows={"eta-turns-negative", "iter-too-fast"},
        may_show={"resume-uneven", "eta-negative", "lr-stops"},
        rules=("MMS205", "MMS237", "MMS236"),
    ),
    Cause(
        name="iter-misses-batches",
        text=(
            "_iter is not advanced with every batch, but with each epoch, say, or with each step "
            "of the optimizer."
        ),
        hint=(
            "Advance it once for every batch, whether gradients are accumulated or not: "
            "run_iter() of mmengine's loop does."
        ),
        shows={"iter-too-slow", "eta-never-zero"},
        may_show={"resume-uneven", "eta-grows", "lr-frozen", "lr-off"},
        rules=("MMS204", "MMS237", "MMS236"),
    ),
    Cause(
        name="max-iters-too-small",
        text="_max_iters is smaller than the number of iterations run.",
        hint="Set it to max_epochs * len(self.dataloader), as mmengine does.",
        shows={"eta-turns-negative"},
        may_show={"eta-negative", "lr-stops"},
        rules=("MMS208", "MMS209"),
    ),
    Cause(
        name="max-iters-is-0",
        text="_max_iters is 0, or below the first iteration.",
        hint="Set it to max_epochs * len(self.dataloader), as mmengine does.",
        shows={"eta-negative"},
        may_show={"never-ends"},
        rules=("MMS208", "MMS211"),
    ),
    Cause(
        name="max-iters-too-large",
        text="_max_iters is larger than the number of iterations run.",
        hint="Set it to max_epochs * len(self.dataloader), as mmengine does.",
        shows={"eta-never-zero"},
        may_show={"ends-early"},
        rules=("MMS208", "MMS209"),
    ),
    Cause(
        name="max-iters-moves",
        text="max_iters grows with the iterations.",
        hint="Set _max_iters once, in the loop's constructor.",
        shows={"eta-frozen"},
        may_show={"eta-never-zero"},
        rules=("MMS208", "MMS211"),
    ),
)
