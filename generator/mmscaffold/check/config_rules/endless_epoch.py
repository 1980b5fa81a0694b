"""An epoch loop reads from a sampler that never ends.

``EpochBasedTrainLoop`` runs an epoch until its dataloader is exhausted. ``InfiniteSampler``
never is: the first epoch never ends, nothing is validated, no checkpoint is saved by epoch,
and the ETA falls below zero (mmsegmentation issue #2566; mmengine/dataset/sampler.py).

How to mend it: use ``DefaultSampler`` with an epoch loop; or ``IterBasedTrainLoop`` with
``max_iters``, which ``mmscaffold migrate --to-iters`` moves a whole config to.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.facts.data import ENDLESS_SAMPLERS

ID = "MMS113"
SEVERITY = Severity.ERROR
_SAMPLER = "train_dataloader = dict(sampler=dict(type='InfiniteSampler'))\n"
VALID: list[Example] = [
    "train_dataloader = dict(sampler=dict(type='DefaultSampler'))\n"
    "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)",
    _SAMPLER + "train_cfg = dict(by_epoch=False, max_iters=90000)",
    # A loop of one's own may end its epochs itself.
    _SAMPLER + "train_cfg = dict(type='OwnLoop', max_epochs=12)",
]
INVALID: list[Example] = [
    _SAMPLER + "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)",
    _SAMPLER + "train_cfg = dict(by_epoch=True, max_epochs=12)",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if mmengine's epoch loop gets an endless sampler."""
    loop = config.loop
    if loop is None:
        return
    is_epoch_loop = class_name(loop.get("type")) == "EpochBasedTrainLoop" or (
        "type" not in loop and loop.get("by_epoch") is True
    )
    sampler = class_name(config.get("train_dataloader.sampler.type"))
    if is_epoch_loop and sampler in ENDLESS_SAMPLERS:
        yield config.found(
            ("train_dataloader", "sampler", "type"),
            f"{sampler} never ends, so the first epoch of the train loop does not either",
            "Use DefaultSampler, or an iteration loop.",
        )
