"""Hooks of mmdet 2.x that are named, or do their work, otherwise in 3.x.

| 2.x | 3.x |
| --- | --- |
| ``ExpMomentumEMAHook(total_iter, skip_buffers)`` | ``EMAHook(ema_type='ExpMomentumEMA', gamma, update_buffers)``; buffers were averaged by default, so it is written out |
| ``LinearMomentumEMAHook`` | ``EMAHook``, which does not begin slowly: there is no equal if the momentum is large (UP209); the momentum to the power of ``interval``, as it was |
| ``SyncNormHook(num_last_epochs, interval)`` | ``SyncNormHook()``: before each validation (UP101) |
| ``SetEpochInfoHook`` | gone where the detector is mmdet's: its heads ask for the epoch themselves, and no detector has the method ``set_epoch`` that the hook calls |

``YOLOXModeSwitchHook``, ``CheckInvalidLossHook`` and ``MemoryProfilerHook`` are the same.

Sources: mmdet 2.28.2, mmdet/core/hook; mmdet 3.3.0, mmdet/engine/hooks, mmdet/models/layers/ema.py
and models/dense_heads/tood_head.py; mmengine, hooks/ema_hook.py and model/averaged_model.py.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, origin_of
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.upgrade.averages import WARM_UP_HELP, began_smaller, move_momentum, resumed
from mmscaffold.upgrade.known_names import is_registered
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import Example
from mmscaffold.upgrade.tables.mmdet_models import SCOPE, is_part_of_3x
from mmscaffold.upgrade.tables.mmdet_names import is_own_name, taken

ID, PACKAGE = "UPR-34 mmdet-hooks", "mmdet"
WRITES = ("custom_hooks",)
AFTER = ("UPR-34 custom-hooks",)
EXAMPLES = (
    Example(
        "custom_hooks = [dict(type='ExpMomentumEMAHook', resume_from=None, momentum=0.0001,\n"
        "                     priority=49)]\n",
        "custom_hooks = [dict(type='EMAHook', ema_type='ExpMomentumEMA', momentum=0.0001,\n"
        "                     priority=49, update_buffers=True)]\n",
    ),
    Example(
        "custom_hooks = [dict(type='ExpMomentumEMAHook', total_iter=500, skip_buffers=True)]\n",
        "custom_hooks = [dict(type='EMAHook', ema_type='ExpMomentumEMA', gamma=500,\n"
        "                     update_buffers=False)]\n",
    ),
    Example(
        "custom_hooks = [dict(type='LinearMomentumEMAHook', warm_up=10, momentum=0.001)]\n",
        "custom_hooks = [dict(type='EMAHook', ema_type='ExponentialMovingAverage',\n"
        "                     momentum=0.001, update_buffers=True)]\n",
    ),
    Example(
        "custom_hooks = [dict(type='LinearMomentumEMAHook', interval=3, momentum=0.1,\n"
        "                     warm_up=2000)]\n",
        "custom_hooks = [dict(type='EMAHook', ema_type='ExponentialMovingAverage', interval=3,\n"
        "                     momentum=0.001, update_buffers=True)]\n",
        ("UP209",),
    ),
    Example(
        "custom_hooks = [dict(type='ExpMomentumEMAHook', interval=3, momentum=0.1)]\n",
        "custom_hooks = [dict(type='EMAHook', ema_type='ExpMomentumEMA', interval=3,\n"
        "                     momentum=0.1, update_buffers=True)]\n",
    ),
    Example(
        "custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=15, priority=48),\n"
        "                dict(type='SyncNormHook', num_last_epochs=15, interval=10,\n"
        "                     priority=48)]\n",
        "custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=15, priority=48),\n"
        "                dict(type='SyncNormHook', priority=48)]\n",
        ("UP101",),
    ),
    Example(
        "model = dict(type='TOOD')\ncustom_hooks = [dict(type='SetEpochInfoHook')]\n",
        "custom_hooks = []\n",
    ),
    Example(
        "model = dict(type='Mine')\ncustom_hooks = [dict(type='SetEpochInfoHook')]\n",
        "custom_hooks = [dict(type='SetEpochInfoHook')]\n",
        ("UP202",),
    ),
)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Rewrite them."""
    hooks = new.get("custom_hooks")
    if not isinstance(hooks, CfgList):
        return
    for index, hook in enumerate(hooks):
        name = _type(hook)
        is_own = isinstance(name, str) and bool(_olds(old, name)) and is_own_name(name)
        if is_own and is_registered(name, "HOOKS", SCOPE):
            message, help_ = taken(name)
            where = ("custom_hooks", index, "type")
            yield Note("UP202", message, where, ("custom_hooks",), help_)
    for name, rewrite in _REWRITTEN.items():
        places = [i for i, hook in enumerate(hooks) if _type(hook) == name]
        for index, part in zip(places, _olds(old, name), strict=False):
            made = New(CfgDict(), ("custom_hooks", index))
            yield from rewrite(part, made)
            hooks.put(index, made.values, origin_of(hooks, index))
    _drop_epoch_hooks(old, hooks)


def _type(hook: Any) -> Any:
    return hook.get("type") if isinstance(hook, dict) else None


def _olds(old: OldConfig, name: str) -> list[Part]:
    top = old.top()
    single = top.inside("custom_hooks")
    hooks = top.elements_of("custom_hooks") if single is None else [single]
    return [hook for hook in hooks if hook.get("type") == name]


def _exponential(part: Part, made: New) -> Iterator[Note]:
    _average(part, made, "ExpMomentumEMA")
    part.move("momentum", made)
    part.move("total_iter", made, "gamma")
    yield from _rest(part, made)


def _linear(part: Part, made: New) -> Iterator[Note]:
    _average(part, made, "ExponentialMovingAverage")
    move_momentum(part, made)
    if began_smaller(part):
        part.leave_to_note("warm_up")
        message = "LinearMomentumEMAHook began with a smaller momentum (warm_up)"
        yield Note("UP209", message, made.path, part.path, WARM_UP_HELP)
    else:
        part.drop("warm_up", Reason.NO_EFFECT)
    yield from _rest(part, made)


def _average(part: Part, made: New, kind: str) -> None:
    part.take("type")
    made.put("type", "EMAHook")
    made.put("ema_type", kind)
    for key in ("interval", "priority"):
        part.move(key, made)


def _rest(part: Part, made: New) -> Iterator[Note]:
    skipped = part.take("skip_buffers", False)
    made.put("update_buffers", skipped if isinstance(skipped, Unknown) else not skipped)
    yield from resumed(part, made)
    part.rest(made)


def _sync_norm(part: Part, made: New) -> Iterator[Note]:
    part.move("type", made)
    gone = [key for key in ("num_last_epochs", "interval") if key in part]
    for key in gone:
        part.drop(key, Reason.NO_COUNTERPART)
    part.rest(made)
    if gone:
        yield Note(
            "UP101",
            "SyncNormHook synchronizes before each validation, not each interval",
            made.path,
            part.path,
            f"It has no {' and '.join(gone)} in 3.x.",
        )


_REWRITTEN: Mapping[str, Callable[[Part, New], Iterator[Note]]] = {
    "ExpMomentumEMAHook": _exponential,
    "LinearMomentumEMAHook": _linear,
    "SyncNormHook": _sync_norm,
}


def _drop_epoch_hooks(old: OldConfig, hooks: CfgList) -> None:
    model = old.root.get("model")
    if not is_part_of_3x(_type(model)):
        return
    name = "SetEpochInfoHook"
    for part in _olds(old, name):
        for key in part:
            part.drop(key, Reason.AUTOMATIC)
    for index in reversed(range(len(hooks))):
        if _type(hooks[index]) == name:
            del hooks[index]
