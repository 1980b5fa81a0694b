"""``train_cfg`` says neither ``type`` nor ``by_epoch``.

Without a ``type`` the Runner looks for ``by_epoch`` to choose between the two loops, and ends
with ``KeyError: 'by_epoch'`` (mmengine/runner/runner.py, ``build_train_loop``).

How to mend it: add ``type='EpochBasedTrainLoop'`` to a ``train_cfg`` with ``max_epochs``,
``type='IterBasedTrainLoop'`` to one with ``max_iters``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS109"
SEVERITY = Severity.ERROR
FIXABLE = True
_LENGTHS = {"max_epochs": "EpochBasedTrainLoop", "max_iters": "IterBasedTrainLoop"}
_DATA = "model = dict(type='RetinaNet')\ntrain_dataloader = dict()\n"
VALID: list[Example] = [
    _DATA + "train_cfg = dict(by_epoch=True, max_epochs=12)",
    _DATA + "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)",
    # A part of a config; what inherits from it may add the type.
    "train_cfg = dict(max_epochs=12)",
]
INVALID: list[Example] = [
    _DATA + "train_cfg = dict(max_epochs=12)",
    _DATA + "train_cfg = dict(max_iters=90000, val_interval=1000)",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if nothing chooses the loop."""
    loop = config.loop
    if loop is None or not config.is_runnable or "type" in loop or "by_epoch" in loop:
        return
    loops = [name for key, name in _LENGTHS.items() if key in loop]
    if loops:
        yield config.found(
            "train_cfg",
            "train_cfg has neither type nor by_epoch; the Runner cannot choose a loop",
            f"Add type={loops[0]!r}.",
            ((("train_cfg", "type"), loops[0]),) if len(loops) == 1 else (),
        )
