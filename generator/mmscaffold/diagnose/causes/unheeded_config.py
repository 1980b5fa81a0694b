"""What the config asks for but training does not do."""

from __future__ import annotations

from mmscaffold.diagnose.causes.cause import Cause, Clue
from mmscaffold.diagnose.readings.frozen_rate import old_schedule
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence


def _sets_an_old_schedule(story: Story) -> list[Evidence]:
    assert story.config is not None
    key = old_schedule(story.config)
    return [] if key is None else [Evidence(f"{story.config.where} sets {key}")]


def _checkpoints_are_saved(story: Story) -> Clue | None:
    """ParamSchedulerHook and CheckpointHook act at the same hook."""
    saved = [one for one in story.run.saved if one.by_epoch]
    text = "checkpoints are saved, so the hooks that step the schedulers are called"
    return Clue(1.0, Evidence(text, saved[0].line)) if saved else None


CAUSES: tuple[Cause, ...] = (
    Cause(
        name="validation-is-left-out",
        text=(
            "The train loop does not validate when the config says so, or the Runner "
            "builds no validation loop."
        ),
        hint="Run self.runner.val_loop under the condition of mmengine's loops.",
        shows={"val-never"},
        rules=("MMS218", "MMS226"),
    ),
    Cause(
        name="schedule-ends-before-training",
        text=(
            "The scheduler ends before the training does, so that its later changes never happen."
        ),
        hint="Raise its `end` with max_epochs (`mmscaffold migrate --max-epochs`).",
        shows={"lr-stops"},
        rules=("MMS102", "MMS104"),
        in_config=True,
    ),
    Cause(
        name="keys-of-2x",
        text="The config sets the schedule with MMDetection 2.x keys, which the Runner ignores.",
        hint="Write it as param_scheduler.",
        shows={"lr-frozen"},
        rules=("MMS103",),
        in_config=True,
        proof=_sets_an_old_schedule,
    ),
    Cause(
        name="epoch-schedule-under-iterations",
        text=(
            "The scheduler counts epochs, but to an iteration loop the whole of training is one "
            "epoch."
        ),
        hint="Set by_epoch=False on it, with begin, end and milestones in iterations.",
        shows={"lr-frozen"},
        rules=("MMS111",),
        in_config=True,
    ),
    Cause(
        name="schedulers-do-not-step",
        text=(
            "Nothing steps the schedulers: a hook call is missing (after_train_iter, "
            "after_train_epoch), or the Runner builds none."
        ),
        hint="Call every hook of mmengine's loop, and let Runner.train() build the schedulers.",
        shows={"lr-frozen"},
        rules=("MMS214", "MMS226", "MMS225"),
    ),
    Cause(
        name="optimizer-was-replaced",
        text="The optimizer was replaced: the schedulers still change the old one.",
        hint="Build it before the schedulers, or build both again.",
        shows={"lr-frozen"},
        rules=("MMS234", "MMS225"),
        clue=_checkpoints_are_saved,
    ),
    Cause(
        name="schedulers-step-too-often",
        text=(
            "The schedulers step more often than once per epoch or iteration: the train loop or a "
            "hook steps them, too, or there is a second ParamSchedulerHook."
        ),
        hint=(
            "Leave it to ParamSchedulerHook, one of the default hooks: remove other calls of "
            "`step()` of the schedulers, and a ParamSchedulerHook in custom_hooks."
        ),
        shows={"lr-ahead"},
        may_show={"lr-stops"},
    ),
    Cause(
        name="rate-is-set-elsewhere",
        text=(
            "Something other than the schedulers sets the learning rate: a hook, the train loop, "
            "the Runner, or an optimizer that was changed after it was built."
        ),
        hint=(
            "If that is intended, nothing is wrong. If not, look for what assigns to "
            "param_groups or steps the schedulers."
        ),
        shows={"lr-off"},
        rules=("MMS225", "MMS234"),
    ),
)
