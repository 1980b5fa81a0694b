"""What the methods of mmengine's own loops do, in the words of ``steps.py``.

From mmengine/runner/loops.py, unchanged in this respect from 0.10.0 to 0.10.7.
"""

from __future__ import annotations

from collections.abc import Mapping

from mmscaffold.check.code.steps import (
    TRAIN_STEP,
    Action,
    Advance,
    DataPass,
    HookCall,
    ModeChange,
    ModelStep,
    Return,
    StopCheck,
    Validation,
)
from mmscaffold.facts.base_classes import EPOCH_LOOP, ITER_LOOP, TEST_LOOP, VAL_LOOP

# A text is the name of a method of the class, which runs; a tuple is a loop over its items.
Item = Action | str | tuple["Item", ...]

_TRAIN_ITER: tuple[Item, ...] = (
    HookCall("before_train_iter"),
    TRAIN_STEP,
    HookCall("after_train_iter"),
    Advance("_iter"),
)


def _evaluation(mode: str) -> Mapping[str, tuple[Item, ...]]:
    return {
        "run": (
            HookCall(f"before_{mode}"),
            HookCall(f"before_{mode}_epoch"),
            ModeChange(training=False),
            ("run_iter",),
            HookCall(f"after_{mode}_epoch"),
            HookCall(f"after_{mode}"),
            Return(),
        ),
        "run_iter": (
            HookCall(f"before_{mode}_iter"),
            ModelStep(mode),
            HookCall(f"after_{mode}_iter"),
        ),
    }


UPSTREAM_FLOWS: Mapping[str, Mapping[str, tuple[Item, ...]]] = {
    EPOCH_LOOP: {
        "run": (
            HookCall("before_train"),
            (StopCheck(), "run_epoch", "_decide_current_val_interval", Validation()),
            HookCall("after_train"),
            Return(),
        ),
        "run_epoch": (
            HookCall("before_train_epoch"),
            ModeChange(training=True),
            (DataPass(), "run_iter"),
            HookCall("after_train_epoch"),
            Advance("_epoch"),
        ),
        "run_iter": _TRAIN_ITER,
        "_decide_current_val_interval": (),
    },
    ITER_LOOP: {
        "run": (
            HookCall("before_train"),
            HookCall("before_train_epoch"),
            (StopCheck(), ModeChange(training=True), "run_iter", Validation()),
            HookCall("after_train_epoch"),
            HookCall("after_train"),
            Return(),
        ),
        "run_iter": _TRAIN_ITER,
        "_decide_current_val_interval": (),
    },
    VAL_LOOP: _evaluation("val"),
    TEST_LOOP: _evaluation("test"),
}
