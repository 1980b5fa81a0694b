"""Runs that end early or diverge; and, last, what explains a jumble of symptoms."""

from __future__ import annotations

from mmscaffold.diagnose.causes.cause import Cause
from mmscaffold.diagnose.readings.refutations import no_number_beyond_the_end

CAUSES: tuple[Cause, ...] = (
    Cause(
        name="stopped-or-still-running",
        text="Training is still running, or was stopped from outside.",
        hint="Look at the end of its console output.",
        shows={"ends-early"},
    ),
    Cause(
        name="loop-ends-by-itself",
        text="The train loop uses a length of its own, or something sets stop_training.",
        hint="Run `while self._epoch < self._max_epochs and not self.stop_training`.",
        shows={"ends-early"},
        rules=("MMS204", "MMS213", "MMS235"),
    ),
    Cause(
        name="loop-goes-on-past-its-end",
        text=(
            "The train loop runs to a length of its own, beyond that of the config, or a hook "
            "raises the loop's maximum."
        ),
        hint="Run `while self._epoch < self._max_epochs and not self.stop_training`.",
        shows={"never-ends"},
        may_show={"eta-turns-negative", "lr-off"},
        rules=("MMS204", "MMS237"),
        refuted_by=no_number_beyond_the_end,
    ),
    Cause(
        name="loss-diverged",
        text=(
            "The loss diverged. The counters are not to blame: look at the learning rate, the "
            "warm-up, gradient clipping and the data."
        ),
        hint="Lower the learning rate, or add a warm-up and clip_grad.",
        shows={"loss-nan"},
    ),
    Cause(
        name="epochs-are-counted-apart",
        text="Something other than the train loop writes its epoch.",
        hint="Let only the loop advance `_epoch`, once per epoch.",
        shows={"epoch-goes-back", "epoch-skips", "val-ahead", "iter-goes-back"},
        may_show={"epoch-shared", "val-behind", "eta-jumps-back", "iter-too-fast"},
        rules=("MMS237", "MMS236", "MMS219"),
    ),
)
