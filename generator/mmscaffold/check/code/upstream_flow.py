"""What the methods of mmengine's own loops do, in the words of ``flow.py``.

From mmengine/runner/loops.py, unchanged in this respect from 0.10.0 to 0.10.7.
"""

from __future__ import annotations

from collections.abc import Mapping

from mmscaffold.check.code.classes import EPOCH_LOOP, ITER_LOOP, TEST_LOOP, VAL_LOOP

# A text is one step; a tuple is a loop over its items; "call:x" runs a method of the class.
Item = str | tuple["Item", ...]

_TRAIN_ITER: tuple[Item, ...] = (
    "hook:before_train_iter",
    "train_step",
    "hook:after_train_iter",
    "advance:_iter",
)


def _evaluation(mode: str) -> Mapping[str, tuple[Item, ...]]:
    return {
        "run": (
            f"hook:before_{mode}",
            f"hook:before_{mode}_epoch",
            "eval_mode",
            ("call:run_iter",),
            f"hook:after_{mode}_epoch",
            f"hook:after_{mode}",
            "return",
        ),
        "run_iter": (f"hook:before_{mode}_iter", f"{mode}_step", f"hook:after_{mode}_iter"),
    }


UPSTREAM_FLOWS: Mapping[str, Mapping[str, tuple[Item, ...]]] = {
    EPOCH_LOOP: {
        "run": (
            "hook:before_train",
            ("stoppable", "call:run_epoch", "call:_decide_current_val_interval", "validate"),
            "hook:after_train",
            "return",
        ),
        "run_epoch": (
            "hook:before_train_epoch",
            "train_mode",
            ("dataloader", "call:run_iter"),
            "hook:after_train_epoch",
            "advance:_epoch",
        ),
        "run_iter": _TRAIN_ITER,
        "_decide_current_val_interval": (),
    },
    ITER_LOOP: {
        "run": (
            "hook:before_train",
            "hook:before_train_epoch",
            ("stoppable", "train_mode", "call:run_iter", "validate"),
            "hook:after_train_epoch",
            "hook:after_train",
            "return",
        ),
        "run_iter": _TRAIN_ITER,
        "_decide_current_val_interval": (),
    },
    VAL_LOOP: _evaluation("val"),
    TEST_LOOP: _evaluation("test"),
}
