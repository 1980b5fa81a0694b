"""An iteration loop reads from a sampler that ends.

It works: at the end of the data the loop restarts the dataloader, with a warning, and waits two
seconds for it (mmengine/runner/loops.py, ``_InfiniteDataloaderIterator``). Workers start anew
each time. mmengine recommends ``InfiniteSampler``; mmdet's own configs often do without.

How to mend it: ``sampler=dict(type='InfiniteSampler', shuffle=True)`` for the train dataloader.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS114"
SEVERITY = Severity.INFO
VALID: list[Example] = [
    "train_dataloader = dict(sampler=dict(type='InfiniteSampler'))\n"
    "train_cfg = dict(by_epoch=False, max_iters=9)",
    "train_dataloader = dict(sampler=dict(type='DefaultSampler'))\n"
    "train_cfg = dict(by_epoch=True, max_epochs=9)",
]
INVALID: list[Example] = [
    "train_dataloader = dict(sampler=dict(type='DefaultSampler'))\n"
    "train_cfg = dict(type='IterBasedTrainLoop', max_iters=9)",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if mmengine's iteration loop gets a sampler that ends."""
    loop = config.loop
    if loop is None:
        return
    is_iteration_loop = class_name(loop.get("type")) == "IterBasedTrainLoop" or (
        "type" not in loop and loop.get("by_epoch") is False
    )
    sampler = class_name(config.get("train_dataloader.sampler.type"))
    if is_iteration_loop and sampler == "DefaultSampler":
        yield config.found(
            ("train_dataloader", "sampler", "type"),
            "DefaultSampler ends; the iteration loop restarts it, and its workers, each time",
            "Use InfiniteSampler.",
        )
