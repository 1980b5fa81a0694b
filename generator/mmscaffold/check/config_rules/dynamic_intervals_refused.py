"""``dynamic_intervals`` is no list of tuples.

The train loop asserts that every entry is a tuple, ``(280, 1)``; a list, ``[280, 1]``, ends in
``AssertionError`` (mmengine/runner/utils.py, ``calc_dynamic_intervals``). YAML and JSON know no
tuples, so such a config cannot set them.

How to mend it: ``dynamic_intervals=[(280, 1)]``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Fix, Severity
from mmscaffold.check.registry import Example
from mmscaffold.facts.loops import TRAIN_LOOPS

ID = "MMS132"
SEVERITY = Severity.ERROR
FIXABLE = True
_LOOP = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=300, dynamic_intervals={})"
VALID: list[Example] = [
    _LOOP.format("[(280, 1)]"),
    _LOOP.format("None"),
    # A loop of one's own may read them in its own way.
    "train_cfg = dict(type='OwnLoop', max_epochs=300, dynamic_intervals=[[280, 1]])",
]
INVALID: list[Example] = [_LOOP.format("[[280, 1]]"), _LOOP.format("(280, 1)")]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if mmengine's loops would refuse them."""
    loop = config.loop
    if loop is None or loop.get("dynamic_intervals") is None:
        return
    intervals = loop["dynamic_intervals"]
    name = loop.get("type")
    known = name is None or str(name).rpartition(".")[2] in TRAIN_LOOPS
    if not known or not isinstance(intervals, list | tuple):
        return
    if isinstance(intervals, list) and all(isinstance(one, tuple) for one in intervals):
        return
    pairs = [one for one in intervals if isinstance(one, list | tuple) and len(one) == 2]
    whole = len(pairs) == len(intervals)
    fix: Fix = ((("train_cfg", "dynamic_intervals"), [tuple(p) for p in pairs]),) if whole else ()
    yield config.found(
        ("train_cfg", "dynamic_intervals"),
        f"dynamic_intervals={intervals!r} is no list of tuples; the train loop refuses it",
        "Write it as [(step, interval)].",
        fix,
    )
