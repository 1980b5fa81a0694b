"""``workflow`` goes: a loop of 3.x trains, and validates by ``val_interval``.

``[('train', 1)]`` says nothing. With ``('val', 1)`` 2.x also computed the losses of the
validation data, which has no counterpart.

Sources: mmcv 1.7.2, runner/epoch_based_runner.py (``run``); mmengine, runner/loops.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-03 workflow", ANY
WRITES = ("workflow",)
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example("workflow = [('train', 1)]\n", ""),
    Example("workflow = [('train', 1), ('val', 1)]\n", "", ("UP204",)),
)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Drop it."""
    top = old.top()
    if "workflow" not in top:
        return
    flow = top.get("workflow")
    is_known = isinstance(flow, list | tuple) and all(
        isinstance(one, list | tuple) and one and isinstance(one[0], str) for one in flow
    )
    if flow is None or (is_known and all(one[0] == "train" for one in flow)):
        top.drop("workflow", Reason.NO_EFFECT)
        return
    top.leave_to_note("workflow")
    message = "workflow computed losses of the validation data, too; 3.x does not"
    help_ = "Validate with a metric instead, or write a hook that computes the losses."
    yield Note("UP204", message, ("train_cfg",), ("workflow",), help_)
