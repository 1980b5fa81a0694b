"""``_delete_=True`` stands where no base has anything to delete.

mmengine takes the key out while it merges a dict over that of a base (mmengine/config/
config.py, ``_merge_a_into_b``). Where no base has a dict under that key, and within lists,
``_delete_`` stays, and goes as an argument to the constructor: ``TypeError``.

How to mend it: remove it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.known_keys import RUNNER_KEYS
from mmscaffold.check.registry import Example
from mmscaffold.config.change import MISSING, Change
from mmscaffold.config.key_path import KeyPath

ID = "MMS135"
SEVERITY = Severity.ERROR
FIXABLE = True
_BASE = "train_cfg = dict(by_epoch=True, max_epochs=12)"
_LOOP = "train_cfg = dict(_delete_=True, type='EpochBasedTrainLoop', max_epochs=12)"
VALID: list[Example] = [
    {"config.py": f"_base_ = './base.py'\n{_LOOP}", "base.py": _BASE},
    # Settings that are looked up, not handed to a constructor.
    "model = dict(type='RetinaNet', test_cfg=dict(_delete_=True, nms_pre=1000))",
    # A variable.
    "head = dict(_delete_=True, type='FCOSHead')",
]
INVALID: list[Example] = [
    _LOOP,
    {
        "config.py": "_base_ = './base.py'\ncustom_hooks = [dict(_delete_=True, type='EMAHook')]",
        "base.py": "custom_hooks = [dict(type='SyncNormHook')]",
    },
    "model = dict(type='RetinaNet', neck=dict(_delete_=True, type='FPN'))",
]
_MARK = b"_delete_"
_LOOPS = ("train_cfg", "val_cfg", "test_cfg")


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each mark that the file itself leaves in the config."""
    # A base that is not there may have had something to delete.
    if _MARK not in config.config.parsed.source.raw or "_base_" in config.root:
        return
    for key, value in config.root.items():
        if key not in RUNNER_KEYS:
            continue
        for path, found in _marked(value, (key,)):
            if "type" in found or (path[-1] in _LOOPS and len(path) == 1):
                mark = (*path, _MARK.decode())
                yield config.found(
                    mark,
                    "no base has anything to delete here, so _delete_ stays and goes to the "
                    "constructor, which refuses it",
                    "Remove _delete_=True.",
                    (Change(mark, MISSING),),
                )


def _marked(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, dict[Any, Any]]]:
    if isinstance(value, dict):
        if "_delete_" in value:
            yield path, value
        for key, item in value.items():
            if isinstance(item, dict | list | tuple):
                yield from _marked(item, (*path, key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if isinstance(item, dict | list | tuple):
                yield from _marked(item, (*path, index))
