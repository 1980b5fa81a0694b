"""``load_from`` stays; ``resume_from`` becomes ``load_from`` with ``resume=True``.

``resume_from`` wins over ``load_from``, as in 2.x. ``auto_resume`` looks for the latest checkpoint
of the work directory, which 3.x does if ``resume`` is True and ``load_from`` is None; with a
``load_from`` it cannot do both.

Sources: mmdet 2.28.2, mmdet/apis/train.py; mmengine, runner/runner.py (``load_or_resume``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-35 checkpoint-to-load", ANY
WRITES = ("load_from", "resume")
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example("load_from = None\nresume_from = None\n", "load_from = None\nresume = False\n"),
    Example("load_from = 'a.pth'\n", "load_from = 'a.pth'\n"),
    Example(
        "load_from = 'a.pth'\nresume_from = 'b.pth'\n", "load_from = 'b.pth'\nresume = True\n"
    ),
    Example("resume_from = None\nauto_resume = True\n", "resume = True\n"),
    Example(
        "load_from = 'a.pth'\nauto_resume = True\n",
        "load_from = 'a.pth'\n",
        ("UP101",),
    ),
)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Say which checkpoint it starts from, and how."""
    top = old.top()
    if top.get("resume_from"):
        top.move("resume_from", new, "load_from")
        top.drop("load_from", Reason.NO_EFFECT)
        top.drop("auto_resume", Reason.NO_EFFECT)
        new.put("resume", True)
        return
    top.move("load_from", new)
    if "resume_from" in top:
        top.take("resume_from")
        new.put("resume", False)
    if not top.get("auto_resume"):
        top.drop("auto_resume", Reason.DEFAULT)
        return
    if not top.get("load_from"):
        top.take("auto_resume")
        new.put("resume", True)
        return
    top.leave_to_note("auto_resume")
    message = "auto_resume and load_from: 3.x can only do one of them"
    help_ = "Start with load_from; resume an interrupted run with tools/train.py --resume."
    yield Note("UP101", message, ("load_from",), ("auto_resume",), help_)
