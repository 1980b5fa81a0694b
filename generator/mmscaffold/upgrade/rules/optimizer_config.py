"""``optimizer_config`` becomes arguments of the optim wrapper.

``grad_clip`` is ``clip_grad``; None says nothing. ``cumulative_iters`` (and ``update_interval`` of
``DistOptimizerHook``) is ``accumulative_counts``. How gradients are gathered from several GPUs
(``coalesce``, ``bucket_size_mb``) is PyTorch's own affair now. ``detect_anomalous_params`` was for
finding faults, and has no counterpart.

Sources: mmcv 1.7.2, runner/hooks/optimizer.py; mmengine, optim/optimizer/optimizer_wrapper.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.facts.legacy import LEGACY_OPTIMIZER_HOOKS
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-12 optimizer-config", ANY
WRITES = ("optim_wrapper",)
AFTER = ("UPR-11 optimizer",)
_OLD = "optimizer = dict(type='SGD', lr=1.)\n"
_NEW = "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=1.)"
EXAMPLES = (
    Example(_OLD + "optimizer_config = dict(grad_clip=None)\n", f"{_NEW})\n"),
    Example(
        _OLD + "optimizer_config = dict(grad_clip=dict(max_norm=35, norm_type=2))\n",
        f"{_NEW}, clip_grad=dict(max_norm=35, norm_type=2))\n",
    ),
    Example(
        _OLD + "optimizer_config = dict(type='GradientCumulativeOptimizerHook',\n"
        "                        cumulative_iters=4)\n",
        f"{_NEW}, accumulative_counts=4)\n",
    ),
    Example(
        _OLD + "optimizer_config = dict(type='DistOptimizerHook', update_interval=1,\n"
        "    grad_clip=None, coalesce=True, bucket_size_mb=-1, use_fp16=False)\n",
        f"{_NEW})\n",
    ),
    Example(
        _OLD + "optimizer_config = dict(detect_anomalous_params=True)\n",
        f"{_NEW})\n",
        ("UP101",),
    ),
    Example(_OLD + "optimizer_config = dict(type='Mine', a=1)\n", f"{_NEW})\n", ("UP202",)),
)
# DistOptimizerHook was mmdet's own, for apex.
_HOOKS = (*LEGACY_OPTIMIZER_HOOKS, "DistOptimizerHook")
_OWN = ("use_fp16", "loss_scale")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Add to the optim wrapper."""
    top, part = old.top(), old.part("optimizer_config")
    if part is None:
        if top.get("optimizer_config") is None:
            top.drop("optimizer_config", Reason.DEFAULT)
        else:
            top.leave_to_note("optimizer_config")
            message = "optimizer_config cannot be read: clip_grad may be missing"
            yield Note("UP214", message, ("optim_wrapper",), ("optimizer_config",))
        return
    if not old.owns("optimizer"):
        # The file that sets the optimizer says it.
        for key in part:
            part.take(key)
        return
    wrapper = new.child("optim_wrapper")
    if "type" not in wrapper:
        wrapper.put("type", "OptimWrapper")
    yield from _hook(part, wrapper)
    if part.get("grad_clip") is None:
        part.drop("grad_clip", Reason.DEFAULT)
    else:
        part.move("grad_clip", wrapper, "clip_grad")
    for key in ("cumulative_iters", "update_interval"):
        if part.get(key) == 1:
            part.drop(key, Reason.DEFAULT)
        else:
            part.move(key, wrapper, "accumulative_counts")
    for key in ("coalesce", "bucket_size_mb", "distributed"):
        part.drop(key, Reason.AUTOMATIC)
    yield from _anomalous(part)
    for key in part.unsaid():
        if key not in _OWN:
            part.leave_to_note(key)
            message = f"optimizer_config.{key} has no counterpart in 3.x"
            yield Note("UP101", message, wrapper.path, (*part.path, key))


def _hook(part: Part, wrapper: New) -> Iterator[Note]:
    type_ = part.take("type")
    if type_ is None or str(type_).rpartition(".")[2] in _HOOKS:
        return
    for key in part:
        part.leave_to_note(key)
    help_ = "Write it as an OptimWrapper, registered in OPTIM_WRAPPERS of mmengine.registry."
    message = f"the optimizer hook {type_} has no counterpart in 3.x"
    yield Note("UP202", message, wrapper.path, (*part.path, "type"), help_)


def _anomalous(part: Part) -> Iterator[Note]:
    key = "detect_anomalous_params"
    if key not in part or key in part.said:
        return
    if part.get(key) is False:
        part.drop(key, Reason.DEFAULT)
        return
    part.leave_to_note(key)
    help_ = "find_unused_parameters = False, with several GPUs, names such parameters as well."
    message = "detect_anomalous_params only looked for faults; 3.x has none such"
    yield Note("UP101", message, ("optim_wrapper",), (*part.path, key), help_)
