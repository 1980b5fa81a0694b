"""A child sets a variable of its base anew, and nothing follows it.

Each file of a ``_base_`` chain is run by itself, bases first (mmengine/config/config.py,
``_file2dict``). When the child says ``max_epochs = 36``, what the base computed from its own
``max_epochs`` has long been computed: the schedule, the pipeline or the path stays that of the
base, and only the unused variable changes. The same goes for ``train_pipeline`` and its like.

How to mend it: override the keys that the Runner reads, as ``train_cfg = dict(max_epochs=36)``
or ``train_dataloader = dict(dataset=dict(pipeline=train_pipeline))``;
``mmscaffold migrate --max-epochs N`` does so for the length.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity, at
from mmscaffold.check.registry import Example
from mmscaffold.check.variables import idle_rebindings
from mmscaffold.config.key_path import format_key_path

ID = "MMS120"
SEVERITY = Severity.WARNING
_BASE = "max_epochs = 12\ntrain_cfg = dict(by_epoch=True, max_epochs=max_epochs)"
VALID: list[Example] = [
    {
        "config.py": "_base_ = './base.py'\nmax_epochs = 36\n"
        "train_cfg = dict(max_epochs=max_epochs)",
        "base.py": _BASE,
    },
    # Nothing of the old value is left.
    {
        "config.py": "_base_ = './base.py'\nmax_epochs = 36\ntrain_cfg = dict(max_epochs=36)",
        "base.py": _BASE,
    },
    {"config.py": "_base_ = './base.py'\nmax_epochs = 12", "base.py": _BASE},
    # The values are equal.
    {
        "config.py": "_base_ = './base.py'\nsize = 512\npipeline = [dict(scale=size)]",
        "base.py": "pipeline = [dict(scale=512)]\n"
        "train_dataloader = dict(dataset=dict(pipeline=pipeline))",
    },
    # The base does nothing with it.
    {"config.py": "_base_ = './base.py'\nnote = 'b'", "base.py": "note = 'a'"},
]
INVALID: list[Example] = [
    {"config.py": "_base_ = './base.py'\nmax_epochs = 36", "base.py": _BASE},
    {
        "config.py": "_base_ = './base.py'\nmax_epochs = 36\ntrain_cfg = dict(max_epochs=36)",
        "base.py": _BASE
        + "\nparam_scheduler = dict(type='CosineAnnealingLR', end=max_epochs - 2)",
    },
    {
        "config.py": "_base_ = './base.py'\ntrain_pipeline = [dict(type='LoadImageFromFile')]",
        "base.py": "train_pipeline = []\n"
        "train_dataloader = dict(dataset=dict(pipeline=train_pipeline))",
    },
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such variable."""
    for one in idle_rebindings(config):
        yield at(
            one.origin,
            f"{one.name} is set here and read nowhere in this file; {format_key_path(one.used)} "
            f"still has what {one.old.where} made of the old value",
            f"Override {format_key_path(one.used)} itself.",
        )
