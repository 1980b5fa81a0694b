"""A hook puts the bare model in the place of ``runner.model``.

## Why it matters

On several GPUs ``runner.model`` is a wrapper, ``MMDistributedDataParallel``, which averages the
gradients of all ranks. From the moment that ``runner.model`` is the module inside, the loop
trains that, and each rank goes its own way.

## Symptoms

There is no error. The ranks train different models, and the checkpoint is that of rank 0, which
saw a part of the data; results are as with a smaller batch size. On one GPU:
``AttributeError: 'MyModel' object has no attribute 'module'``.

## Before -> after

Keep it in a variable: ``model = runner.model.module if is_model_wrapper(runner.model) else
runner.model``.

## Fix safety

There is no automatic fix for code. What the hook does with the model stays the same.

## Source in mmengine

mmengine/model/wrappers/distributed.py; mmengine/runner/runner.py, ``wrap_model``.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from mmscaffold.check.code import Code
from mmscaffold.check.code.runner_code import Write, runner_writes
from mmscaffold.check.code.syntax import as_attribute, is_name, names_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import BASE_LOOP, HOOK


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each model that is unwrapped and not wrapped again."""
    writes = [one for one in runner_writes(code) if one.path == "model"]
    of_class = Counter(id(one.view.node) for one in writes)
    for write in writes:
        view = write.view
        if not (view.inherits(HOOK) or view.inherits(BASE_LOOP)) or write.value is None:
            continue
        # Who sets it twice puts the wrapper back.
        if _is_unwrapped(write) and of_class[id(view.node)] == 1:
            yield view.found(
                write.node,
                f"{view.name} replaces runner.model by the module inside its wrapper: gradients "
                "are no longer averaged over the ranks",
                "Keep the module in a variable of its own.",
            )


def _is_unwrapped(write: Write) -> bool:
    """Whether it is the module of something, or a local name that was last set to one."""
    value = write.value
    if isinstance(value, ast.Name):
        name = value.id
        set_before = [
            node
            for node in ast.walk(write.function)
            if isinstance(node, ast.Assign)
            and any(is_name(one, name) for one in node.targets)
            and node.lineno < getattr(write.node, "lineno", 0)
        ]
        last = max(set_before, key=lambda node: node.lineno, default=None)
        # What a function makes of a module may wrap it again.
        made = as_attribute(last.value) if last is not None else None
        value = made if isinstance(made, ast.Attribute | ast.IfExp) else None
    return value is not None and "module" in names_in(as_attribute(value))


RULE = Rule(
    id="MMS258",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.hooks import Hook
            from mmengine.model import is_model_wrapper


            class MyHook(Hook):
                def before_train(self, runner):
                    model = runner.model
                    if is_model_wrapper(model):
                        model = model.module
                    print(model)
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def before_val(self, runner):
                    self.wrapper = runner.model
                    runner.model = runner.model.module

                def after_val(self, runner):
                    runner.model = self.wrapper
            """,
            because="It puts the wrapper back.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def before_train(self, runner):
                    runner.model = runner.model.module
            """,
            at=Spot(6, 9, 43),
            message=(
                "MyHook replaces runner.model by the module inside its wrapper: gradients are no "
                "longer averaged over the ranks"
            ),
            after="""
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def before_train(self, runner):
                    model = runner.model.module
            """,
        ),
    ],
)
