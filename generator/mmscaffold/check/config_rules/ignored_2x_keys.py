"""The config sets keys of MMDetection 2.x, which a 3.x Runner ignores.

mmengine's Runner takes what it knows from the config and passes over the rest without a
word: ``total_epochs``, ``runner``, ``lr_config``, ``data`` and their like change nothing
(mmsegmentation issue #3674). A config that has them and sets no loop in ``train_cfg``
was written for mmcv's Runner; one that does set a loop was ported in part.

A variable of such a name that the file reads is no finding.

How to mend it: port the config. Each finding says what became of the key.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_names import ConfigNames
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.schedule.legacy import REPLACEMENTS, leftover_keys, legacy_keys

ID = "MMS103"
SEVERITY = Severity.ERROR
_PORTED = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=24)\n"
VALID: list[Example] = [
    "train_cfg = dict(by_epoch=True, max_epochs=1)\noptimizer = dict(lr=0.1)",
    "optimizer = dict(type='SGD')",
    "train_cfg = dict(by_epoch=True, max_epochs=1)\ntotal_epochs = 1\nprint(total_epochs)",
    _PORTED + "optimizer = dict(type='SGD')\noptim_wrapper = dict(optimizer=optimizer)",
    # Not what 2.x means by these names.
    _PORTED + "data = 'coco'\nrunner = 3\nevaluation = None",
]
INVALID: list[Example] = [
    "total_epochs = 12\nlr_config = dict(policy='step', step=[8, 11])",
    "train_cfg = dict(rpn=dict())\nrunner = dict(type='EpochBasedRunner')\ndata = dict()",
    _PORTED + "lr_config = dict(policy='step', step=[16, 22])",
    _PORTED + "runner = dict(type='EpochBasedRunner', max_epochs=24)",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each key."""
    # One such name alone may be a variable of a file that is inherited from.
    keys = legacy_keys(config.root) if config.is_legacy else leftover_keys(config.root)
    for key in keys:
        if config.is_legacy or not _is_read(config, key):
            yield config.found(
                key,
                f"{key} is a key of MMDetection 2.x; a 3.x Runner ignores it",
                f"It became {REPLACEMENTS[key]}.",
            )


def _is_read(config: ConfigView, key: str) -> bool:
    """Whether the file that sets a key reads it, or the config takes it from its bases."""
    files = (config.config.origin(key).parsed, config.config.parsed)
    return any(
        not isinstance(file, ParsedSource)
        or key in ConfigNames(file).read
        or f"_base_.{key}" in file.source.text
        for file in files
    )
