"""``dynamic_intervals`` is not a list of tuples.

## Why it matters

The train loop asserts that every entry is a tuple, ``(280, 1)``. A list, ``[280, 1]``, is refused.
YAML and JSON have no tuples, so such a config cannot set ``dynamic_intervals``.

## Symptoms

``AssertionError`` while the Runner builds the train loop.

## Before -> after

Write ``dynamic_intervals`` as a list of tuples, ``[(280, 1)]``.

## Fix safety

``mmscaffold check --fix`` writes the same pairs as tuples in a list. That is safe: the config
could not be trained before, and no number changes. Entries that are not pairs are left alone.

## Source in mmengine

mmengine/runner/utils.py, ``calc_dynamic_intervals``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.change import Change
from mmscaffold.facts.loops import TRAIN_LOOPS

# What the config itself says; of anything else, nothing is known.
_VALUES = (list, tuple, dict, str, int, float)


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if mmengine's loops would refuse them."""
    loop = config.loop
    if loop is None or loop.get("dynamic_intervals") is None:
        return
    intervals = loop["dynamic_intervals"]
    name = loop.get("type")
    # The constructor of a loop of mmengine reads them, whatever a derived class does later.
    known = name is None or config.known_as(name, "LOOPS", overrides=("__init__",)) in TRAIN_LOOPS
    if not known or not isinstance(intervals, _VALUES):
        return
    if isinstance(intervals, list) and all(isinstance(one, tuple) for one in intervals):
        return
    entries = intervals if isinstance(intervals, list | tuple) else ()
    pairs = [one for one in entries if isinstance(one, list | tuple) and len(one) == 2]
    whole = isinstance(intervals, list | tuple) and len(pairs) == len(entries)
    fix = Change(("train_cfg", "dynamic_intervals"), [tuple(pair) for pair in pairs])
    yield config.found(
        ("train_cfg", "dynamic_intervals"),
        f"dynamic_intervals={intervals!r} must be a list of tuples; the train loop refuses it",
        "Write it as [(step, interval)].",
        (fix,) if whole else (),
    )


RULE = Rule(
    id="MMS132",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(
                type='EpochBasedTrainLoop', max_epochs=300, dynamic_intervals=[(280, 1)]
            )
            """,
        ),
        Valid(
            """
            train_cfg = dict(
                type='EpochBasedTrainLoop', max_epochs=300, dynamic_intervals=None
            )
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='OwnLoop', max_epochs=300, dynamic_intervals=[[280, 1]])
            """,
            because="A project's own loop may read them in its own way.",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(
                type='EpochBasedTrainLoop', max_epochs=300, dynamic_intervals=[[280, 1]]
            )
            """,
            at=Spot(2, 67, 77),
            message=(
                "dynamic_intervals=[[280, 1]] must be a list of tuples; the train loop refuses it"
            ),
            fixed="""
            train_cfg = dict(
                type='EpochBasedTrainLoop', max_epochs=300, dynamic_intervals=[(280, 1)]
            )
            """,
        ),
        Invalid(
            """
            train_cfg = dict(
                type='EpochBasedTrainLoop', max_epochs=300, dynamic_intervals=(280, 1)
            )
            """,
            at=Spot(2, 67, 75),
            message=(
                "dynamic_intervals=(280, 1) must be a list of tuples; the train loop refuses it"
            ),
        ),
        Invalid(
            "train_cfg = dict(by_epoch=True, max_epochs=300, dynamic_intervals={280: 1})",
            at=Spot(1, 67, 75),
            message=(
                "dynamic_intervals={280: 1} must be a list of tuples; the train loop refuses it"
            ),
        ),
        Invalid(
            "train_cfg = dict(by_epoch=True, max_epochs=300, dynamic_intervals={})",
            at=Spot(1, 67, 69),
            message="dynamic_intervals={} must be a list of tuples; the train loop refuses it",
        ),
        Invalid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_loops'])
                train_cfg = dict(type='OwnLoop', max_iters=300, dynamic_intervals=[[280, 1]])
                """,
                "own_loops.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import IterBasedTrainLoop


                @LOOPS.register_module()
                class OwnLoop(IterBasedTrainLoop):
                    def run_iter(self, data_batch):
                        super().run_iter(data_batch)
                """,
            },
            at=Spot(2, 67, 77),
            message=(
                "dynamic_intervals=[[280, 1]] must be a list of tuples; the train loop refuses it"
            ),
            fixed="""
            custom_imports = dict(imports=['own_loops'])
            train_cfg = dict(type='OwnLoop', max_iters=300, dynamic_intervals=[(280, 1)])
            """,
        ),
    ],
)
