"""``fp16`` becomes an ``AmpOptimWrapper``.

It may be on by ``fp16``, even an empty dict, by a hook of ``optimizer_config``, or by ``use_fp16``
of ``DistOptimizerHook`` and ``EpochBasedRunnerAmp``, which took apex. ``loss_scale`` is written as
it was; its default was 512 in 2.x and is 'dynamic' in 3.x, so it is always written. apex scaled
dynamically.

2.x also evaluated in fp16 then; 3.x does so if ``val_cfg`` and ``test_cfg`` have ``fp16=True``.
Where a hook of ``optimizer_config`` was told instead of ``fp16``, that held for the validation in
the training only: the hook turned the model to fp16, and ``tools/test.py`` looked at ``fp16``.

Sources: mmdet 2.28.2, mmdet/apis/train.py and tools/test.py (``fp16``); mmcv 1.7.2,
runner/hooks/optimizer.py (``Fp16OptimizerHook``); mmengine,
optim/optimizer/amp_optimizer_wrapper.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.facts.legacy import HALF_PRECISION_HOOKS
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-13 mixed-precision", ANY
WRITES = ("optim_wrapper",)
AFTER = ("UPR-12 optimizer-config",)
_OLD = "optimizer = dict(type='SGD', lr=1.)\n"
_NEW = "optim_wrapper = dict(type='AmpOptimWrapper', optimizer=dict(type='SGD', lr=1.)"
EXAMPLES = (
    Example(_OLD + "fp16 = dict(loss_scale=512.)\n", f"{_NEW}, loss_scale=512.)\n", ("UP110",)),
    Example(
        _OLD + "fp16 = dict(loss_scale=dict(init_scale=512))\n",
        f"{_NEW}, loss_scale=dict(init_scale=512))\n",
        ("UP110",),
    ),
    Example(_OLD + "fp16 = dict()\n", f"{_NEW}, loss_scale=512.0)\n", ("UP110",)),
    Example(
        _OLD + "optimizer_config = dict(type='Fp16OptimizerHook', loss_scale='dynamic')\n",
        f"{_NEW}, loss_scale='dynamic')\n",
        ("UP110",),
    ),
    Example(
        _OLD + "optimizer_config = dict(type='DistOptimizerHook', use_fp16=True)\n",
        f"{_NEW}, loss_scale='dynamic')\n",
        ("UP109",),
    ),
    Example(_OLD + "fp16 = None\n", _NEW.replace("Amp", "") + ")\n"),
)
_DEFAULT_SCALE = 512.0


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Turn the optim wrapper into one of mixed precision."""
    top, half, hook = old.top(), old.part("fp16"), old.part("optimizer_config")
    if half is None:
        if top.get("fp16") is None:
            top.drop("fp16", Reason.DEFAULT)
        else:
            top.leave_to_note("fp16")
            why = "is not known" if isinstance(top.get("fp16"), Unknown) else "is no dict"
            yield Note(
                "UP214", f"fp16 {why}: AmpOptimWrapper may be meant", ("optim_wrapper",), ("fp16",)
            )
    elif not old.owns("optimizer"):
        for key in half:
            half.take(key)
        return
    by_hook = hook is not None and str(hook.get("type")).rpartition(".")[2] in HALF_PRECISION_HOOKS
    apex = hook.take("use_fp16") is True if hook is not None else False
    runner = old.root.get("runner")
    apex = apex or (isinstance(runner, dict) and runner.get("type") == "EpochBasedRunnerAmp")
    if not (old.owns("optimizer") and (half is not None or by_hook or apex)):
        if hook is not None:
            hook.drop("loss_scale", Reason.NO_EFFECT)
        return
    wrapper = new.child("optim_wrapper")
    wrapper.put("type", "AmpOptimWrapper")
    for part in (half, hook):
        if part is None:
            continue
        if "loss_scale" in wrapper:
            part.drop("loss_scale", Reason.NO_EFFECT)
        part.move("loss_scale", wrapper)
    if "loss_scale" not in wrapper:
        plain = half is None and not by_hook
        wrapper.put("loss_scale", "dynamic" if plain else _DEFAULT_SCALE)
    if half is not None:
        for key in half.unsaid():
            half.drop(key, Reason.AUTOMATIC)
        help_ = "Write fp16=True into val_cfg and test_cfg to evaluate in half precision again."
        message = "2.x evaluated in fp16, too; set fp16=True in val_cfg and test_cfg"
        yield Note("UP110", message, ("optim_wrapper",), ("fp16",), help_)
    elif by_hook:
        help_ = "Write fp16=True into val_cfg to validate in half precision again."
        message = "2.x validated in fp16, too; set fp16=True in val_cfg"
        yield Note("UP110", message, ("optim_wrapper",), ("optimizer_config", "type"), help_)
    if apex and hook is not None and hook.get("use_fp16") is True:
        message = "apex trained in mixed precision; AMP of PyTorch does now"
        yield Note("UP109", message, ("optim_wrapper",), ("optimizer_config", "use_fp16"))
