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

Run ``mmscaffold upgrade FILE``, or port the config by hand. Each finding says what became of its
key.

## Fix safety

``--fix`` leaves it alone: one key of 2.x often became several of 3.x. ``mmscaffold upgrade`` is a
command of its own, which proves that the config trains what it did.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.from_cfg``: it reads these keys and no others.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from mmscaffold.check.config_names import is_read
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity, at
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.facts.legacy import LEGACY_KEYS
from mmscaffold.schedule.legacy import leftover_keys, legacy_keys, replacement

_UPGRADE = "Run mmscaffold upgrade {}, which rewrites it for 3.x."


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each file of a config of 2.x, and for each key of a ported one."""
    # One such name alone may be a variable of a file that is inherited from.
    if config.is_legacy:
        yield from _of_files(config)
        return
    for key in leftover_keys(config.root):
        if not is_read(config.config, key):
            yield config.found(key, *_told(config, [key]))


def _of_files(config: ConfigView) -> Iterator[Diagnostic]:
    """One finding for each file, which says the same of it whoever inherits from it."""
    files: dict[Path, Origin] = {}
    keys = legacy_keys(config.root)
    for key in keys:
        origin = config.origin(key)
        for one in (origin, *origin.overrode()):
            files.setdefault(one.path, one)
    for origin in files.values():
        parsed = origin.parsed
        if not isinstance(parsed, ParsedSource):
            here = [key for key in keys if config.origin(key).path == parsed.path]
            yield at(origin, *_told(config, here or keys[:1]))
            continue
        values = {
            target.id: statement.value
            for statement in parsed.tree.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name) and target.id in LEGACY_KEYS
        }
        if values:
            origin = Origin(parsed, next(iter(values.values())))
            here = list(values)
        else:
            # Set in another way, such as by a subscript.
            here = [key for key in keys if config.origin(key) is origin] or keys
        message, hint = _told(config, here)
        yield at(origin, message, f"{hint} {_UPGRADE.format(origin.path.name)}")


def _told(config: ConfigView, keys: Sequence[str]) -> tuple[str, str]:
    """The message and the hint about some keys of one file."""
    if len(keys) == 1:
        (key,) = keys
        message = f"{key} is a key of MMDetection 2.x; a 3.x Runner ignores it"
        return message, f"It became {replacement(key, config.root.get(key))}."
    named = f"{', '.join(keys[:-1])} and {keys[-1]}"
    became = "; ".join(f"{key} became {replacement(key, config.root.get(key))}" for key in keys)
    return f"{named} are keys of MMDetection 2.x; a 3.x Runner ignores them", f"{became}."


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
            fp16 = False
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
            message=(
                "total_epochs and lr_config are keys of MMDetection 2.x; a 3.x Runner ignores them"
            ),
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
            message="runner and data are keys of MMDetection 2.x; a 3.x Runner ignores them",
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
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=24)
            optimizer_config = dict(type='GradientCumulativeOptimizerHook', cumulative_iters=4)
            """,
            at=Spot(2, 20, 84),
            message="optimizer_config is a key of MMDetection 2.x; a 3.x Runner ignores it",
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=24)
            optim_wrapper = dict(accumulative_counts=4, optimizer=dict(type='SGD', lr=0.1))
            """,
        ),
    ],
)
