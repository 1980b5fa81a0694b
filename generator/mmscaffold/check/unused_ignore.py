"""A comment ignores a rule that finds nothing there.

``# mmscaffold: ignore[MMS104] the plateau is meant`` hides a finding on its line. Once the
fault is gone, or has moved to another line, the comment hides nothing, and would hide
the next fault that comes.

How to mend it: remove the comment, or the id from its list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS001"
SEVERITY = Severity.WARNING
VALID: list[Example] = [
    "train_cfg = dict(type='EpochBasedTrainLoop',\n"
    "                 by_epoch=True,  # mmscaffold: ignore[MMS101] shows the error\n"
    "                 max_epochs=12)"
]
INVALID: list[Example] = [
    "train_cfg = dict(by_epoch=True, max_epochs=12)  # mmscaffold: ignore[MMS101] old reason"
]


def check(subject: Any) -> Iterator[Diagnostic]:
    """Yield nothing: the engine knows what was ignored, and reports it itself."""
    yield from ()
