"""A hook's method does not take what mmengine calls it with.

## Why it matters

mmcv 1.x called ``after_train_iter(runner)``. mmengine also passes the batch, by keyword:
``batch_idx``, ``data_batch`` and, after the iteration, ``outputs``; ``metrics`` after a
validation, ``checkpoint`` around saving and loading. Other names for these arguments do not work
either.

## Symptoms

``TypeError: OwnHook.after_train_iter() got an unexpected keyword argument 'batch_idx'`` in the
first iteration, or ``missing 1 required positional argument``.

## Before -> after

Use the signatures of mmengine/hooks/hook.py, with ``data_batch=None`` and ``outputs=None``.

## Fix safety

There is no automatic fix: code of the project may also call the method. Added arguments with
defaults are safe.

## Source in mmengine

mmengine/hooks/hook.py, ``Hook``; mmengine/runner/loops.py, each ``call_hook``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.hook_calls import own_calls
from mmscaffold.check.code.runner_code import functions_of
from mmscaffold.check.code.syntax import Function, attribute_path
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import HOOK
from mmscaffold.facts.runner import HOOK_POINTS


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each method that mmengine cannot call."""
    called: dict[str, list[tuple[str, ...]]] | None = None
    for view in code.of_kind(HOOK):
        for function in functions_of(view):
            # A decorator may change the signature, unless it is master_only.
            marks = {attribute_path(one) for one in function.decorator_list}
            if function.name not in HOOK_POINTS or not marks <= {"master_only"}:
                continue
            problem = _problem(function, HOOK_POINTS[function.name])
            if problem is None:
                continue
            called = own_calls(code) if called is None else called
            # A loop of the same project may call it in its own way.
            if all(_problem(function, one) for one in called.get(function.name, ())):
                yield view.found(
                    function,
                    f"mmengine calls {view.name}.{function.name} {problem}: a TypeError",
                    _hint(function.name),
                )


def _problem(function: Function, keywords: tuple[str, ...]) -> str | None:
    """What does not fit, after "calls it"."""
    given = function.args
    positional = [one.arg for one in (*given.posonlyargs, *given.args)]
    if len(positional) < 2 and given.vararg is None:
        return "with the Runner, which it does not take"
    by_keyword = {one.arg for one in (*given.args[2:], *given.kwonlyargs)}
    if given.posonlyargs:
        by_keyword = {one.arg for one in (*given.args, *given.kwonlyargs)} - set(positional[:2])
    unknown = [one for one in keywords if one not in by_keyword]
    if unknown and given.kwarg is None:
        return f"with {unknown[0]}=..., which it does not take"
    required = positional[: len(positional) - len(given.defaults)][2:]
    required += [
        one.arg
        for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        if default is None
    ]
    missing = [one for one in required if one not in keywords]
    return f"without {missing[0]!r}, which it needs" if missing else None


def _hint(name: str) -> str:
    optional = {"data_batch", "outputs", "metrics"}
    arguments = [f"{one}=None" if one in optional else one for one in HOOK_POINTS[name]]
    return f"Write def {name}({', '.join(['self', 'runner', *arguments])})."


RULE = Rule(
    id="MMS238",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
                    pass

                def after_val_epoch(self, runner, metrics=None):
                    pass
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_iter(self, runner, *args, **kwargs):
                    pass
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def before_train(self, trainer):
                    pass
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_stage(self, runner, stage):
                    pass
            """,
            because="Only its own loop calls it.",
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_iter(self, runner, step):
                    pass


            def run_iter(runner, step):
                runner.call_hook('after_train_iter', step=step)
            """,
            because="A loop of the project calls this point in its own way.",
        ),
        Valid(
            """
            from mmcv.runner import Hook


            class OwnHook(Hook):
                def after_train_iter(self, runner):
                    pass
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_iter(self, runner):
                    pass
            """,
            at=Spot(5, 5, 25),
            message=(
                "mmengine calls OwnHook.after_train_iter with batch_idx=..., which it does not "
                "take: a TypeError"
            ),
            after="""
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
                    pass
            """,
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def before_train_iter(self, runner, idx, data_batch=None):
                    pass
            """,
            at=Spot(5, 5, 26),
            message=(
                "mmengine calls OwnHook.before_train_iter with batch_idx=..., which it does not "
                "take: a TypeError"
            ),
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_val_epoch(self, runner):
                    pass
            """,
            at=Spot(5, 5, 24),
            message=(
                "mmengine calls OwnHook.after_val_epoch with metrics=..., which it does not "
                "take: a TypeError"
            ),
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def before_train(self):
                    pass
            """,
            at=Spot(5, 5, 21),
            message=(
                "mmengine calls OwnHook.before_train with the Runner, which it does not take: a "
                "TypeError"
            ),
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_epoch(self, runner, outputs):
                    pass
            """,
            at=Spot(5, 5, 26),
            message=(
                "mmengine calls OwnHook.after_train_epoch without 'outputs', which it needs: a "
                "TypeError"
            ),
        ),
    ],
)
