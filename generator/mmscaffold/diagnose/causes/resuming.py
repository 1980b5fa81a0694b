"""What goes wrong when a run resumes."""

from __future__ import annotations

from mmscaffold.diagnose.causes.cause import Cause

CAUSES: tuple[Cause, ...] = (
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
        rules=("MMS204", "MMS229"),
    ),
)
