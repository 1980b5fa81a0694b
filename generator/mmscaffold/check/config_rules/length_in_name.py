"""The name of the file states a different length from the one the config trains.

OpenMMLab names configs by their length: ``50e`` is 50 epochs, ``90k`` 90,000 iterations,
``1x`` 12 epochs of COCO, ``2x`` 24 and ``3x`` 36. A ``RepeatDataset`` multiplies the data, and
``times`` of it counts: 12 epochs of data repeated three times are ``3x``.

Only comparable lengths are compared: epochs with an epoch loop, iterations with an iteration loop,
and ``Nx`` where the name says ``coco``.

## Why it matters

Anyone who picks a config by its name, or compares results by it, expects a different training run
from the one they get.

## Symptoms

None but the last epoch or iteration in the log, which is not the one in the name.

## Before -> after

Rename the file, or correct the length.

## Fix safety

There is no automatic fix: either the name or the length may be right.

## Source in mmengine

None: the names are a convention of MMDetection's documentation ("Learn about Configs").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.data import repetition

_TOKEN = re.compile(r"(\d+(?:\.\d+)?)([exk])")
_SEPARATORS = re.compile(r"[-_]")
_EPOCHS_OF_1X = 12


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if the two can be compared and differ."""
    length = config.length
    if length is None or not config.is_runnable:
        return
    parts = _SEPARATORS.split(config.path.stem)
    stated = [match for match in map(_TOKEN.fullmatch, parts) if match]
    if len(stated) != 1:
        return
    number, kind = float(stated[0][1]), stated[0][2]
    if length.unit is Unit.ITERATIONS:
        expected, real = int(number * 1000), length.maximum
        comparable = kind == "k"
    else:
        expected = int(number * (_EPOCHS_OF_1X if kind == "x" else 1))
        data = repetition(config.get("train_dataloader.dataset"))
        times = None if data.is_joined else data.times
        real = length.maximum * (times or 0)
        comparable = times is not None and (kind == "e" or (kind == "x" and "coco" in parts))
    if comparable and real != expected:
        repeated = "" if real == length.maximum else f", data repeated {times} times"
        yield config.found(
            length.path,
            f"the name says {stated[0][0]}, which is {length.unit.count(expected)}; the config "
            f"trains {length.unit.count(length.maximum)}{repeated}",
            "Rename the file, or correct the length.",
        )


RULE = Rule(
    id="MMS125",
    severity=Severity.INFO,
    check=check,
    valid=[
        Valid(
            {
                "own_r50_50e_coco.py": """
                model = dict()
                train_cfg = dict(by_epoch=True, max_epochs=50)
                train_dataloader = dict()
                """,
            },
        ),
        Valid(
            {
                "own_r50_ms-3x_coco.py": """
                model = dict()
                train_cfg = dict(by_epoch=True, max_epochs=12)
                train_dataloader = dict(
                    dataset=dict(type='RepeatDataset', times=3, dataset=dict())
                )
                """,
            },
        ),
        Valid(
            {
                "own_r50_8xb2-1x_coco.py": """
                model = dict()
                train_cfg = dict(by_epoch=True, max_epochs=12)
                train_dataloader = dict()
                """,
            },
        ),
        Valid(
            {
                "own_r50_1x_voc0712.py": """
                model = dict()
                train_cfg = dict(by_epoch=True, max_epochs=4)
                train_dataloader = dict()
                """,
            },
            because="It may be measured in something else.",
        ),
        Valid(
            {
                "own_r50_90k_coco.py": """
                model = dict()
                train_cfg = dict(by_epoch=True, max_epochs=12)
                train_dataloader = dict()
                """,
            },
        ),
        Valid(
            {
                "own_r50_1.5x_coco.py": """
                model = dict()
                train_cfg = dict(by_epoch=True, max_epochs=18)
                train_dataloader = dict()
                """,
            },
        ),
    ],
    invalid=[
        Invalid(
            {
                "own_r50_50e_coco.py": """
                model = dict()
                train_cfg = dict(by_epoch=True, max_epochs=36)
                train_dataloader = dict()
                """,
            },
            at=Spot(2, 44, 46),
            message="the name says 50e, which is 50 epochs; the config trains 36 epochs",
            after="""
            model = dict()
            train_cfg = dict(by_epoch=True, max_epochs=50)
            train_dataloader = dict()
            """,
        ),
        Invalid(
            {
                "own_r50_1x_coco.py": """
                model = dict()
                train_cfg = dict(by_epoch=True, max_epochs=24)
                train_dataloader = dict()
                """,
            },
            at=Spot(2, 44, 46),
            message="the name says 1x, which is 12 epochs; the config trains 24 epochs",
        ),
        Invalid(
            {
                "own_r50_ms-3x_coco.py": """
                model = dict()
                train_cfg = dict(by_epoch=True, max_epochs=36)
                train_dataloader = dict(
                    dataset=dict(type='RepeatDataset', times=3, dataset=dict())
                )
                """,
            },
            at=Spot(2, 44, 46),
            message=(
                "the name says 3x, which is 36 epochs; the config trains 36 epochs, data "
                "repeated 3 times"
            ),
        ),
        Invalid(
            {
                "own_r50_90k_coco.py": """
                model = dict()
                train_dataloader = dict()
                train_cfg = dict(by_epoch=False, max_iters=180000)
                """,
            },
            at=Spot(3, 44, 50),
            message=(
                "the name says 90k, which is 90000 iterations; the config trains 180000 iterations"
            ),
        ),
    ],
)
