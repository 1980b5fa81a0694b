"""``custom_hooks`` stay, and those of mmcv that 3.x does not have are told.

``EMAHook`` of mmcv averages with a momentum that grows during ``warm_up``; mmengine's plain
average, ``ExponentialMovingAverage``, has none, which makes no difference where the momentum is
small. mmcv takes the momentum to the power of ``interval``, which mmengine does not, so the power
is written. Hooks that mmengine registers itself go. ``ProfilerHook`` names its arguments anew, and
3.x leaves the GPU out by default.

A hook of one's own moves, and gets a note: mmengine calls other methods
(``before_train_epoch`` instead of ``before_epoch``, arguments instead of members of the Runner).
``mmscaffold check`` finds them.

Sources: mmcv 1.7.2, runner/hooks/ema.py, profiler.py and base_runner.py
(``register_custom_hooks``); mmengine, hooks/ and model/averaged_model.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.upgrade.averages import WARM_UP_HELP, began_smaller, move_momentum, resumed
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-34 custom-hooks", ANY
WRITES = ("custom_hooks",)
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example(
        "custom_hooks = [dict(type='NumClassCheckHook')]\n",
        "custom_hooks = [dict(type='NumClassCheckHook')]\n",
    ),
    Example(
        "custom_hooks = dict(type='EmptyCacheHook', after_iter=True)\n",
        "custom_hooks = [dict(type='EmptyCacheHook', after_iter=True)]\n",
    ),
    Example(
        "custom_hooks = [dict(type='IterTimerHook'), dict(type='Mine', priority=48)]\n",
        "custom_hooks = [dict(type='Mine', priority=48)]\n",
        ("UP202",),
    ),
    Example(
        "custom_hooks = [dict(type='EMAHook', momentum=0.001, warm_up=10, resume_from=None)]\n",
        "custom_hooks = [dict(type='EMAHook', ema_type='ExponentialMovingAverage',\n"
        "                     momentum=0.001)]\n",
    ),
    Example(
        "custom_hooks = [dict(type='EMAHook', momentum=0.02, priority=49)]\n",
        "custom_hooks = [dict(type='EMAHook', ema_type='ExponentialMovingAverage',\n"
        "                     momentum=0.02, priority=49)]\n",
        ("UP209",),
    ),
    Example(
        "custom_hooks = [dict(type='EMAHook', momentum=0.001, resume_from='a.pth')]\n",
        "custom_hooks = [dict(type='EMAHook', ema_type='ExponentialMovingAverage',\n"
        "                     momentum=0.001)]\n",
        ("UP209",),
    ),
    Example(
        "custom_hooks = [dict(type='EMAHook', momentum=0.01, interval=2)]\n",
        "custom_hooks = [dict(type='EMAHook', ema_type='ExponentialMovingAverage',\n"
        "                     momentum=0.0001, interval=2)]\n",
    ),
    Example(
        "custom_hooks = [dict(type='EMAHook', interval=2)]\n",
        "custom_hooks = [dict(type='EMAHook', ema_type='ExponentialMovingAverage',\n"
        "                     momentum=4e-8, interval=2)]\n",
    ),
    Example(
        "custom_hooks = [dict(type='ProfilerHook', by_epoch=False)]\n",
        "custom_hooks = [dict(type='ProfilerHook', activity_with_cpu=True,\n"
        "                     activity_with_cuda=True, by_epoch=False)]\n",
    ),
    Example(
        "custom_hooks = [dict(type='ProfilerHook', activities=['CUDA'])]\n",
        "custom_hooks = [dict(type='ProfilerHook', activity_with_cpu=False,\n"
        "                     activity_with_cuda=True)]\n",
    ),
    Example(
        "custom_hooks = [dict(type='ProfilerHook', profile_iters=3,\n"
        "                     activities=['cpu', 'cuda'])]\n",
        "custom_hooks = [dict(type='ProfilerHook', profile_times=3, activity_with_cpu=True,\n"
        "                     activity_with_cuda=True)]\n",
    ),
)
_ACTIVITIES = ("cpu", "cuda")
_THERE_ANYWAY = frozenset({"IterTimerHook", "DistSamplerSeedHook"})


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Move them."""
    top = old.top()
    hooks = top.get("custom_hooks")
    if isinstance(hooks, CfgDict):
        # mmcv takes a single one, too.
        part = old.part("custom_hooks")
        made = CfgList()
        new.put("custom_hooks", made)
        if part is not None and hooks:
            yield from _hook(part, made, origin_of(top.values, "custom_hooks"))
    elif isinstance(hooks, CfgList | CfgTuple):
        made = CfgList()
        new.values.put("custom_hooks", made, origin_of(top.values, "custom_hooks"))
        parts = {part.path[-1]: part for part in top.parts("custom_hooks")}
        for index, item in enumerate(hooks):
            if index in parts:
                yield from _hook(parts[index], made, origin_of(hooks, index))
            elif item is not None and item != {}:
                made.append(item, origin_of(hooks, index))
    elif hooks is None:
        top.drop("custom_hooks", Reason.DEFAULT)
    else:
        top.move("custom_hooks", new)
        why = hooks.reason if isinstance(hooks, Unknown) else "it is no list"
        yield Note(
            "UP214", f"custom_hooks cannot be read: {why}", ("custom_hooks",), ("custom_hooks",)
        )


def _hook(part: Part, hooks: CfgList, origin: Origin | None) -> Iterator[Note]:
    type_ = part.get("type")
    if isinstance(type_, str) and type_ in _THERE_ANYWAY:
        for key in part:
            part.drop(key, Reason.AUTOMATIC)
        return
    made = New(CfgDict(), ("custom_hooks", len(hooks)))
    if type_ == "EMAHook":
        yield from _average(part, made)
    elif type_ == "ProfilerHook":
        _profiler(part, made)
    if made.values:
        hooks.append(made.values)
    else:
        # The same dict, so that its text can stay.
        part.rest(made)
        hooks.append(part.values, origin)


def _average(part: Part, made: New) -> Iterator[Note]:
    part.move("type", made)
    made.put("ema_type", "ExponentialMovingAverage")
    move_momentum(part, made)
    for same in ("interval", "priority"):
        part.move(same, made)
    if began_smaller(part):
        part.leave_to_note("warm_up")
        message = "EMAHook of 2.x began with a smaller momentum (warm_up); 3.x does not"
        yield Note("UP209", message, made.path, part.path, WARM_UP_HELP)
    else:
        part.drop("warm_up", Reason.NO_EFFECT)
    yield from resumed(part, made)
    part.rest(made)


def _profiler(part: Part, made: New) -> None:
    part.move("type", made)
    part.move("profile_iters", made, "profile_times")
    activities = part.get("activities", _ACTIVITIES)
    if isinstance(activities, list | tuple):
        part.take("activities")
        named = [str(one).lower() for one in activities]
        for name in _ACTIVITIES:
            made.put(f"activity_with_{name}", name in named)
    part.rest(made)
