"""``runner`` and ``total_epochs`` become ``train_cfg``, ``val_cfg`` and ``test_cfg``.

An ``EpochBasedRunner``, or none, is an ``EpochBasedTrainLoop``; an ``IterBasedRunner`` is an
``IterBasedTrainLoop``. The length stays what it was: ``RepeatDataset`` makes epochs longer in
both generations.

3.x needs a loop for validation and one for testing beside the data and the metric of each, or
none of the three.

Sources: mmdet 2.28.2, mmdet/utils/compat_config.py (``total_epochs``) and mmdet/apis/train.py
(the runner where there is none); mmengine, runner/loops.py and runner/runner.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.facts.loops import EVALUATION_LOOPS, LOOP_OF_UNIT
from mmscaffold.facts.units import Unit
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-01 length", ANY
WRITES = ("train_cfg", "val_cfg", "test_cfg")
AFTER: tuple[str, ...] = ()
_LOOPS = """
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')
"""
EXAMPLES = (
    Example(
        "runner = dict(type='EpochBasedRunner', max_epochs=12)\n",
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)" + _LOOPS,
    ),
    Example(
        "total_epochs = 12\n",
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)" + _LOOPS,
    ),
    Example(
        "runner = dict(type='IterBasedRunner', max_iters=90000)\n",
        "train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)" + _LOOPS,
    ),
    Example(
        "runner = dict(type='EpochBasedRunnerAmp', max_epochs=3)\n",
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=3)" + _LOOPS,
        ("UP109",),
    ),
    Example(
        "runner = dict(type='MyRunner', max_epochs=3, clean=True)\n",
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=3)" + _LOOPS,
        ("UP202", "UP202"),
    ),
)
_KNOWN = ("EpochBasedRunner", "EpochBasedRunnerAmp", "IterBasedRunner", "Runner")
_AMP = "EpochBasedRunnerAmp"


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the loops."""
    top, runner = old.top(), old.part("runner")
    if not old.owns("runner", "total_epochs", "total_iters"):
        return
    unit = old.unit or Unit.EPOCHS
    row, loop = LOOP_OF_UNIT[unit], new.child("train_cfg")
    loop.put("type", row.name)
    if runner is not None:
        yield from _of_runner(runner, loop, row.maximum)
    elif "runner" in top:
        yield _not_known(top)
    total = "total_iters" if unit is Unit.ITERATIONS else "total_epochs"
    if row.maximum in loop:
        for key in ("total_epochs", "total_iters"):
            top.drop(key, Reason.NO_EFFECT)
    else:
        top.move(total, loop, row.maximum)
        for key in ("total_epochs", "total_iters"):
            if key not in top.said:
                top.drop(key, Reason.NO_EFFECT)
    for key, name in EVALUATION_LOOPS.items():
        if _validates(old, key):
            new.child(key).put("type", name)


def _of_runner(runner: Part, loop: New, maximum: str) -> Iterator[Note]:
    type_ = runner.take("type")
    runner.move(maximum, loop)
    if isinstance(type_, str) and type_.rpartition(".")[2] == _AMP:
        message = "apex trained in mixed precision; AMP of PyTorch does now"
        yield Note("UP109", message, ("optim_wrapper",), ("runner", "type"))
    elif type_ is not None and type_ not in _KNOWN:
        message = f"the runner {type_} of 2.x has no counterpart: {loop.get('type')} trains"
        help_ = "Write what it does as a loop or a hook of mmengine: mmscaffold add loop."
        yield Note("UP202", message, ("train_cfg",), ("runner", "type"), help_)
    for other in ("max_epochs", "max_iters"):
        if other not in runner.said:
            # The runner of this type does not take it.
            runner.drop(other, Reason.NO_EFFECT)
    for key in runner.unsaid():
        runner.leave_to_note(key)
        message = f"runner.{key} has no counterpart in 3.x"
        yield Note("UP202", message, ("train_cfg",), ("runner", key))


def _not_known(top: Part) -> Note:
    value = top.leave_to_note("runner")
    why = value.reason if isinstance(value, Unknown) else "it is no dict"
    help_ = "Write the length of the training into train_cfg."
    return Note("UP214", f"runner cannot be read: {why}", ("train_cfg",), ("runner",), help_)


def _validates(old: OldConfig, key: str) -> bool:
    """Whether there are data for an evaluation loop, as far as this file tells."""
    data = old.root.get("data")
    if not old.is_whole or not isinstance(data, dict):
        return True
    return data.get(key.removesuffix("_cfg")) is not None
