"""Something waits for validations that never happen.

## Why it matters

``ReduceOnPlateauLR`` lowers the learning rate, ``EarlyStoppingHook`` stops, and
``CheckpointHook(save_best=...)`` saves the best model, all after a validation. Without
``val_cfg``, or with ``val_begin`` past the end, they never do.

## Symptoms

None in the log: the ``lr`` never falls, training never stops early, and the work folder has no
``best_*.pth``.

## Before -> after

Set ``val_dataloader``, ``val_cfg`` and ``val_evaluator``, or remove what waits for them.

## Fix safety

There is no automatic fix: validation needs data that the config does not name.

## Source in mmengine

mmengine/hooks/param_scheduler_hook.py, early_stopping_hook.py and checkpoint_hook.py,
``after_val_epoch``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView, class_name, is_number
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.schedulers import scheduler_family


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each part that waits in vain."""
    if config.loop is None or not config.is_runnable or _validates(config):
        return
    for path, name, effect in _waiting(config):
        yield config.found(
            path,
            f"{name} waits for validations, and there are none: it {effect}",
            "Set val_dataloader, val_cfg and val_evaluator, or remove it.",
        )


def _validates(config: ConfigView) -> bool:
    begin = (config.loop or {}).get("val_begin")
    length = config.length
    too_late = is_number(begin) and length is not None and begin > length.maximum
    return config.root.get("val_cfg") is not None and not too_late


def _waiting(config: ConfigView) -> Iterator[tuple[KeyPath, str, str]]:
    for path, scheduler in config.scheduler_dicts:
        name = class_name(scheduler["type"]) or ""
        known = config.known_as(scheduler["type"], "PARAM_SCHEDULERS") or ""
        if scheduler_family(known).after_validations:
            yield path, name, "never lowers its value"
    for path, hook in config.hooks:
        name = class_name(hook["type"]) or ""
        kind = config.known_as(hook["type"], "HOOKS", overrides=("after_val_epoch",))
        if kind == "EarlyStoppingHook":
            yield path, name, "never stops training"
        elif kind == "CheckpointHook" and hook.get("save_best") is not None:
            yield (*path, "save_best"), name, "never saves a best checkpoint"


RULE = Rule(
    id="MMS137",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            train_cfg = dict(by_epoch=True, max_epochs=12)
            val_dataloader = dict()
            val_cfg = dict()
            val_evaluator = []
            custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco/bbox_mAP')]
            """,
        ),
        Valid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            train_cfg = dict(by_epoch=True, max_epochs=12)
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', interval=1))
            """,
        ),
        Valid(
            """
            train_cfg = dict(by_epoch=True, max_epochs=12)
            custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco/bbox_mAP')]
            """,
            because="It is only a part of a config.",
        ),
    ],
    invalid=[
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            train_cfg = dict(by_epoch=True, max_epochs=12)
            custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco/bbox_mAP')]
            """,
            at=Spot(5, 17, 72),
            message=(
                "EarlyStoppingHook waits for validations, and there are none: it never stops "
                "training"
            ),
            after="""
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            train_cfg = dict(by_epoch=True, max_epochs=12)
            val_dataloader = dict()
            val_cfg = dict()
            val_evaluator = []
            custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco/bbox_mAP')]
            """,
        ),
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            train_cfg = dict(by_epoch=True, max_epochs=12)
            param_scheduler = dict(type='ReduceOnPlateauLR', monitor='loss')
            """,
            at=Spot(5, 19, 65),
            message=(
                "ReduceOnPlateauLR waits for validations, and there are none: it never lowers "
                "its value"
            ),
        ),
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            train_cfg = dict(by_epoch=True, max_epochs=12)
            default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='auto'))
            """,
            at=Spot(5, 71, 77),
            message=(
                "CheckpointHook waits for validations, and there are none: it never saves a "
                "best checkpoint"
            ),
        ),
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict()
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            train_cfg = dict(by_epoch=True, max_epochs=12, val_begin=13)
            val_dataloader = dict()
            val_cfg = dict()
            val_evaluator = []
            custom_hooks = [dict(type='EarlyStoppingHook', monitor='coco/bbox_mAP')]
            """,
            at=Spot(8, 17, 72),
            message=(
                "EarlyStoppingHook waits for validations, and there are none: it never stops "
                "training"
            ),
        ),
    ],
)
