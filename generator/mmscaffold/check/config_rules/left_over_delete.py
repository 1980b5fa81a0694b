"""``_delete_=True`` stands where no base has anything to delete.

## Why it matters

mmengine removes the key while it merges a dict over that of a base. Where no base has a dict
under that key, and within lists, ``_delete_`` stays and is passed to the constructor as an
argument.

## Symptoms

``TypeError: ... got an unexpected keyword argument '_delete_'`` while the Runner builds the part.

## Before -> after

Remove it.

## Fix safety

``mmscaffold check --fix`` removes the key. That is safe: it had nothing to delete, and with it the
part cannot be built.

## Source in mmengine

mmengine/config/config.py, ``Config._merge_a_into_b``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.change import MISSING, Change
from mmscaffold.config.resolve.merge import DELETE
from mmscaffold.config.walk import dicts
from mmscaffold.facts.loops import LOOP_KEYS
from mmscaffold.facts.runner import RUNNER_KEYS

_LOOPS = {(key,) for key in LOOP_KEYS}


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each mark that the file itself leaves in the config."""
    # A base that is not there may have had something to delete.
    if DELETE.encode() not in config.config.parsed.source.raw or "_base_" in config.root:
        return
    for key, value in config.root.items():
        if key not in RUNNER_KEYS:
            continue
        for path, found in dicts(value, (key,)):
            is_built = "type" in found or path in _LOOPS
            if DELETE in found and is_built:
                mark = (*path, DELETE)
                yield config.found(
                    mark,
                    "no base has anything to delete here, so _delete_ stays and goes to the "
                    "constructor, which refuses it",
                    "Remove _delete_=True.",
                    (Change(mark, MISSING),),
                )


RULE = Rule(
    id="MMS135",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                train_cfg = dict(_delete_=True, type='EpochBasedTrainLoop', max_epochs=12)
                """,
                "base.py": "train_cfg = dict(by_epoch=True, max_epochs=12)",
            },
        ),
        Valid(
            """
            model = dict(type='RetinaNet', test_cfg=dict(_delete_=True, nms_pre=1000))
            """,
            because="These settings are looked up, not passed to a constructor.",
        ),
        Valid(
            "head = dict(_delete_=True, type='FCOSHead')",
            because="It is a variable.",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(_delete_=True, type='EpochBasedTrainLoop', max_epochs=12)
            """,
            at=Spot(1, 27, 31),
            message=(
                "no base has anything to delete here, so _delete_ stays and goes to the "
                "constructor, which refuses it"
            ),
            fixed="train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)",
        ),
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                custom_hooks = [dict(_delete_=True, type='EMAHook')]
                """,
                "base.py": "custom_hooks = [dict(type='SyncNormHook')]",
            },
            at=Spot(2, 31, 35),
            message=(
                "no base has anything to delete here, so _delete_ stays and goes to the "
                "constructor, which refuses it"
            ),
            fixed="""
            _base_ = './base.py'
            custom_hooks = [dict(type='EMAHook')]
            """,
        ),
        Invalid(
            "model = dict(type='RetinaNet', neck=dict(_delete_=True, type='FPN'))",
            at=Spot(1, 51, 55),
            message=(
                "no base has anything to delete here, so _delete_ stays and goes to the "
                "constructor, which refuses it"
            ),
            fixed="model = dict(type='RetinaNet', neck=dict(type='FPN'))",
        ),
    ],
)
