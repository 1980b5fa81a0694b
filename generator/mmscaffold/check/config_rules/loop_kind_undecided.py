"""``train_cfg`` says neither ``type`` nor ``by_epoch``, and sets ``max_epochs``.

Without a ``type`` the Runner asks ``by_epoch``. A config that does not set it counts as
``by_epoch=False``: the Runner hands ``max_epochs`` to ``IterBasedTrainLoop``, which raises
``TypeError`` (mmengine/runner/runner.py, ``build_train_loop``; mmengine/config/config.py,
``ConfigDict.pop``). With ``max_iters`` alone that works, and is no finding.

How to mend it: add ``type='EpochBasedTrainLoop'``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.config.change import Change

ID = "MMS109"
SEVERITY = Severity.ERROR
FIXABLE = True
_DATA = "model = dict(type='RetinaNet')\ntrain_dataloader = dict()\n"
VALID: list[Example] = [
    _DATA + "train_cfg = dict(by_epoch=True, max_epochs=12)",
    _DATA + "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)",
    _DATA + "train_cfg = dict(max_iters=90000, val_interval=1000)",
    # A part of a config; what inherits from it may add the type.
    "train_cfg = dict(max_epochs=12)",
]
INVALID: list[Example] = [
    _DATA + "train_cfg = dict(max_epochs=12)",
    _DATA + "train_cfg = dict(max_iters=90000, max_epochs=12)",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if nothing chooses the loop that it needs."""
    loop = config.loop
    if loop is None or not config.is_runnable or "type" in loop or "by_epoch" in loop:
        return
    if "max_epochs" in loop:
        only = "max_iters" not in loop
        yield config.found(
            "train_cfg",
            "train_cfg has neither type nor by_epoch, so the Runner builds IterBasedTrainLoop, "
            "which takes no max_epochs",
            "Add type='EpochBasedTrainLoop'.",
            (Change(("train_cfg", "type"), "EpochBasedTrainLoop"),) if only else (),
        )
