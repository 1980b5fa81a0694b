"""A scheduler has values that its constructor refuses.

mmengine raises, before training begins,

- where ``end`` is not larger than ``begin``. Without an ``end`` it is the training
  length, so a ``begin`` at or past that is also refused;
- where the factors of ``LinearLR`` or ``ConstantLR`` are not between 0 and 1;
- for ``eta_min`` beside ``eta_min_ratio``;
- for ``periods`` and ``restart_weights`` of different lengths;
- for ``convert_to_iter_based=True`` in a scheduler with ``by_epoch=False``.

## Why it matters

Often the values fitted a different length. Training does not start until they are corrected.

## Symptoms

``ValueError`` or ``AssertionError`` while the Runner builds the schedulers.

## Before -> after

Correct the value; ``mmscaffold migrate --max-epochs N`` moves a whole schedule to another length.

## Fix safety

There is no automatic fix: which value is intended cannot be known.

## Source in mmengine

mmengine/optim/scheduler/param_scheduler.py; mmengine/registry/build_functions.py,
``build_scheduler_from_cfg``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.refused import registered_constructor
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.schedulers import scheduler_family
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.schedulers import first_step, scheduler_unit


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each value that is refused."""
    for path, values in config.scheduler_dicts:
        if registered_constructor(config, path, values) is None:
            continue
        name = class_name(values["type"]) or ""
        for key, fault in _faults(config, name, values):
            at = (*path, key) if key in values else path
            yield config.found(at, f"{name}: {fault}; mmengine refuses it", "Correct the value.")


def _faults(config: ConfigView, name: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    begin, end, to = first_step(values), values.get("end"), ""
    unit = scheduler_unit(values)
    if "end" not in values and config.length is not None and config.length.unit is unit:
        end, to = config.length.maximum, " (the training length)"
    if _is_real(begin) and _is_real(end) and end <= begin:
        yield "begin", f"begin={begin} is not before end={end}{to}"
    family = scheduler_family(name)
    for key in family.factors:
        if _is_real(values.get(key)) and not 0 <= values[key] <= 1:
            yield key, f"{key}={values[key]} is not between 0 and 1"
    if family.excludes and all(values.get(key) is not None for key in family.excludes):
        yield family.excludes[-1], f"{' and '.join(family.excludes)} exclude each other"
    counts = [
        len(value)
        for value in (values.get("periods"), values.get("restart_weights", [1]))
        if isinstance(value, list | tuple)
    ]
    if len(set(counts)) == 2:
        yield "periods", f"{counts[0]} periods and {counts[1]} restart_weights"
    if values.get("convert_to_iter_based") is True and unit is Unit.ITERATIONS:
        yield "convert_to_iter_based", "only a scheduler by epoch can be converted"


def _is_real(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


RULE = Rule(
    id="MMS123",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='CosineAnnealingLR', begin=6, eta_min=0)
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='LinearLR', start_factor=1e-3, end=500)
            """,
        ),
        Valid(
            "param_scheduler = dict(type='PolyLR', begin=300)",
        ),
    ],
    invalid=[
        Invalid(
            "param_scheduler = dict(type='PolyLR', begin=5, end=5)",
            at=Spot(1, 45, 46),
            message="PolyLR: begin=5 is not before end=5; mmengine refuses it",
            after="param_scheduler = dict(type='PolyLR', begin=5, end=12)",
        ),
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
            param_scheduler = dict(type='CosineAnnealingLR', begin=150)
            """,
            at=Spot(2, 56, 59),
            message=(
                "CosineAnnealingLR: begin=150 is not before end=12 (the training "
                "length); mmengine refuses it"
            ),
        ),
        Invalid(
            "param_scheduler = dict(type='LinearLR', start_factor=2.0, end=500)",
            at=Spot(1, 54, 57),
            message="LinearLR: start_factor=2.0 is not between 0 and 1; mmengine refuses it",
        ),
        Invalid(
            """
            param_scheduler = dict(type='CosineAnnealingLR', eta_min=0, eta_min_ratio=0.05)
            """,
            at=Spot(1, 75, 79),
            message=(
                "CosineAnnealingLR: eta_min and eta_min_ratio exclude each other; mmengine "
                "refuses it"
            ),
        ),
        Invalid(
            """
            param_scheduler = dict(
                type='CosineRestartLR', periods=[5, 5], restart_weights=[1]
            )
            """,
            at=Spot(2, 37, 43),
            message="CosineRestartLR: 2 periods and 1 restart_weights; mmengine refuses it",
        ),
        Invalid(
            """
            param_scheduler = dict(
                type='PolyLR', by_epoch=False, convert_to_iter_based=True
            )
            """,
            at=Spot(2, 58, 62),
            message="PolyLR: only a scheduler by epoch can be converted; mmengine refuses it",
        ),
    ],
)
