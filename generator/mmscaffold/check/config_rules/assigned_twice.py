"""A file sets a top-level name twice, and nothing reads the first value.

A config is run from top to bottom: the second assignment replaces the first, and does not merge
with it. What the first one says is dead: half of the settings may have got lost.

Two equal values are no finding, nor is a first one whose use is commented out.

How to mend it: remove the one that is not meant, or give it another name.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from mmscaffold.check.config_names import ConfigNames
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Place, Severity
from mmscaffold.check.registry import Example
from mmscaffold.config.text.source import ParsedSource

ID = "MMS121"
SEVERITY = Severity.WARNING
VALID: list[Example] = [
    "max_epochs = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=max_epochs)\nmax_epochs = 24",
    "model = dict(type='RetinaNet')\nmodel.update(bbox_head=dict())\nmodel = dict(detector=model)",
    "x = 1\nx += 1",
    "x = 1\nx = 1",
    "prompt = 'a'\n# test_dataloader = dict(prompt=prompt)\nprompt = 'b'",
    "x = 1\nif x:\n    x = 2",
]
INVALID: list[Example] = [
    "train_dataloader = dict(batch_size=2)\ntrain_dataloader = dict(num_workers=2)",
    "max_epochs = 12\nval_cfg = test_cfg = dict()\nmax_epochs = 24",
]


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
    for first, name, second in ConfigNames(parsed).dead_assignments():
        between = lines[(first.end_lineno or first.lineno) : second.lineno - 1]
        commented_out = any(name.id in line.partition("#")[2] for line in between)
        if commented_out or ast.dump(first.value) == ast.dump(second.value):
            continue
        yield Diagnostic(
            f"{name.id} is set again at {parsed.where(second)}, and nothing reads this value",
            Place.in_config(parsed, name),
            "Remove one of the two, or join them.",
        )
