"""A scheduler, a hook or the log processor gets an argument that it does not take.

The Runner hands every key to the constructor, which raises ``TypeError``
(mmengine/registry/build_functions.py). It comes about when a child changes the ``type`` in a
dict and the keys of its base stay beside it, ``milestones`` of ``MultiStepLR`` under
``CosineAnnealingLR``: dicts merge. Or by a misspelt name, or where a needed argument is missing.

Classes of a project are read from the modules that ``custom_imports`` name.

How to mend it: add ``_delete_=True`` to the dict of the child and restate what it needs.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic, Fix, Severity
from mmscaffold.check.refused import is_left_over, parts_with_constructors
from mmscaffold.check.registry import Example
from mmscaffold.config.change import MISSING, Change

ID = "MMS122"
SEVERITY = Severity.ERROR
FIXABLE = True
VALID: list[Example] = [
    "param_scheduler = dict(type='MultiStepLR', milestones=[8, 11], convert_to_iter_based=True)",
    "custom_hooks = [dict(type='EMAHook', momentum=0.0002, priority=49)]",
    "log_processor = dict(window_size=50, by_epoch=True)",
    # Another package's hook of the same name.
    "default_scope = 'mmpose'\ncustom_hooks = [dict(type='YOLOXModeSwitchHook', new_dataset=1)]",
    {
        "config.py": "_base_ = './base.py'\n"
        "param_scheduler = dict(_delete_=True, type='CosineAnnealingLR', T_max=12)",
        "base.py": "param_scheduler = dict(type='MultiStepLR', milestones=[8, 11])",
    },
]
INVALID: list[Example] = [
    {
        "config.py": "_base_ = './base.py'\n"
        "param_scheduler = dict(type='CosineAnnealingLR', T_max=12)",
        "base.py": "param_scheduler = dict(type='MultiStepLR', milestones=[8, 11])",
    },
    "custom_hooks = [dict(type='mmdet.PipelineSwitchHook', switch_epochs=3)]",
    "param_scheduler = dict(type='MultiStepLR', gamma=0.1)",
    "log_processor = dict(type='LogProcessor', window=50)",
    "default_hooks = dict(timer=dict(type='IterTimerHook', interval=50))",
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each argument that is too much, and each that is missing."""
    if config.is_legacy:
        return
    for path, values, constructor, given in parts_with_constructors(config):
        name = class_name(values["type"])
        taken = constructor.arguments - given
        for argument in values:
            known = argument in constructor.arguments or argument in given
            if known or constructor.is_open:
                continue
            stale = is_left_over(config, path, argument)
            fix: Fix = (Change((*path, argument), MISSING),) if stale else ()
            yield config.found(
                (*path, "type" if stale else argument),
                f"{name} takes no argument {argument!r}; the Runner refuses it",
                f"It takes {', '.join(sorted(taken)) or 'none'}. If the key comes from a base, "
                "add _delete_=True.",
                fix,
            )
        for argument in sorted(constructor.required - given - values.keys()):
            if config.is_runnable or len(config.config.files) == 1:
                yield config.found(
                    path,
                    f"{name} needs {argument}, which is not set; the Runner refuses that",
                    f"Add {argument}=...",
                )
