"""The config names a class that mmengine and mmdet do not have, and imports nothing.

Without ``custom_imports`` only a training script of the project can have imported the module
that registers it. Under the stock ``tools/train.py`` building it ends with
``KeyError: '... is not in the mmengine::loop registry'`` (mmengine/registry/build_functions.py).

How to mend it: ``custom_imports = dict(imports=['my_project'], allow_failed_imports=False)``;
or write the dotted path, ``type='my_project.engine.MyLoop'``, which needs no import; or correct
the name.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_types import unknown_types
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS129"
SEVERITY = Severity.WARNING
_DATA = "model = dict(type='RetinaNet')\ntrain_dataloader = dict()\n"
VALID: list[Example] = [
    _DATA + "train_cfg = dict(type='mmengine.EpochBasedTrainLoop', max_epochs=1)",
    _DATA + "default_scope = 'mmyolo'\ncustom_hooks = [dict(type='YOLOv5ParamSchedulerHook')]",
    _DATA + "custom_hooks = [dict(type='mmpretrain.SwAVHook')]",
    # A part of a config.
    "train_cfg = dict(type='OwnLoop', max_epochs=1)",
]
INVALID: list[Example] = [
    _DATA + "train_cfg = dict(type='OwnLoop', max_epochs=1)",
    _DATA + "runner_type = 'OwnRunner'",
    _DATA + "custom_hooks = [dict(type='EMAHok')]",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such class."""
    if not config.is_runnable or "custom_imports" in config.root:
        return
    for one in unknown_types(config):
        yield config.found(
            one.path,
            f"neither mmengine nor mmdet has {one.name!r} in {one.registry}, and the config has "
            "no custom_imports",
            "Import the module that registers it with custom_imports, or correct the name.",
        )
