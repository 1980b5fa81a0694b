"""``optimizer`` becomes ``optim_wrapper.optimizer``.

``paramwise_cfg`` and ``constructor`` stand beside the optimizer in 3.x. The default constructor is
mmengine's ``DefaultOptimWrapperConstructor``, of the same arguments. An optimizer or a constructor
of one's own moves, and must be registered with mmengine.

Several optimizers, each under a name, are several optim wrappers; 3.x wants a constructor that
makes an ``OptimWrapperDict`` of them.

Sources: mmcv 1.7.2, runner/optimizer/builder.py and default_constructor.py; mmengine,
runner/runner.py (``build_optim_wrapper``) and optim/optimizer/default_constructor.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-11 optimizer", ANY
WRITES = ("optim_wrapper",)
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example(
        "optimizer = dict(type='SGD', lr=0.02, momentum=0.9, weight_decay=0.0001)\n",
        "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(\n"
        "    type='SGD', lr=0.02, momentum=0.9, weight_decay=0.0001))\n",
    ),
    Example(
        "optimizer = dict(constructor='DefaultOptimizerConstructor', type='AdamW', lr=1e-4,\n"
        "                 paramwise_cfg=dict(norm_decay_mult=0.))\n",
        "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=1e-4),\n"
        "                     paramwise_cfg=dict(norm_decay_mult=0.))\n",
    ),
    Example(
        "optimizer = dict(type='MySGD', lr=1., constructor='MyConstructor')\n",
        "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='MySGD', lr=1.),\n"
        "                     constructor='MyConstructor')\n",
        ("UP202", "UP202"),
    ),
    Example(
        "optimizer = dict(g=dict(type='Adam', lr=1.), d=dict(type='Adam', lr=2.))\n",
        "optim_wrapper = dict(\n"
        "    g=dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=1.)),\n"
        "    d=dict(type='OptimWrapper', optimizer=dict(type='Adam', lr=2.)))\n",
        ("UP202",),
    ),
)
_DEFAULT = "DefaultOptimizerConstructor"


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the optim wrapper."""
    top, part = old.top(), old.part("optimizer")
    if part is None:
        if isinstance(top.get("optimizer"), Unknown):
            wrapper = new.child("optim_wrapper")
            wrapper.put("type", "OptimWrapper")
            top.move("optimizer", wrapper)
            message = "what the optimizer holds is not known: paramwise_cfg stands beside it"
            yield Note("UP214", message, (*wrapper.path, "optimizer"), ("optimizer",))
        elif top.get("optimizer") is None:
            top.drop("optimizer", Reason.DEFAULT)
        else:
            top.leave_to_note("optimizer")
            message = "optimizer is no dict"
            yield Note("UP214", message, ("optim_wrapper",), ("optimizer",))
        return
    if "type" not in part and any(_is_optimizer(value) for value in part.values.values()):
        yield from _several(part, new.child("optim_wrapper"))
        return
    _one(part, new.child("optim_wrapper"))


def _is_optimizer(value: object) -> bool:
    return isinstance(value, CfgDict) and "type" in value


def _one(part: Part, wrapper: New) -> None:
    wrapper.put("type", "OptimWrapper")
    optimizer = wrapper.child("optimizer")
    for key in part:
        if key == "constructor":
            if part.get(key) in (_DEFAULT, None):
                part.drop(key, Reason.DEFAULT)
            else:
                part.move(key, wrapper)
        elif key == "paramwise_cfg":
            if part.get(key) is None:
                part.drop(key, Reason.DEFAULT)
            else:
                part.move(key, wrapper)
        else:
            part.move(key, optimizer)


def _several(part: Part, wrapper: New) -> Iterator[Note]:
    for key in part:
        inner = part.part(key)
        if inner is None:
            part.move(key, wrapper)
        else:
            _one(inner, wrapper.child(key))
    help_ = (
        "Write an optim wrapper constructor that returns an OptimWrapperDict, and name it in "
        "optim_wrapper.constructor; each train_step updates its own optimizer."
    )
    message = "several optimizers need an optim wrapper constructor of their own"
    yield Note("UP202", message, wrapper.path, part.path, help_)
