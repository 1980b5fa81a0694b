"""A loop gets an argument that it does not take, or misses one that it needs.

The Runner hands every key of ``train_cfg`` to the loop's constructor, which raises
``TypeError`` for ``max_epochs`` under an iteration loop, for ``max_iters`` under an epoch loop,
and for any misspelt name (mmengine/runner/runner.py, ``build_train_loop``). It comes about
when a child changes the ``type`` and the keys of its base stay beside it: dicts merge. The
same holds for ``val_cfg`` and ``test_cfg``.

Loops of a project are read from the modules that ``custom_imports`` name, without importing
them.

How to mend it: add ``_delete_=True`` and restate the keys that the loop needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.check.config_view import ConfigView, full_name
from mmscaffold.check.diagnostic import REMOVED, Diagnostic, Fix, Severity
from mmscaffold.check.refused import is_left_over
from mmscaffold.check.registry import Example
from mmscaffold.facts.classes.constructor import Constructor
from mmscaffold.facts.loops import EVALUATION_LOOPS, default_train_loop, other_maximum

ID = "MMS110"
SEVERITY = Severity.ERROR
FIXABLE = True
# What the Runner hands to every loop itself.
_GIVEN = {
    "train_cfg": {"runner", "dataloader"},
    "val_cfg": {"runner", "dataloader", "evaluator"},
    "test_cfg": {"runner", "dataloader", "evaluator"},
}
# Read by the Runner; _delete_ is the business of MMS135.
_NO_ARGUMENTS = {"type", "by_epoch", "_scope_", "_delete_"}
_DATA = "model = dict(type='RetinaNet')\ntrain_dataloader = dict()\n"
VALID: list[Example] = [
    _DATA + "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=2)",
    _DATA + "train_cfg = dict(by_epoch=False, max_iters=90000, val_begin=10)",
    # A loop that is not known from anywhere.
    _DATA + "train_cfg = dict(type='SomeLoop', max_steps=3)",
    "val_cfg = dict()\ntest_cfg = dict(type='TestLoop', fp16=True)",
]
INVALID: list[Example] = [
    _DATA + "train_cfg = dict(type='IterBasedTrainLoop', max_iters=9, max_epochs=12)",
    _DATA + "train_cfg = dict(type='EpochBasedTrainLoop', max_iters=90000)",
    _DATA + "train_cfg = dict(by_epoch=True, max_epochs=12, val_intervall=2)",
    "val_cfg = dict(type='ValLoop', interval=1)",
    {
        "config.py": "custom_imports = dict(imports=['own_loops'])\n"
        + _DATA
        + "train_cfg = dict(type='OwnLoop', max_epochs=12, warmup=3)",
        "own_loops.py": "from mmengine.registry import LOOPS\n"
        "from mmengine.runner import EpochBasedTrainLoop\n\n\n"
        "@LOOPS.register_module()\nclass OwnLoop(EpochBasedTrainLoop):\n"
        "    def __init__(self, *args, freeze=1, **kwargs):\n"
        "        super().__init__(*args, **kwargs)\n",
    },
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each argument that is too much, and each that is missing."""
    if config.is_legacy:
        return
    for key, given in _GIVEN.items():
        loop = config.plain.get(key)
        if not isinstance(loop, dict) or ("type" in loop and "by_epoch" in loop):
            continue
        name = _loop_name(key, loop)
        constructor = _constructor(config, name) if name else None
        if name is not None and constructor is not None:
            yield from _unknown(config, key, loop, name, constructor)
            if config.is_runnable:
                yield from _missing(config, key, loop, name, constructor, given)


def _loop_name(key: str, loop: dict[str, Any]) -> str | None:
    if "type" in loop:
        return full_name(loop["type"])
    if key == "train_cfg":
        by_epoch = loop.get("by_epoch")
        return default_train_loop(by_epoch).name if isinstance(by_epoch, bool) else None
    return EVALUATION_LOOPS[key]


def _constructor(config: ConfigView, name: str) -> Constructor | None:
    dotted = config.table.registered("LOOPS", name)
    code = config.imported_code
    own = code.constructor(name.rpartition(".")[2]) if code is not None else None
    return own or (config.table.constructor(dotted) if dotted is not None else None)


def _unknown(
    config: ConfigView, key: str, loop: dict[str, Any], name: str, constructor: Constructor
) -> Iterator[Diagnostic]:
    if constructor.is_open:
        return
    for argument in loop:
        if argument in constructor.arguments or argument in _NO_ARGUMENTS:
            continue
        # The length of the other unit, beside that of its own, is left over from a base.
        fix: Fix = (((key, argument), REMOVED),) if other_maximum(argument) in loop else ()
        stale = is_left_over(config, (key,), argument)
        yield config.found(
            (key, "type" if stale else argument),
            f"{name} takes no argument {argument!r}; the Runner refuses it",
            f"It takes {', '.join(sorted(constructor.arguments - _GIVEN[key]))}. If the key "
            "comes from a base, add _delete_=True.",
            fix,
        )


def _missing(
    config: ConfigView,
    key: str,
    loop: dict[str, Any],
    name: str,
    constructor: Constructor,
    given: set[str],
) -> Iterator[Diagnostic]:
    for argument in sorted(constructor.required - given - loop.keys()):
        yield config.found(
            key,
            f"{name} needs {argument}, and {key} does not set it; the Runner refuses that",
            f"Add {argument}=... to {key}.",
        )
