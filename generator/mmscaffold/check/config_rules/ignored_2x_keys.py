"""The config sets keys of MMDetection 2.x, which a 3.x Runner ignores.

mmengine's Runner takes what it knows from the config and passes over the rest without a
word: ``total_epochs``, ``runner``, ``lr_config``, ``data`` and their like change nothing
(mmsegmentation issue #3674). A config that has them and sets no loop in ``train_cfg``
was written for mmcv's Runner.

How to mend it: port the config. Each finding says what became of the key.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.schedule.legacy import REPLACEMENTS, legacy_keys

ID = "MMS103"
SEVERITY = Severity.ERROR
VALID: list[Example] = [
    "train_cfg = dict(by_epoch=True, max_epochs=1)\noptimizer = dict(type='SGD')",
    "optimizer = dict(type='SGD')",
]
INVALID: list[Example] = [
    "total_epochs = 12\nlr_config = dict(policy='step', step=[8, 11])",
    "train_cfg = dict(rpn=dict())\nrunner = dict(type='EpochBasedRunner')\ndata = dict()",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each key."""
    # One such name alone may be a variable of a file that is inherited from.
    if not config.is_legacy:
        return
    for key in legacy_keys(config.root):
        yield config.found(
            key,
            f"{key} is a key of MMDetection 2.x; a 3.x Runner ignores it",
            f"It became {REPLACEMENTS[key]}.",
        )
