"""The causes, in the order in which they are likely where symptoms alone do not tell.

Each says which symptoms it brings. The table comes from broken loops and Runners that were
run under mmengine 0.10.7; who reads what is in mmengine/runner/runner.py (the four progress
properties), mmengine/hooks/iter_timer_hook.py and mmengine/runner/log_processor.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from mmscaffold.diagnose.symptoms import Symptom as S  # noqa: N817 (a table, read as one)


@dataclass(frozen=True)
class Cause:
    """Why a log looks as it does.

    Attributes:
        name: In a few words joined by hyphens.
        text: What is wrong.
        hint: What to do.
        shows: The symptoms that it brings.
        may_show: Those that it can bring, too.
        rules: Ids of the rules of ``check`` that find it, the likeliest first.
        in_config: Whether it lies in the config, so that these rules prove or refute it.
    """

    name: str
    text: str
    hint: str
    shows: frozenset[S]
    may_show: frozenset[S] = frozenset()
    rules: tuple[str, ...] = ()
    in_config: bool = False


_STUCK = frozenset({S.EPOCH_REPEATS, S.VAL_BEHIND})
_LATE = frozenset({S.LR_FROZEN, S.NEVER_ENDS, S.VAL_NEVER, S.ENDS_EARLY, S.RESUME_SKIPS})
_COUNT = "Derive from EpochBasedTrainLoop and leave the counters to it, or add "

CAUSES: tuple[Cause, ...] = (
    Cause(
        "runner-does-not-see-the-counters",
        "The four progress properties of the Runner (epoch, iter, max_epochs, max_iters) are 0: "
        "the train loop does not derive from mmengine's BaseLoop, or the Runner has such fields "
        "of its own. The loop may count well, unseen.",
        "Derive the loop from mmengine.runner.EpochBasedTrainLoop (or BaseLoop), and remove "
        "these names from the Runner.",
        _STUCK | {S.ETA_NEGATIVE, S.ITER_FROZEN},
        _LATE | {S.RESUME_IGNORED},
        ("MMS203", "MMS220", "MMS211", "MMS227"),
    ),
    Cause(
        "loop-counts-nothing-and-max-iters-is-wrong",
        "The train loop never advances _epoch and _iter, and its _max_iters is too small.",
        _COUNT + "`self._iter += 1` per batch and `self._epoch += 1` per epoch.",
        _STUCK | {S.ETA_NEGATIVE, S.ITER_FROZEN},
        _LATE | {S.RESUME_IGNORED},
        ("MMS204", "MMS208", "MMS202"),
    ),
    Cause(
        "loop-counts-nothing",
        "The train loop never advances _epoch and _iter.",
        _COUNT + "`self._iter += 1` per batch and `self._epoch += 1` per epoch.",
        _STUCK | {S.ETA_GROWS, S.ITER_FROZEN},
        _LATE | {S.RESUME_IGNORED, S.ETA_NEVER_ZERO},
        ("MMS204", "MMS202", "MMS236"),
    ),
    Cause(
        "another-loop-runs",
        "The loop that runs is not runner.train_loop: the Runner and its hooks watch a second "
        "one, whose counters stand still.",
        "In Runner.train(), store the loop: `self._train_loop = self.build_train_loop(...)`.",
        _STUCK | {S.ETA_GROWS, S.ITER_FROZEN},
        _LATE | {S.RESUME_IGNORED, S.ETA_NEVER_ZERO},
        ("MMS224", "MMS219", "MMS236"),
    ),
    Cause(
        "validation-resets-the-counters",
        "The validation loop, or a hook, sets the counters of the train loop back.",
        "Let the validation read runner.epoch and write nothing of the train loop.",
        frozenset({S.EPOCH_REPEATS, S.ETA_JUMPS_BACK, S.ITER_GOES_BACK}),
        _LATE | {S.VAL_BEHIND, S.EPOCH_GOES_BACK, S.ETA_NEVER_ZERO},
        ("MMS219", "MMS237"),
    ),
    Cause(
        "counters-restart",
        "The train loop starts its counters again while it trains, as for each task or stage.",
        "Count on over all stages, in a loop whose max_epochs covers them.",
        frozenset({S.EPOCH_GOES_BACK}),
        frozenset(
            {S.ITER_GOES_BACK, S.ETA_JUMPS_BACK, S.NEVER_ENDS, S.VAL_BEHIND, S.EPOCH_SHARED}
        ),
        ("MMS210", "MMS237", "MMS219"),
    ),
    Cause(
        "epoch-never-advances",
        "The train loop never advances _epoch, or something sets it back; its _iter is right.",
        _COUNT + "`self._epoch += 1` after the hook after_train_epoch.",
        _STUCK,
        _LATE,
        ("MMS204", "MMS202", "MMS219", "MMS236"),
    ),
    Cause(
        "iter-never-advances",
        "The train loop never advances _iter; its _epoch is right.",
        _COUNT + "`self._iter += 1` after the hook after_train_iter.",
        frozenset({S.ETA_GROWS, S.ITER_FROZEN}),
        frozenset({S.LR_FROZEN, S.RESUME_SKIPS, S.ETA_NEVER_ZERO}),
        ("MMS204", "MMS202", "MMS236"),
    ),
    Cause(
        "epoch-advances-after-validation",
        "The train loop advances _epoch only after the validation, or runs "
        "`for self._epoch in range(...)`.",
        "Advance `_epoch` after the hook after_train_epoch and before the validation.",
        frozenset({S.VAL_BEHIND}),
        frozenset({S.RESUME_RESTARTS}),
        ("MMS207", "MMS204"),
    ),
    Cause(
        "epoch-advances-before-training",
        "The train loop advances _epoch at the beginning of the epoch.",
        "Advance `_epoch` after the hook after_train_epoch.",
        frozenset({S.EPOCH_STARTS_LATE, S.VAL_BEHIND}),
        frozenset({S.CHECKPOINT_AHEAD, S.RESUME_SKIPS}),
        ("MMS206",),
    ),
    Cause(
        "epoch-starts-at-1",
        "The train loop begins with _epoch = 1.",
        "Begin with `self._epoch = 0`; the log adds the 1.",
        frozenset({S.EPOCH_STARTS_LATE}),
        frozenset({S.ENDS_EARLY, S.RESUME_SKIPS}),
        ("MMS210",),
    ),
    Cause(
        "epoch-advances-before-its-hook",
        "The train loop advances _epoch before the hook after_train_epoch.",
        "Call the hook first, then advance `_epoch`.",
        frozenset({S.CHECKPOINT_AHEAD}),
        frozenset({S.RESUME_SKIPS}),
        ("MMS206",),
    ),
    Cause(
        "epoch-advances-twice",
        "_epoch is advanced twice per epoch, so that half of the epochs are trained.",
        "Advance it once: run_epoch() of mmengine's loop does it already.",
        frozenset({S.EPOCH_SKIPS, S.VAL_AHEAD}),
        frozenset({S.ENDS_EARLY, S.ETA_NEVER_ZERO, S.RESUME_SKIPS}),
        ("MMS205", "MMS237", "MMS236"),
    ),
    Cause(
        "epoch-advances-with-each-batch",
        "_epoch is advanced with each batch.",
        "Advance it once per epoch, after the hook after_train_epoch.",
        frozenset({S.EPOCH_TOO_FAST}),
        frozenset({S.EPOCH_SKIPS, S.CHECKPOINT_AHEAD, S.VAL_AHEAD, S.ENDS_EARLY}),
        ("MMS205", "MMS237"),
    ),
    Cause(
        "epoch-is-several-passes",
        "An epoch is more than one pass over the dataloader, while _max_iters counts one.",
        "Make the dataset longer (RepeatDataset), or train more epochs.",
        frozenset({S.EPOCH_SHARED, S.ETA_TURNS_NEGATIVE}),
        frozenset({S.NEVER_ENDS}),
        ("MMS209",),
    ),
    Cause(
        "iter-restarts-with-each-epoch",
        "The train loop sets _iter back with each epoch.",
        "Count on: _iter is the iteration of the whole training.",
        frozenset({S.ITER_GOES_BACK, S.ETA_JUMPS_BACK}),
        frozenset({S.ETA_NEVER_ZERO}),
        ("MMS210", "MMS237"),
    ),
    Cause(
        "hook-is-called-twice",
        "The hook after_train_iter is called twice for each batch, by the loop and by the "
        "method of mmengine's loop that it calls.",
        "Call it once.",
        frozenset({S.LINES_TWICE}),
        frozenset({S.ITER_TOO_FAST, S.ETA_TURNS_NEGATIVE, S.ITER_FROZEN, S.LR_STOPS}),
        ("MMS215",),
    ),
    Cause(
        "endless-sampler",
        "An epoch loop reads from a sampler that never ends (InfiniteSampler): its first epoch "
        "never ends either.",
        "Use DefaultSampler, or IterBasedTrainLoop with max_iters.",
        frozenset({S.BATCH_BEYOND, S.ETA_TURNS_NEGATIVE, S.VAL_NEVER, S.NEVER_ENDS}),
        frozenset({S.LR_FROZEN}),
        ("MMS113",),
        in_config=True,
    ),
    Cause(
        "iterations-logged-as-epochs",
        "An iteration loop, and a log processor with by_epoch=True: the whole training is one "
        "epoch to it.",
        "Set log_processor = dict(by_epoch=False).",
        frozenset({S.BATCH_BEYOND}),
        frozenset({S.VAL_BEHIND, S.LR_FROZEN}),
        ("MMS112",),
        in_config=True,
    ),
    Cause(
        "batch-index-is-global",
        "The hooks get the global iteration as batch_idx, or an epoch is more than one pass over "
        "the dataloader.",
        "Pass the index within the epoch: `for idx, batch in enumerate(self.dataloader)`.",
        frozenset({S.BATCH_BEYOND}),
        frozenset({S.ETA_TURNS_NEGATIVE, S.ETA_NEGATIVE, S.NEVER_ENDS}),
        ("MMS209", "MMS215"),
    ),
    Cause(
        "iter-advances-twice",
        "_iter is advanced more than once per batch.",
        "Advance it once: run_iter() of mmengine's loop does it already.",
        frozenset({S.ITER_TOO_FAST, S.ETA_TURNS_NEGATIVE}),
        frozenset({S.LR_STOPS, S.ETA_NEGATIVE}),
        ("MMS205", "MMS237", "MMS236"),
    ),
    Cause(
        "max-iters-too-small",
        "_max_iters is smaller than the number of iterations that are run.",
        "Set it to max_epochs * len(self.dataloader), as mmengine does.",
        frozenset({S.ETA_TURNS_NEGATIVE}),
        frozenset({S.ETA_NEGATIVE, S.LR_STOPS}),
        ("MMS208", "MMS209"),
    ),
    Cause(
        "max-iters-is-0",
        "_max_iters is 0, or below the first iteration.",
        "Set it to max_epochs * len(self.dataloader), as mmengine does.",
        frozenset({S.ETA_NEGATIVE}),
        frozenset({S.NEVER_ENDS}),
        ("MMS208", "MMS211"),
    ),
    Cause(
        "max-iters-too-large",
        "_max_iters is larger than the number of iterations that are run.",
        "Set it to max_epochs * len(self.dataloader), as mmengine does.",
        frozenset({S.ETA_NEVER_ZERO}),
        frozenset({S.ENDS_EARLY}),
        ("MMS208", "MMS209"),
    ),
    Cause(
        "max-iters-moves",
        "max_iters grows with the iterations.",
        "Set _max_iters once, in the loop's constructor.",
        frozenset({S.ETA_FROZEN}),
        frozenset({S.ETA_NEVER_ZERO}),
        ("MMS208", "MMS211"),
    ),
    Cause(
        "before-train-iter-is-not-called",
        "The train loop does not call the hook before_train_iter, which records the learning "
        "rate and the time.",
        "Call it before train_step, with batch_idx and data_batch.",
        frozenset({S.NO_LR_ETA}),
        frozenset({S.LR_FROZEN}),
        ("MMS214", "MMS215"),
    ),
    Cause(
        "after-train-iter-is-not-called",
        "The train loop does not call the hook after_train_iter, which logs and steps the "
        "schedulers, or always passes the same batch_idx.",
        "Call it after train_step, with batch_idx, data_batch and outputs.",
        frozenset({S.NO_TRAIN_LINES}),
        frozenset({S.LR_FROZEN}),
        ("MMS214", "MMS215"),
    ),
    Cause(
        "counters-under-other-names",
        "The train loop counts under other names than _epoch and _iter, which Runner.resume "
        "assigns.",
        "Keep the counters in `_epoch` and `_iter`, behind the properties epoch and iter.",
        frozenset({S.RESUME_IGNORED}),
        frozenset({S.RESUME_RESTARTS}),
        ("MMS202", "MMS229", "MMS211"),
    ),
    Cause(
        "run-resets-the-counters",
        "The train loop sets its counters to 0 when it starts to run.",
        "Set `_epoch` and `_iter` in the constructor only: they are resumed before run().",
        frozenset({S.RESUME_RESTARTS}),
        frozenset({S.EPOCH_GOES_BACK}),
        ("MMS210", "MMS229"),
    ),
    Cause(
        "resume-is-dropped",
        "The Runner does not get `resume`: its from_cfg drops the key, or its __init__ swallows "
        "it.",
        "Hand every key on, or do not override from_cfg.",
        frozenset({S.RESUME_LOST}),
        rules=("MMS221", "MMS222", "MMS229"),
    ),
    Cause(
        "checkpoint-of-a-loop-that-does-not-count",
        "The checkpoint holds an epoch or iteration that its loop did not count.",
        "Mend the loop that wrote it; start from it with load_from and resume = False.",
        frozenset({S.RESUME_SKIPS}),
        rules=("MMS204", "MMS229"),
    ),
    Cause(
        "validation-is-left-out",
        "The train loop does not run the validation when the config says, or the Runner builds "
        "no validation loop.",
        "Run self.runner.val_loop under the condition of mmengine's loops.",
        frozenset({S.VAL_NEVER}),
        rules=("MMS218", "MMS226"),
    ),
    Cause(
        "schedule-ends-before-training",
        "The scheduler ends before the training does, so that what comes later never happens.",
        "Raise its `end` with max_epochs (`mmscaffold migrate --max-epochs`).",
        frozenset({S.LR_STOPS}),
        rules=("MMS102", "MMS104"),
        in_config=True,
    ),
    Cause(
        "keys-of-2x",
        "The config sets the schedule in keys of MMDetection 2.x, which the Runner ignores.",
        "Write it as param_scheduler.",
        frozenset({S.LR_FROZEN}),
        rules=("MMS103",),
        in_config=True,
    ),
    Cause(
        "epoch-schedule-under-iterations",
        "The scheduler counts epochs, and an iteration loop is one epoch.",
        "Set by_epoch=False on it, with begin, end and milestones in iterations.",
        frozenset({S.LR_FROZEN}),
        rules=("MMS111",),
        in_config=True,
    ),
    Cause(
        "schedulers-do-not-step",
        "Nothing steps the schedulers: a hook call is missing (after_train_iter, "
        "after_train_epoch), or the Runner builds none.",
        "Call every hook of mmengine's loop, and let Runner.train() build the schedulers.",
        frozenset({S.LR_FROZEN}),
        rules=("MMS214", "MMS226", "MMS225"),
    ),
    Cause(
        "optimizer-was-replaced",
        "The optimizer was replaced: the schedulers still change the old one.",
        "Build it before the schedulers, or build both again.",
        frozenset({S.LR_FROZEN}),
        rules=("MMS234", "MMS225"),
    ),
    Cause(
        "stopped-or-still-running",
        "The training still runs, or was stopped from outside.",
        "Look at the end of its console output.",
        frozenset({S.ENDS_EARLY}),
    ),
    Cause(
        "loop-ends-by-itself",
        "The train loop has a length of its own, or something sets stop_training.",
        "Run `while self._epoch < self._max_epochs and not self.stop_training`.",
        frozenset({S.ENDS_EARLY}),
        rules=("MMS204", "MMS213", "MMS235"),
    ),
    Cause(
        "loss-diverged",
        "The loss diverged. This is no fault of counters: look at the learning rate, the warm-up, "
        "gradient clipping and the data.",
        "Lower the learning rate, or add a warm-up and clip_grad.",
        frozenset({S.LOSS_NAN}),
    ),
    Cause(
        "epochs-are-counted-apart",
        "Something else than the train loop writes its epoch.",
        "Let only the loop advance `_epoch`, once per epoch.",
        frozenset({S.EPOCH_SKIPS, S.EPOCH_GOES_BACK, S.VAL_AHEAD, S.ITER_GOES_BACK}),
        frozenset({S.EPOCH_SHARED, S.VAL_BEHIND, S.ITER_TOO_FAST, S.ETA_JUMPS_BACK}),
        ("MMS237", "MMS236", "MMS219"),
    ),
)
