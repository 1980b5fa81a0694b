"""``evaluation.interval``, ``start`` and ``dynamic_intervals`` become arguments of the loop.

``interval`` is ``train_cfg.val_interval``. Its default is 1 in 2.x; in 3.x it is 1 for an
epoch loop and 1000 for an iteration loop, so it is always written for the latter.

``start`` s is ``val_begin``. 2.x then evaluates at s, s + interval and so on, with any dynamic
interval as well; 3.x at the multiples of the interval from s on. With 0, 2.x also evaluates
before the training, which 3.x cannot.

``dynamic_intervals`` (mmdet) becomes a list of tuples whose milestones are larger by one: 2.x
chooses the interval before the epoch (or iteration) m, 3.x after it. Official ports keep m, which
is one validation more, or one lost.

An interval beyond the length of the training never evaluated in 2.x; 3.x evaluates once, at
the end (UP203). It does so after any training whose last epoch or iteration is not due (UP111).

Sources: mmcv 1.7.2, runner/hooks/evaluation.py (``_should_evaluate``); mmdet 2.28.2,
core/evaluation/eval_hooks.py (``_decide_interval``), apis/train.py (``by_epoch``); mmengine,
runner/loops.py (``_decide_current_val_interval``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgList, CfgTuple
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.facts.loops import LOOP_OF_UNIT
from mmscaffold.facts.units import Unit
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-02 validation", ANY
WRITES = ("train_cfg",)
AFTER = ("UPR-01 length",)
_EPOCHS = "runner = dict(type='EpochBasedRunner', max_epochs=12)\n"
_ITERS = "runner = dict(type='IterBasedRunner', max_iters=9000)\n"
EXAMPLES = (
    Example(
        _EPOCHS + "evaluation = dict(interval=1)\n",
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n",
    ),
    Example(
        _EPOCHS + "evaluation = dict(interval=2)\n",
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=2)\n",
    ),
    Example(
        _ITERS + "evaluation = dict(interval=500)\n",
        "train_cfg = dict(type='IterBasedTrainLoop', max_iters=9000, val_interval=500)\n",
    ),
    *(
        Example(
            _EPOCHS + f"evaluation = dict({old})\n",
            f"train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, {new})\n",
            codes,
        )
        for old, new, codes in (
            ("interval=5", "val_interval=5", ("UP111",)),
            ("interval=6, start=None", "val_interval=6", ()),
            ("start=3, interval=3", "val_interval=3, val_begin=3", ()),
            ("start=10, interval=5", "val_interval=5, val_begin=10", ("UP111",)),
            (
                "interval=4, dynamic_intervals=[(10, 5)]",
                "val_interval=4, dynamic_intervals=[(11, 5)]",
                ("UP111",),
            ),
            # The last interval would begin with an epoch that never comes.
            (
                "interval=4, dynamic_intervals=[(12, 5)]",
                "val_interval=4, dynamic_intervals=[(13, 5)]",
                (),
            ),
        )
    ),
    Example(
        _ITERS + "evaluation = dict(interval=4000)\n",
        "train_cfg = dict(type='IterBasedTrainLoop', max_iters=9000, val_interval=4000)\n",
        ("UP111",),
    ),
    Example(
        _ITERS + "evaluation = dict()\n",
        "train_cfg = dict(type='IterBasedTrainLoop', max_iters=9000, val_interval=1)\n",
    ),
    Example(
        _EPOCHS + "evaluation = dict(interval=5, dynamic_intervals=[(10, 1)])\n",
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=5,\n"
        "                 dynamic_intervals=[(11, 1)])\n",
    ),
    Example(
        _EPOCHS + "evaluation = dict(start=8)\n",
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_begin=8)\n",
    ),
    Example(
        _EPOCHS + "evaluation = dict(start=3, interval=2)\n",
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=2,\n"
        "                 val_begin=3)\n",
        ("UP203",),
    ),
    Example(  # 2.x then evaluated after 7, 9 and 11; this does after 8, 10 and 12.
        _EPOCHS + "evaluation = dict(start=3, dynamic_intervals=[(6, 2)])\n",
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_begin=3,\n"
        "                 dynamic_intervals=[(7, 2)])\n",
        ("UP203",),
    ),
    Example(
        _EPOCHS + "evaluation = dict(start=4, interval=4, dynamic_intervals=[(8, 2)])\n",
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=4,\n"
        "                 val_begin=4, dynamic_intervals=[(9, 2)])\n",
    ),
    Example(
        _EPOCHS + "evaluation = dict(start=0)\n",
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n",
        ("UP203",),
    ),
    Example(
        _EPOCHS + "evaluation = dict(interval=20)\n",
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=20)\n",
        ("UP203",),
    ),
)
_KEYS = ("interval", "start", "dynamic_intervals", "by_epoch")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write when it validates."""
    part = old.part("evaluation")
    if part is None:
        yield from _unreadable(old)
    unit = old.unit or Unit.EPOCHS
    loop = new.child("train_cfg") if "train_cfg" in new else None
    if loop is None:
        # The length stands elsewhere, and so does this.
        for key in _KEYS:
            if part is not None:
                part.take(key)
        return
    if part is None:
        if unit is Unit.ITERATIONS and old.is_whole and "val_cfg" in new:
            loop.put("val_interval", 1)
        return
    differences = [*_interval(part, loop, old, unit), *_start(part, loop, unit)]
    yield from differences
    if not differences:
        yield from _at_end(part, loop, old, unit)
    yield from _dynamic(part, loop)
    # Whatever it says, the runner decides (mmdet/apis/train.py).
    part.drop("by_epoch", Reason.NO_EFFECT)


def _unreadable(old: OldConfig) -> Iterator[Note]:
    top = old.top()
    if top.get("evaluation") is None:
        top.drop("evaluation", Reason.DEFAULT)
        return
    value = top.leave_to_note("evaluation")
    why = value.reason if isinstance(value, Unknown) else "it is no dict"
    yield Note("UP214", f"evaluation cannot be read: {why}", ("train_cfg",), ("evaluation",))


def _interval(part: Part, loop: New, old: OldConfig, unit: Unit) -> Iterator[Note]:
    interval = part.get("interval", 1)
    if "interval" not in part:
        if unit is Unit.ITERATIONS:
            loop.put("val_interval", 1)
    elif interval == 1 and LOOP_OF_UNIT[unit].val_interval == 1:
        part.drop("interval", Reason.DEFAULT)
    else:
        part.move("interval", loop, "val_interval")
    length = old.length
    never = length is not None and isinstance(interval, int) and interval > length
    if length is not None and never and part.get("dynamic_intervals") is None:
        message = f"2.x never validated in {unit.count(length)}; this does at the end"
        yield Note("UP203", message, loop.path, ("evaluation", "interval"))


def _start(part: Part, loop: New, unit: Unit) -> Iterator[Note]:
    start, interval = part.get("start"), part.get("interval", 1)
    where = ("evaluation", "start")
    later = _later_intervals(part)
    if start is None or (start == 1 and interval == 1 and not later):
        part.drop("start", Reason.DEFAULT)
        return
    if isinstance(start, Unknown) or not isinstance(start, int) or start < 0:
        part.move("start", loop, "val_begin")
        message = "val_begin cannot be read: 2.x may have validated at other times"
        yield Note("UP203", message, loop.path, where)
    elif start == 0:
        part.leave_to_note("start")
        message = "2.x also validated before the training; 3.x cannot"
        help_ = "Validate the checkpoint once with tools/test.py, if that number is needed."
        yield Note("UP203", message, loop.path, where, help_)
    else:
        if start == 1:
            part.drop("start", Reason.NO_COUNTERPART)
        else:
            part.move("start", loop, "val_begin")
        if not isinstance(interval, int) or interval < 1:
            message = "2.x may have validated at other times than this does"
        elif all(start % one == 0 for one in (interval, *later)):
            return
        elif later:
            message = f"2.x counted every interval from start={start} on; this counts from 0"
        else:
            old = _counted(start, interval)
            now = _counted(-(-start // interval) * interval, interval)
            message = f"2.x evaluated after {unit.value} {old}; this after {now}"
        yield Note("UP203", message, loop.path, where, "Choose val_begin and val_interval.")


def _at_end(part: Part, loop: New, old: OldConfig, unit: Unit) -> Iterator[Note]:
    """A note if 3.x validates at the end, and 2.x did so for the last time before."""
    length, start = old.length, part.get("start", 0)
    start = 0 if start is None else start
    interval = part.get("interval", 1)
    if length is None or not isinstance(start, int) or start > length:
        return
    if isinstance(old.root.get("data"), dict) and not old.root["data"].get("val"):
        return
    stages = part.get("dynamic_intervals")
    for stage in stages if isinstance(stages, list | tuple) else ():
        # 2.x chose the interval before its last epoch or iteration.
        if _is_stage(stage) and stage[0] <= length - 1:
            interval = stage[1]
    if isinstance(interval, int) and interval > 0 and (length - start) % interval:
        message = f"it also validates at the end, after {unit.count(length)}; 2.x did not"
        yield Note("UP111", message, (*loop.path, "val_interval"), ("evaluation", "interval"))


def _later_intervals(part: Part) -> list[int]:
    """The intervals that follow the first one, as far as they are known."""
    stages = part.get("dynamic_intervals")
    if not isinstance(stages, list | tuple):
        return []
    return [stage[1] for stage in stages if _is_stage(stage) and stage[1] > 0]


def _counted(first: int, interval: int) -> str:
    return ", ".join(str(first + number * interval) for number in range(3)) + ", ..."


def _dynamic(part: Part, loop: New) -> Iterator[Note]:
    stages = part.get("dynamic_intervals")
    if stages is None:
        part.drop("dynamic_intervals", Reason.DEFAULT)
        return
    if isinstance(stages, list | tuple) and all(map(_is_stage, stages)):
        part.take("dynamic_intervals")
        moved = [CfgTuple((milestone + 1, interval)) for milestone, interval in stages]
        loop.put("dynamic_intervals", CfgList(moved))
        return
    part.leave_to_note("dynamic_intervals")
    message = "dynamic_intervals must be a list of pairs of numbers"
    help_ = "Write them as tuples; a milestone is larger by one than it was in 2.x."
    yield Note("UP203", message, loop.path, ("evaluation", "dynamic_intervals"), help_)


def _is_stage(value: Any) -> bool:
    is_pair = isinstance(value, list | tuple) and len(value) == 2
    return is_pair and all(isinstance(one, int) for one in value)
