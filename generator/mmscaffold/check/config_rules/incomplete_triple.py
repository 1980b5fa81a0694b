"""Of three settings that belong together, some are set and some are not.

The Runner trains with ``train_dataloader``, ``train_cfg`` and ``optim_wrapper``, validates with
``val_dataloader``, ``val_cfg`` and ``val_evaluator``, and tests with the three of ``test``.
``None`` counts as not set. A config without validation, or one only for testing, is fine.

## Why it matters

Of each group the Runner wants all or none, and refuses anything else; the same goes for a
``param_scheduler`` without an ``optim_wrapper``.

## Symptoms

``ValueError`` while the Runner is built, which says that the three should be all ``None`` or not
``None``.

## Before -> after

Set what is missing; to switch a group off, set all of it to ``None``.

## Fix safety

There is no automatic fix: what is missing cannot be known from what is there.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.__init__``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import TRIPLES


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each group that is incomplete."""
    if not config.is_runnable:
        return
    root = config.root
    set_keys = {
        group: [key for key in group if root.get(key) is not None] for group in TRIPLES.values()
    }
    # Where no group is complete, one key alone does not make a whole config.
    enough = 1 if any(len(given) == len(group) for group, given in set_keys.items()) else 2
    for group, given in set_keys.items():
        missing = [key for key in group if key not in given]
        if len(given) >= enough and missing:
            yield config.found(
                given[0],
                f"{' and '.join(given)} without {' and '.join(missing)}; the Runner refuses that",
                f"Set {' and '.join(missing)}, or set all three to None.",
            )
    training = (root.get(key) for key in ("param_scheduler", "optim_wrapper", "train_cfg"))
    if [one is not None for one in training] == [True, False, False]:
        yield config.found(
            "param_scheduler",
            "param_scheduler without optim_wrapper; the Runner refuses that",
            "Set optim_wrapper, or param_scheduler=None.",
        )


RULE = Rule(
    id="MMS118",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(by_epoch=True, max_epochs=1)
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            """,
        ),
        Valid(
            """
            model = dict(type='RetinaNet')
            test_dataloader = dict()
            test_cfg = dict()
            test_evaluator = []
            """,
        ),
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(by_epoch=True, max_epochs=1)
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            val_dataloader = None
            val_cfg = None
            val_evaluator = None
            """,
        ),
        Valid(
            "train_dataloader = dict()",
            because="It is only a part of a config.",
        ),
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            """,
        ),
        Valid(
            """
            train_dataloader = dict()
            train_cfg = dict(by_epoch=True, max_epochs=1)
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            model = dict(type='RetinaNet', test_cfg=dict(nms_pre=1000))
            """,
            because="This `test_cfg` is the model's own.",
        ),
    ],
    invalid=[
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(by_epoch=True, max_epochs=1)
            """,
            at=Spot(2, 20, 26),
            message=(
                "train_dataloader and train_cfg without optim_wrapper; the Runner refuses that"
            ),
            after="""
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(by_epoch=True, max_epochs=1)
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            """,
        ),
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(by_epoch=True, max_epochs=1)
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            val_dataloader = dict()
            val_cfg = dict()
            """,
            at=Spot(5, 18, 24),
            message="val_dataloader and val_cfg without val_evaluator; the Runner refuses that",
        ),
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(by_epoch=True, max_epochs=1)
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            val_evaluator = None
            val_dataloader = dict()
            val_cfg = dict()
            """,
            at=Spot(6, 18, 24),
            message="val_dataloader and val_cfg without val_evaluator; the Runner refuses that",
        ),
        Invalid(
            """
            model = dict(type='RetinaNet')
            test_dataloader = dict()
            test_cfg = dict()
            test_evaluator = []
            param_scheduler = []
            """,
            at=Spot(5, 19, 21),
            message="param_scheduler without optim_wrapper; the Runner refuses that",
        ),
    ],
)
