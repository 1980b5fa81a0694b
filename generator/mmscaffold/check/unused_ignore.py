"""An ignore comment names a rule that has no finding on its line.

## Why it matters

``# mmscaffold: ignore[MMS104] the plateau is intended`` suppresses a finding on its line. Once
the fault is gone, or has moved to another line, the comment suppresses nothing, and would
suppress the next fault that appears there.

## Symptoms

None in the log: comments do not affect training.

## Before -> after

Remove the comment, or the id from its list; or move it to the line of the finding.

## Fix safety

There is no automatic fix: the comment also holds the reason, which only its author can judge.

## Source in mmengine

None: these comments are read by mmscaffold alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid

ID = "MMS001"


def check(subject: Any) -> Iterator[Diagnostic]:
    """Yield nothing: the engine knows what was ignored, and reports it itself."""
    yield from ()


RULE = Rule(
    id=ID,
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            train_cfg = dict(
                type='EpochBasedTrainLoop',
                by_epoch=True,  # mmscaffold: ignore[MMS101] shows the error
                max_epochs=12)
            """
        )
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(by_epoch=True, max_epochs=12)  # mmscaffold: ignore[MMS101] old reason
            """,
            at=Spot(1, 49, 77),
            message="this comment suppresses MMS101, but its line has no such finding",
            after="train_cfg = dict(by_epoch=True, max_epochs=12)",
        ),
        Invalid(
            """
            x = 1  # mmscaffold: ignore[MMS999]
            """,
            at=Spot(1, 8, 36),
            message="this comment names MMS999, which is not a rule",
            after="x = 1",
        ),
    ],
)
