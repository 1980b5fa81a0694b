"""A loop gets an argument that it does not accept, or lacks one that it needs.

Loops of a project are read from the modules that ``custom_imports`` names, without importing
them.

## Why it matters

The Runner passes every key of ``train_cfg`` to the loop's constructor, which refuses
``max_epochs`` under an iteration loop, ``max_iters`` under an epoch loop, and any misspelt name.
This happens when a child changes the ``type`` and the keys of its base stay beside it: dicts
merge. The same holds for ``val_cfg`` and ``test_cfg``.

## Symptoms

``TypeError: ... got an unexpected keyword argument``, or ``missing 1 required positional
argument``, while the Runner builds the loop.

## Before -> after

Add ``_delete_=True`` and restate the keys that the loop needs.

## Fix safety

``mmscaffold check --fix`` removes the length in the other unit where the loop also has its own:
``max_epochs`` beside ``max_iters`` under an iteration loop. That is safe: the loop
refuses it. Other arguments are left alone, because they may be misspelt.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.build_train_loop``, ``build_val_loop`` and ``build_test_loop``.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from mmscaffold.check.config_view import ConfigView, full_name
from mmscaffold.check.diagnostic import Diagnostic, Fix, Severity
from mmscaffold.check.refused import advice, is_left_over, registered_constructor
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.config.change import MISSING, Change
from mmscaffold.facts.building import GIVEN_TO_LOOP, NO_LOOP_ARGUMENTS
from mmscaffold.facts.classes.constructor import Constructor
from mmscaffold.facts.loops import EVALUATION_LOOPS, default_train_loop, other_maximum
from mmscaffold.schedule.legacy import holds_model_settings


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each argument that is too much, and each that is missing."""
    if config.is_legacy:
        return
    for key, given in GIVEN_TO_LOOP.items():
        loop = config.plain.get(key)
        if not isinstance(loop, dict) or ("type" in loop and "by_epoch" in loop):
            continue
        name = _loop_name(key, loop)
        named = {**loop, "type": name}
        constructor = registered_constructor(config, (key,), named) if name else None
        if name is None or constructor is None:
            continue
        if not holds_model_settings(loop, constructor.arguments):
            yield from _unknown(config, key, loop, name, constructor)
            if config.is_runnable:
                yield from _missing(config, key, loop, name, constructor, given)


def _loop_name(key: str, loop: dict[str, Any]) -> str | None:
    if "type" in loop:
        return full_name(loop["type"])
    if key == "train_cfg":
        by_epoch = loop.get("by_epoch")
        return default_train_loop(by_epoch).name if isinstance(by_epoch, bool) else None
    return EVALUATION_LOOPS[key]


def _unknown(
    config: ConfigView, key: str, loop: dict[str, Any], name: str, constructor: Constructor
) -> Iterator[Diagnostic]:
    if constructor.is_open:
        return
    for argument in loop:
        if argument in constructor.arguments or argument in NO_LOOP_ARGUMENTS:
            continue
        # The length of the other unit, beside that of its own, is left over from a base.
        fix: Fix = (Change((key, argument), MISSING),) if other_maximum(argument) in loop else ()
        stale = is_left_over(config, (key,), argument)
        yield config.found(
            (key, "type" if stale else argument),
            f"{name} takes no argument {argument!r}; it cannot be built with it",
            _advice(argument, constructor.arguments - GIVEN_TO_LOOP[key], stale=stale),
            fix,
        )


def _advice(argument: str, taken: AbstractSet[str], *, stale: bool) -> str:
    maximum = other_maximum(argument)
    if maximum in taken and not stale:
        return f"Its length is {maximum}: take {argument} out."
    return advice(argument, taken, stale=stale)


def _missing(
    config: ConfigView,
    key: str,
    loop: dict[str, Any],
    name: str,
    constructor: Constructor,
    given: frozenset[str],
) -> Iterator[Diagnostic]:
    for argument in sorted(constructor.required - given - loop.keys()):
        yield config.found(
            key,
            f"{name} needs {argument}, which is not set; it cannot be built without",
            f"Add {argument}=... to {key}.",
        )


RULE = Rule(
    id="MMS110",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=2)
            """,
        ),
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(by_epoch=False, max_iters=90000, val_begin=10)
            """,
        ),
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='SomeLoop', max_steps=3)
            """,
            because="Nothing is known about this loop.",
        ),
        Valid(
            """
            val_cfg = dict()
            test_cfg = dict(type='TestLoop', fp16=True)
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=9, max_epochs=12)
            """,
            at=Spot(3, 69, 71),
            message=(
                "IterBasedTrainLoop takes no argument 'max_epochs'; it cannot be built with it"
            ),
            fixed="""
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='IterBasedTrainLoop', max_iters=9)
            """,
        ),
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(type='EpochBasedTrainLoop', max_iters=90000)
            """,
            at=Spot(3, 13, 62),
            message=(
                "EpochBasedTrainLoop needs max_epochs, which is not set; it cannot be "
                "built without"
            ),
            also=[
                ExampleFinding(
                    Spot(3, 56, 61),
                    "EpochBasedTrainLoop takes no argument 'max_iters'; it cannot be built "
                    "with it",
                ),
            ],
        ),
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            train_cfg = dict(by_epoch=True, max_epochs=12, val_intervall=2)
            """,
            at=Spot(3, 62, 63),
            message=(
                "EpochBasedTrainLoop takes no argument 'val_intervall'; it cannot be built with it"
            ),
        ),
        Invalid(
            "val_cfg = dict(type='ValLoop', interval=1)",
            at=Spot(1, 41, 42),
            message="ValLoop takes no argument 'interval'; it cannot be built with it",
        ),
        Invalid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_loops'])
                model = dict(type='RetinaNet')
                train_dataloader = dict()
                train_cfg = dict(type='OwnLoop', max_epochs=12, warmup=3)
                """,
                "own_loops.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class OwnLoop(EpochBasedTrainLoop):
                    def __init__(self, *args, freeze=1, **kwargs):
                        super().__init__(*args, **kwargs)
                """,
            },
            at=Spot(4, 56, 57),
            message="OwnLoop takes no argument 'warmup'; it cannot be built with it",
        ),
    ],
)
