"""``train_cfg`` sets ``max_epochs``, but neither ``type`` nor ``by_epoch``.

With ``max_iters`` alone this works, and is not a finding.

## Why it matters

Without a ``type`` the Runner looks at ``by_epoch``, and a config that does not set it counts as
``by_epoch=False``: the Runner passes ``max_epochs`` to ``IterBasedTrainLoop``, which refuses it.

## Symptoms

``TypeError: ... got an unexpected keyword argument 'max_epochs'`` while the Runner builds the
train loop.

## Before -> after

Add ``type='EpochBasedTrainLoop'``.

## Fix safety

``mmscaffold check --fix`` adds the type where ``max_iters`` is not set either. That is safe: a
loop with ``max_epochs`` alone can only be an epoch loop, and cannot be built without it.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.build_train_loop``; mmengine/config/config.py,
``ConfigDict.pop``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.change import Change
from mmscaffold.facts.loops import TRAIN_LOOPS, default_train_loop


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if nothing chooses the loop that it needs."""
    loop = config.loop
    if loop is None or not config.is_runnable or "type" in loop or "by_epoch" in loop:
        return
    built = default_train_loop(None)
    wanted = TRAIN_LOOPS[built.counterpart]
    if wanted.maximum in loop:
        only = built.maximum not in loop
        yield config.found(
            "train_cfg",
            f"train_cfg has neither type nor by_epoch, so the Runner builds {built.name}, "
            f"which takes no {wanted.maximum}",
            f"Add type='{wanted.name}'.",
            (Change(("train_cfg", "type"), wanted.name),) if only else (),
        )


RULE = Rule(
    id="MMS109",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(by_epoch=True, max_epochs=12)
            """,
        ),
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            """,
        ),
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(max_iters=90000, val_interval=1000)
            """,
        ),
        Valid(
            "train_cfg = dict(max_epochs=12)",
            because="It is only a part of a config; what inherits from it may add the type.",
        ),
    ],
    invalid=[
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(max_epochs=12)
            """,
            at=Spot(3, 13, 32),
            message=(
                "train_cfg has neither type nor by_epoch, so the Runner builds "
                "IterBasedTrainLoop, which takes no max_epochs"
            ),
            fixed="""
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            """,
        ),
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(max_iters=90000, max_epochs=12)
            """,
            at=Spot(3, 13, 49),
            message=(
                "train_cfg has neither type nor by_epoch, so the Runner builds "
                "IterBasedTrainLoop, which takes no max_epochs"
            ),
        ),
    ],
)
