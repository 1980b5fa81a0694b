"""mmdet's constructor of layer-wise learning rates has the name that 3.x gives it.

``LayerDecayOptimizerConstructor`` of older releases is ``LearningRateDecayOptimizerConstructor``,
with the same ``paramwise_cfg``.

Sources: mmdet 2.28.2, core/optimizers/layer_decay_optimizer_constructor.py; mmdet 3.3.0,
engine/optimizers/layer_decay_optimizer_constructor.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import Example

ID, PACKAGE = "UPR-11 layer-decay", "mmdet"
WRITES = ("optim_wrapper",)
AFTER = ("UPR-11 optimizer",)
EXAMPLES = (
    Example(
        "optimizer = dict(type='AdamW', lr=1., constructor='LayerDecayOptimizerConstructor',\n"
        "                 paramwise_cfg=dict(decay_rate=0.7, num_layers=6))\n",
        "optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='AdamW', lr=1.),\n"
        "                     constructor='LearningRateDecayOptimizerConstructor',\n"
        "                     paramwise_cfg=dict(decay_rate=0.7, num_layers=6))\n",
    ),
)
_OLD, _NEW = "LayerDecayOptimizerConstructor", "LearningRateDecayOptimizerConstructor"


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Write the new name."""
    del old
    wrapper = new.get("optim_wrapper")
    if isinstance(wrapper, CfgDict) and wrapper.get("constructor") == _OLD:
        wrapper.put("constructor", _NEW, None)
    yield from ()
