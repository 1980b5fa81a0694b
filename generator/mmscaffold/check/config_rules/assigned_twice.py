"""A file sets a top-level name twice, and nothing reads the first value.

Two equal values are not a finding, nor is a first one whose use is commented out.

## Why it matters

A config runs from top to bottom: the second assignment replaces the first and does not merge
with it. What the first one says has no effect, so half of the settings may be lost.

## Symptoms

None in the log. Training uses only the settings of the second assignment; what the first
one set is missing from the config that mmengine prints at the start.

## Before -> after

Merge the two values, remove the one that is not intended, or give it another name.

## Fix safety

There is no automatic fix: only the author knows which of the two values is intended.

## Source in mmengine

mmengine/config/config.py, ``Config._file2dict``: it executes the file and takes the names as
they are at the end.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from mmscaffold.check.config_names import ConfigNames
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Place, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.text.source import ParsedSource


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each value that is replaced unread."""
    parsed = config.config.parsed
    if not isinstance(parsed, ParsedSource):
        return
    times = Counter(
        target.id
        for statement in parsed.tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    )
    if not times or max(times.values()) == 1:
        return
    lines = parsed.text.splitlines()
    for first, name, second in ConfigNames.of(parsed).dead_assignments():
        between = lines[(first.end_lineno or first.lineno) : second.lineno - 1]
        commented_out = any(name.id in line.partition("#")[2] for line in between)
        if commented_out or ast.dump(first.value) == ast.dump(second.value):
            continue
        yield Diagnostic(
            f"{name.id} is set again at {parsed.where(second)}, and nothing reads this value",
            Place.in_config(parsed, name),
            "Remove one of the two, or merge them.",
        )


RULE = Rule(
    id="MMS121",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            max_epochs = 12
            train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
            max_epochs = 24
            """,
        ),
        Valid(
            """
            model = dict(type='RetinaNet')
            model.update(bbox_head=dict())
            model = dict(detector=model)
            """,
        ),
        Valid(
            """
            x = 1
            x += 1
            """,
        ),
        Valid(
            """
            x = 1
            x = 1
            """,
        ),
        Valid(
            """
            prompt = 'a'
            # test_dataloader = dict(prompt=prompt)
            prompt = 'b'
            """,
        ),
        Valid(
            """
            x = 1
            if x:
                x = 2
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            train_dataloader = dict(batch_size=2)
            train_dataloader = dict(num_workers=2)
            """,
            at=Spot(1, 1, 17),
            message=(
                "train_dataloader is set again at config.py:2:1, and nothing reads this value"
            ),
            after="train_dataloader = dict(batch_size=2, num_workers=2)",
        ),
        Invalid(
            """
            max_epochs = 12
            val_cfg = test_cfg = dict()
            max_epochs = 24
            """,
            at=Spot(1, 1, 11),
            message="max_epochs is set again at config.py:3:1, and nothing reads this value",
        ),
    ],
)
