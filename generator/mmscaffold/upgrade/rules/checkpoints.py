"""``checkpoint_config`` becomes ``default_hooks.checkpoint``.

The arguments have the same names and defaults. It counts epochs in both generations, but an
``IterBasedRunner`` sets ``by_epoch=False`` unless the config says otherwise, so that is written.
None is no checkpoint at all.

The other default hooks of 3.x stand beside it: mmengine adds them anyway, and the tools of a
package look for its visualization hook there.

Sources: mmcv 1.7.2, runner/hooks/checkpoint.py and runner/iter_based_runner.py; mmengine,
hooks/checkpoint_hook.py and runner/runner.py (``register_default_hooks``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.facts.units import Unit
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.package import row_of
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-32 checkpoints", ANY
WRITES = ("default_hooks",)
AFTER: tuple[str, ...] = ()


def _new(checkpoint: str) -> str:
    return (
        "default_hooks = dict(timer=dict(type='IterTimerHook'),\n"
        "    param_scheduler=dict(type='ParamSchedulerHook'),\n"
        f"    checkpoint={checkpoint},\n"
        "    sampler_seed=dict(type='DistSamplerSeedHook'),\n"
        "    visualization=dict(type='DetVisualizationHook'))\n"
    )


_ITERS = "runner = dict(type='IterBasedRunner', max_iters=9)\n"
EXAMPLES = (
    Example(
        "checkpoint_config = dict(interval=1)\n",
        _new("dict(type='CheckpointHook', interval=1)"),
    ),
    Example(
        _ITERS + "checkpoint_config = dict(interval=3, max_keep_ckpts=2)\n",
        _new("dict(type='CheckpointHook', by_epoch=False, interval=3, max_keep_ckpts=2)"),
    ),
    Example(
        "checkpoint_config = dict(interval=3, save_last=False, create_symlink=False)\n",
        _new("dict(type='CheckpointHook', interval=3, save_last=False)"),
    ),
    Example("checkpoint_config = None\n", _new("None")),
    Example(
        "checkpoint_config = dict(type='MyCheckpoints', interval=1, keep=['a'])\n",
        _new("dict(type='MyCheckpoints', interval=1, keep=['a'])"),
        ("UP202",),
    ),
    Example(
        "checkpoint_config = dict(interval=1, sync_buffer=True)\n",
        _new("dict(type='CheckpointHook', interval=1)"),
        ("UP101",),
    ),
)
_SAME = (
    "interval", "by_epoch", "save_optimizer", "out_dir", "max_keep_ckpts", "save_last",
    "filename_tmpl",
)  # fmt: skip
_TYPES = ("CheckpointHook", None)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the hook, and those that stand beside it."""
    top = old.top()
    if "checkpoint_config" not in top and "log_config" not in top:
        return
    hooks = new.child("default_hooks")
    hooks.child("timer").put("type", "IterTimerHook")
    if "log_config" in top:
        hooks.put("logger", None)  # its place; the next rule writes it
    hooks.child("param_scheduler").put("type", "ParamSchedulerHook")
    part = old.part("checkpoint_config")
    if part is not None:
        yield from _hook(old, part, hooks)
    elif top.get("checkpoint_config", 0) is None:
        top.move("checkpoint_config", hooks, "checkpoint")
    elif "checkpoint_config" in top:
        top.leave_to_note("checkpoint_config")
        is_unknown = isinstance(top.get("checkpoint_config"), Unknown)
        why = "is not known" if is_unknown else "is no dict"
        message = f"checkpoint_config {why}: default_hooks.checkpoint is mmengine's own"
        yield Note("UP214", message, hooks.path, ("checkpoint_config",))
    hooks.child("sampler_seed").put("type", "DistSamplerSeedHook")
    drawing = row_of(old.package).visualization_hook
    if drawing:
        hooks.child("visualization").put("type", drawing)


def _hook(old: OldConfig, part: Part, hooks: New) -> Iterator[Note]:
    hook = hooks.child("checkpoint")
    type_ = part.get("type")
    hook.put("type", "CheckpointHook")
    if type_ not in _TYPES:
        # One of one's own, with its own arguments; the rule on own modules tells of it.
        part.move("type", hook)
        part.rest(hook)
        return
    part.take("type")
    if old.unit is Unit.ITERATIONS and "by_epoch" not in part:
        hook.put("by_epoch", False)
    for key in part:
        if key in _SAME:
            part.move(key, hook)
    if part.get("file_client_args") is None:
        part.drop("file_client_args", Reason.DEFAULT)
    else:
        part.move("file_client_args", hook, "backend_args")
    # 3.x writes a file that names the last checkpoint instead of a link.
    part.drop("create_symlink", Reason.AUTOMATIC)
    part.drop("meta", Reason.AUTOMATIC)
    if part.get("sync_buffer") is False:
        part.drop("sync_buffer", Reason.DEFAULT)
    for key in part.unsaid():
        part.leave_to_note(key)
        help_ = ""
        if key == "sync_buffer":
            help_ = "Add dict(type='SyncBuffersHook') to custom_hooks."
        message = f"checkpoint_config.{key} has no counterpart in the hook of 3.x"
        yield Note("UP101", message, hook.path, (*part.path, key), help_)
