"""``_delete_=True`` stands where no base has anything to delete.

## Why it matters

mmengine removes the key while it merges a dict over that of a base. Where no base has a dict
under that key, and within lists, ``_delete_`` stays and is passed to the constructor as an
argument.

## Symptoms

``TypeError: ... got an unexpected keyword argument '_delete_'`` while the Runner builds the part.

## Before -> after

Remove it. Where ``.update(_delete_=True, ...)`` was meant to replace a whole dict, assign that.

## Fix safety

``mmscaffold check --fix`` removes the key. That is safe: it had nothing to delete, and with it the
part cannot be built. Under ``.update(...)`` there is no fix: without the key, the part would get
what its base had beside.

## Source in mmengine

mmengine/config/config.py, ``Config._merge_a_into_b``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.change import MISSING, Change
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.resolve.merge import DELETE
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.facts.loops import LOOP_KEYS
from mmscaffold.facts.runner import RUNNER_KEYS

_LOOPS = {(key,) for key in LOOP_KEYS}
_JOINING = ("update", "merge")


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each mark that is left in the config."""
    # A base that is not there may have had something to delete.
    if "_base_" in config.root:
        return
    for path, found in config.dicts_with_delete:
        if path[0] in RUNNER_KEYS and ("type" in found or path in _LOOPS):
            mark = (*path, DELETE)
            method = _method_called_with(config.origin(mark).written)
            if method is not None:
                yield config.found(
                    mark,
                    f".{method}() deletes nothing: the old keys stay, and _delete_ goes to "
                    "the constructor, which refuses it",
                    f"Assign instead, which replaces all of it: {_expression(path)} = dict(...).",
                )
                continue
            yield config.found(
                mark,
                "no base has anything to delete here, so _delete_ stays and goes to the "
                "constructor, which refuses it",
                "Remove _delete_=True.",
                tuple(Change(one, MISSING) for one in _marks(config, mark)),
            )


def _marks(config: ConfigView, mark: KeyPath) -> Iterator[KeyPath]:
    """Every key of the config that a mark is at: a variable and what was made of it."""
    node = config.origin(mark).written.node
    for path, _ in config.dicts_with_delete:
        one = (*path, DELETE)
        if config.origin(one).written.node is node:
            yield one


def _method_called_with(origin: Origin) -> str | None:
    """The ``update`` or ``merge`` of a dict that is called with a mark itself.

    Neither looks for it (mmengine/config/config.py, ``ConfigDict``): what ``model.update(...)`` is
    called with is joined with the keys that are there. A dict within it replaces another whole.
    """
    if not isinstance(origin.parsed, ParsedSource):
        return None
    for node in ast.walk(origin.parsed.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr not in _JOINING:
            continue
        if any(_holds(one, origin.node) for one in (node, *node.args)):
            return node.func.attr
    return None


def _holds(node: ast.expr, value: object) -> bool:
    """Whether a call or a dict display has a value among its own, not deeper."""
    if isinstance(node, ast.Call):
        return any(keyword.value is value for keyword in node.keywords)
    return isinstance(node, ast.Dict) and any(one is value for one in node.values)


def _expression(path: KeyPath) -> str:
    return str(path[0]) + "".join(f"[{key!r}]" for key in path[1:])


RULE = Rule(
    id="MMS135",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            {
                "config.py": """
                _base_ = './base.py'
                train_cfg = dict(_delete_=True, type='EpochBasedTrainLoop', max_epochs=12)
                """,
                "base.py": "train_cfg = dict(by_epoch=True, max_epochs=12)",
            },
        ),
        Valid(
            """
            model = dict(type='RetinaNet', test_cfg=dict(_delete_=True, nms_pre=1000))
            """,
            because="These settings are looked up, not passed to a constructor.",
        ),
        Valid(
            "head = dict(_delete_=True, type='FCOSHead')",
            because="It is a variable.",
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(_delete_=True, type='EpochBasedTrainLoop', max_epochs=12)
            """,
            at=Spot(1, 27, 31),
            message=(
                "no base has anything to delete here, so _delete_ stays and goes to the "
                "constructor, which refuses it"
            ),
            fixed="train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)",
        ),
        Invalid(
            {
                "config.py": """
                _base_ = './base.py'
                custom_hooks = [dict(_delete_=True, type='EMAHook')]
                """,
                "base.py": "custom_hooks = [dict(type='SyncNormHook')]",
            },
            at=Spot(2, 31, 35),
            message=(
                "no base has anything to delete here, so _delete_ stays and goes to the "
                "constructor, which refuses it"
            ),
            fixed="""
            _base_ = './base.py'
            custom_hooks = [dict(type='EMAHook')]
            """,
        ),
        Invalid(
            "model = dict(type='RetinaNet', neck=dict(_delete_=True, type='FPN'))",
            at=Spot(1, 51, 55),
            message=(
                "no base has anything to delete here, so _delete_ stays and goes to the "
                "constructor, which refuses it"
            ),
            fixed="model = dict(type='RetinaNet', neck=dict(type='FPN'))",
        ),
        Invalid(
            """
            train_pipeline = [dict(type='Resize', _delete_=True)]
            train_dataloader = dict(dataset=dict(type='X', pipeline=train_pipeline))
            """,
            at=Spot(1, 48, 52),
            message=(
                "no base has anything to delete here, so _delete_ stays and goes to the "
                "constructor, which refuses it"
            ),
            fixed="""
            train_pipeline = [dict(type='Resize')]
            train_dataloader = dict(dataset=dict(type='X', pipeline=train_pipeline))
            """,
        ),
        Invalid(
            {
                "config.py": """
                from mmengine.config import read_base
                with read_base():
                    from .base import *
                train_cfg.update(dict(_delete_=True, max_epochs=12))
                """,
                "base.py": "train_cfg = dict(by_epoch=True, max_epochs=36)",
            },
            at=Spot(4, 32, 36),
            message=(
                ".update() deletes nothing: the old keys stay, and _delete_ goes to the "
                "constructor, which refuses it"
            ),
        ),
    ],
)
