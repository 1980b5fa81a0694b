"""The annealing policies become the schedulers of the same curve.

``CosineAnnealing`` is ``CosineAnnealingLR``. ``min_lr`` is ``eta_min``; ``min_lr_ratio`` is
``eta_min_ratio``, which follows the learning rate that a child sets, as it did in 2.x. With a
warm-up the cosine still begins at 0: it runs below the warm-up in both generations. Official ports
write ``begin`` at the end of the warm-up, which is up to 21 % of the peak off.

``FlatCosineAnnealing`` begins at ``start_percent`` of the length. ``LinearAnnealing`` is
``LinearLR`` down to the ratio, and needs an ``end`` one step beyond the training to end where 2.x
did. ``CosineRestart`` is ``CosineRestartLR``, which must stand before the warm-up, as it sets the
value where a period begins. ``exp`` is ``ExponentialLR``, and ``fixed`` is nothing at all.

Sources: mmcv 1.7.2, runner/hooks/lr_updater.py; mmengine, optim/scheduler/param_scheduler.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example
from mmscaffold.upgrade.scheduling import OldSchedule, put_first, schedules

ID, PACKAGE = "UPR-06 schedule-annealing", ANY
WRITES = ("param_scheduler",)
AFTER = ("UPR-09 schedule-warm-up",)
_TWELVE = "total_epochs = 12\noptimizer = dict(type='SGD', lr=0.1, momentum=0.9)\n"
EXAMPLES = (
    Example(
        "lr_config = dict(policy='CosineAnnealing', min_lr=0)\n",
        "param_scheduler = [dict(type='CosineAnnealingLR', by_epoch=True, eta_min=0)]\n",
    ),
    Example(
        "lr_config = dict(policy='CosineAnnealing', min_lr_ratio=1e-2, by_epoch=False,\n"
        "                 warmup='linear', warmup_iters=1000)\n",
        "param_scheduler = [\n"
        "    dict(type='LinearLR', by_epoch=False, start_factor=0.1, begin=0, end=1000),\n"
        "    dict(type='CosineAnnealingLR', by_epoch=False, eta_min_ratio=1e-2),\n]\n",
    ),
    Example(
        _TWELVE + "lr_config = dict(policy='FlatCosineAnnealing', min_lr=0., start_percent=0.5)\n",
        "param_scheduler = [\n"
        "    dict(type='CosineAnnealingLR', by_epoch=True, begin=6, eta_min=0.),\n]\n",
    ),
    Example(
        _TWELVE + "lr_config = dict(policy='LinearAnnealing', min_lr=0.01)\n",
        "param_scheduler = [\n"
        "    dict(type='LinearLR', by_epoch=True, start_factor=1.0, end_factor=0.1, end=13),\n]\n",
    ),
    Example(
        "lr_config = dict(policy='CosineRestart', periods=[4, 8], restart_weights=[1, .5],\n"
        "                 min_lr=1e-5)\n",
        "param_scheduler = [dict(type='CosineRestartLR', by_epoch=True, periods=[4, 8],\n"
        "                        restart_weights=[1, .5], eta_min=1e-5)]\n",
    ),
    Example(
        "lr_config = dict(policy='CosineRestart', periods=[4], min_lr=0, warmup='linear',\n"
        "                 warmup_iters=500)\n",
        "param_scheduler = [\n"
        "    dict(type='CosineRestartLR', by_epoch=True, periods=[4], eta_min=0),\n"
        "    dict(type='LinearLR', by_epoch=False, start_factor=0.1, begin=0, end=500),\n]\n",
    ),
    Example(
        "lr_config = dict(policy='exp', gamma=0.9)\n",
        "param_scheduler = [dict(type='ExponentialLR', by_epoch=True, gamma=0.9)]\n",
    ),
    Example("lr_config = dict(policy='fixed')\n", "param_scheduler = []\n"),
    Example(
        "momentum_config = dict(policy='CosineAnnealing', min_momentum=0.5)\n",
        "param_scheduler = [dict(type='CosineAnnealingMomentum', by_epoch=True, eta_min=0.5)]\n",
    ),
)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the curve."""
    for schedule in schedules(old, *_WRITERS):
        yield from _WRITERS[schedule.policy](schedule, new)
        yield from schedule.end()


def _cosine(schedule: OldSchedule, new: New) -> Iterator[Note]:
    schedule.lowest(schedule.scheduler(new, "CosineAnnealing"))
    yield from ()


def _flat(schedule: OldSchedule, new: New) -> Iterator[Note]:
    share, length = schedule.number("start_percent", 0.75), schedule.length
    made = schedule.scheduler(new, "CosineAnnealing")
    schedule.lowest(made)
    if share is None or length is None:
        message = "where the cosine begins depends on a length that is not known"
        yield schedule.leave("start_percent", message)
        return
    schedule.part.take("start_percent")
    made.put("begin", round(length * share))


def _linear(schedule: OldSchedule, new: New) -> Iterator[Note]:
    part, initial, ratio = schedule.part, schedule.initial, f"{schedule.minimum}_ratio"
    made = schedule.scheduler(new, "Linear")
    made.put("start_factor", 1.0)
    lowest = schedule.number(schedule.minimum)
    if part.get(ratio) is not None:
        part.move(ratio, made, "end_factor")
        part.take(schedule.minimum)
    elif lowest is not None and (initial or lowest == 0):
        part.take(schedule.minimum)
        part.take(ratio)
        made.put("end_factor", _quotient(lowest, initial or 1.0))
    else:
        made.put("end_factor", 0.0)
        yield schedule.leave(schedule.minimum, "how low the schedule goes is not known")
    if schedule.length is not None:
        made.put("end", schedule.length + 1)


def _quotient(value: float, base: float) -> float:
    # 0.01 / 0.1 as people write it.
    return float(f"{value / base:.12g}")


def _restart(schedule: OldSchedule, new: New) -> Iterator[Note]:
    made = schedule.scheduler(new, "CosineRestart")
    schedule.part.move("periods", made)
    schedule.part.move("restart_weights", made)
    schedule.lowest(made)
    # It sets the value where a period begins, also the first one: a warm-up must come after it.
    put_first(new)
    yield from ()


def _exponential(schedule: OldSchedule, new: New) -> Iterator[Note]:
    schedule.part.move("gamma", schedule.scheduler(new, "Exponential"))
    yield from ()


def _fixed(schedule: OldSchedule, new: New) -> Iterator[Note]:
    del schedule, new
    yield from ()


_WRITERS = {
    "CosineAnnealing": _cosine,
    "FlatCosineAnnealing": _flat,
    "LinearAnnealing": _linear,
    "CosineRestart": _restart,
    "Exp": _exponential,
    "Fixed": _fixed,
}
