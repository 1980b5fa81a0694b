"""What data ask of a preprocessor is told where no model is there to have one.

Other configs of the run that inherit from this one, and have a model, get it; then nothing needs
to be told. Alone, a config of data would lose its ``Normalize`` and ``Pad`` without a word.

Sources: those of the rules on ``Normalize``, ``Pad`` and what the training collects.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.upgrade.data.preprocessor import KEY, TYPE
from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New

ID, PACKAGE = "UPR-22 preprocessor-elsewhere", "mmdet"
WRITES = ("model",)
AFTER = ("UPR-20", "UPR-21")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Tell it."""
    asked = to_plain(old.preprocessor)
    if not asked or old.part("model") is not None:
        return
    values = ", ".join(f"{key}={value!r}" for key, value in asked.items())
    yield Note(
        "UP215",
        f"a model must have what its data ask: {', '.join(asked)}",
        (),
        ("data",),
        f"Write it into the model that trains on these data: {KEY}=dict(type={TYPE!r}, {values})",
    )


_NORMALIZE = "dict(type='Normalize', mean=[1, 2, 3], std=[4, 5, 6], to_rgb=False)"

EXAMPLES = (
    trained(f"{_NORMALIZE}, dict(type='Pad', size_divisor=32)", "", "UP215"),
    trained(f"{_NORMALIZE}, dict(type='Expand')", f"{_NORMALIZE}, dict(type='Expand')", "UP205"),
    trained(
        "dict(type='Collect', keys=['img', 'gt_masks'])", "dict(type='PackDetInputs')", "UP215"
    ),
    trained("dict(type='LoadImageFromFile')", "dict(type='LoadImageFromFile')"),
)
