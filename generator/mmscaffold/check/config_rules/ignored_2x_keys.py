"""The config sets keys of MMDetection 2.x, which a 3.x Runner ignores.

A config that has them and sets no loop in ``train_cfg`` was written for mmcv's Runner; one that
does set a loop was ported in part. A variable of such a name that the file reads is not a
finding.

## Why it matters

mmengine's Runner takes the keys that it knows from the config and ignores the rest:
``total_epochs``, ``runner``, ``lr_config``, ``data`` and the like change nothing.

## Symptoms

None in the log: the keys are silently ignored. Training has a different length or
learning rate than they say (mmsegmentation issue #3674), or does not start at all.

## Before -> after

Port the config. Each finding says what became of its key.

## Fix safety

There is no automatic fix: one key of 2.x often became several of 3.x.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.from_cfg``: it reads these keys and no others.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_names import ConfigNames
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.schedule.legacy import REPLACEMENTS, leftover_keys, legacy_keys


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


RULE = Rule(
    id="MMS103",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(by_epoch=True, max_epochs=1)
            optimizer = dict(lr=0.1)
            """,
        ),
        Valid(
            "optimizer = dict(type='SGD')",
        ),
        Valid(
            """
            train_cfg = dict(by_epoch=True, max_epochs=1)
            total_epochs = 1
            print(total_epochs)
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=24)
            optimizer = dict(type='SGD')
            optim_wrapper = dict(optimizer=optimizer)
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=24)
            data = 'coco'
            runner = 3
            evaluation = None
            """,
            because="This is not what 2.x means by these names.",
        ),
    ],
    invalid=[
        Invalid(
            """
            total_epochs = 12
            lr_config = dict(policy='step', step=[8, 11])
            """,
            at=Spot(1, 16, 18),
            message="total_epochs is a key of MMDetection 2.x; a 3.x Runner ignores it",
            also=[
                ExampleFinding(
                    Spot(2, 13, 46),
                    "lr_config is a key of MMDetection 2.x; a 3.x Runner ignores it",
                ),
            ],
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='MultiStepLR', milestones=[8, 11])
            """,
        ),
        Invalid(
            """
            train_cfg = dict(rpn=dict())
            runner = dict(type='EpochBasedRunner')
            data = dict()
            """,
            at=Spot(2, 10, 39),
            message="runner is a key of MMDetection 2.x; a 3.x Runner ignores it",
            also=[
                ExampleFinding(
                    Spot(3, 8, 14), "data is a key of MMDetection 2.x; a 3.x Runner ignores it"
                ),
            ],
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=24)
            lr_config = dict(policy='step', step=[16, 22])
            """,
            at=Spot(2, 13, 47),
            message="lr_config is a key of MMDetection 2.x; a 3.x Runner ignores it",
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=24)
            runner = dict(type='EpochBasedRunner', max_epochs=24)
            """,
            at=Spot(2, 10, 54),
            message="runner is a key of MMDetection 2.x; a 3.x Runner ignores it",
        ),
    ],
)
