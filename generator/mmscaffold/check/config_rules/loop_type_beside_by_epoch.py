"""``train_cfg`` sets both ``type`` and ``by_epoch``.

## Why it matters

The Runner refuses to build such a loop. This happens when a config sets ``type`` and its base
sets ``by_epoch``: dicts merge, so both are left.

## Symptoms

``RuntimeError: Only one of `type` or `by_epoch` can exist in `loop_cfg`.``, when training
starts.

## Before -> after

Add ``_delete_=True`` to the ``train_cfg`` of the child and write every key that it needs,
``max_epochs`` above all; or remove ``by_epoch`` from the base.

## Fix safety

``mmscaffold check --fix`` removes ``by_epoch`` where it agrees with the ``type``. That is
safe: the config could not be trained before, and the loop is the same. Where the two contradict
each other, or the class is not mmengine's, nothing is changed.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.build_train_loop``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Fix, Severity, at
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.change import MISSING, Change
from mmscaffold.facts.loops import default_train_loop


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if the merged loop has both keys."""
    loop = config.loop
    if loop is None or "type" not in loop or "by_epoch" not in loop:
        return
    origins = [config.origin(("train_cfg", key)) for key in ("by_epoch", "type")]
    # The file nearest to the config is the one that brought in the second key.
    near, far = sorted(origins, key=lambda origin: config.config.files.index(origin.path))
    meant = default_train_loop(loop["by_epoch"]).name
    name = class_name(loop["type"])
    fix: Fix = (Change(("train_cfg", "by_epoch"), MISSING),) if name == meant else ()
    yield at(
        near,
        f"train_cfg has type={name!r} and by_epoch={loop['by_epoch']!r}, the other "
        f"one from {far.where}; the Runner refuses both",
        "Add _delete_=True to this train_cfg, and restate the keys that it needs.",
        fix,
    )


RULE = Rule(
    id="MMS101",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)",
        ),
        Valid(
            "train_cfg = dict(by_epoch=True, max_epochs=12)",
        ),
        Valid(
            "model = dict(train_cfg=dict(type='x', by_epoch=True))",
        ),
        Valid(
            "train_cfg = None",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=12)
            """,
            at=Spot(1, 55, 59),
            message=(
                "train_cfg has type='EpochBasedTrainLoop' and by_epoch=True, the other one from "
                "config.py:1:23; the Runner refuses both"
            ),
            fixed="train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)",
        ),
        Invalid(
            "train_cfg = dict(type='IterBasedTrainLoop', by_epoch=False, max_iters=9)",
            at=Spot(1, 54, 59),
            message=(
                "train_cfg has type='IterBasedTrainLoop' and by_epoch=False, the other one from "
                "config.py:1:23; the Runner refuses both"
            ),
            fixed="train_cfg = dict(type='IterBasedTrainLoop', max_iters=9)",
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop

            train_cfg = dict(type=EpochBasedTrainLoop, by_epoch=True, max_epochs=12)
            """,
            at=Spot(3, 53, 57),
            message=(
                "train_cfg has type='EpochBasedTrainLoop' and by_epoch=True, the other one from "
                "config.py:3:23; the Runner refuses both"
            ),
            fixed="""
            from mmengine.runner import EpochBasedTrainLoop

            train_cfg = dict(type=EpochBasedTrainLoop, max_epochs=12)
            """,
        ),
    ],
)
