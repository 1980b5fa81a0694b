"""``auto_scale_lr`` stays as it is.

Both generations divide the batch size of a run by ``base_batch_size`` and scale the learning
rate by it, if ``enable`` is set (on the command line: ``--auto-scale-lr``).

Sources: mmdet 2.28.2, mmdet/apis/train.py (``auto_scale_lr``); mmengine, runner/runner.py
(``Runner.scale_lr``).
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-14 auto-scale-lr", ANY
WRITES = ("auto_scale_lr",)
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example(
        "auto_scale_lr = dict(enable=False, base_batch_size=16)\n",
        "auto_scale_lr = dict(enable=False, base_batch_size=16)\n",
    ),
)


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Move it."""
    old.top().move("auto_scale_lr", new)
    yield from ()
