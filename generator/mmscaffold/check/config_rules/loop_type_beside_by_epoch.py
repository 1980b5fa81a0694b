"""``train_cfg`` sets both ``type`` and ``by_epoch``.

The Runner refuses to build such a loop: "Only one of `type` or `by_epoch` can exist in
`loop_cfg`" (mmengine/runner/runner.py, ``build_train_loop``). It comes about when a config
sets ``type`` and its base sets ``by_epoch``: dicts merge, so both are left.

How to mend it: add ``_delete_=True`` to the ``train_cfg`` of the child and write every
key that it needs, ``max_epochs`` above all; or remove ``by_epoch`` from the base.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import REMOVED, Diagnostic, Fix, Severity, at
from mmscaffold.check.registry import Example
from mmscaffold.facts.loops import default_train_loop

ID = "MMS101"
SEVERITY = Severity.ERROR
FIXABLE = True
VALID: list[Example] = [
    "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)",
    "train_cfg = dict(by_epoch=True, max_epochs=12)",
    "model = dict(train_cfg=dict(type='x', by_epoch=True))",
    "train_cfg = None",
]
INVALID: list[Example] = [
    "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=12)",
    "train_cfg = dict(type='IterBasedTrainLoop', by_epoch=False, max_iters=9)",
    "from mmengine.runner import EpochBasedTrainLoop\n"
    "train_cfg = dict(type=EpochBasedTrainLoop, by_epoch=True, max_epochs=12)",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding if the merged loop has both keys."""
    loop = config.loop
    if loop is None or "type" not in loop or "by_epoch" not in loop:
        return
    origins = [config.origin(("train_cfg", key)) for key in ("by_epoch", "type")]
    # The file nearest to the config is the one that brought in the second key.
    near, far = sorted(origins, key=lambda origin: config.config.files.index(origin.path))
    meant = default_train_loop(loop["by_epoch"]).name
    name = class_name(loop["type"])
    fix: Fix = ((("train_cfg", "by_epoch"), REMOVED),) if name == meant else ()
    yield at(
        near,
        f"train_cfg has type={name!r} and by_epoch={loop['by_epoch']!r}, the other "
        f"one from {far.where}; the Runner refuses both",
        "Add _delete_=True to this train_cfg, and restate the keys that it needs.",
        fix,
    )
