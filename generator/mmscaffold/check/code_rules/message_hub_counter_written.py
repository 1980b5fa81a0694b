"""Code writes ``epoch``, ``iter``, ``max_epochs`` or ``max_iters`` into the message hub.

## Why it matters

``RuntimeInfoHook`` keeps these four there for models, data sets and transforms that ask how far
the training is. It writes them at the start of a training, of each epoch and of each iteration.

## Symptoms

``MessageHub.get_info('epoch')`` gives the written number until the hook writes its own again;
models that depend on it change their behaviour at the wrong time.

## Before -> after

Use a name of your own: ``message_hub.update_info('my_epoch', ...)``.

## Fix safety

There is no automatic fix for code. What reads the new name has to be changed with it.

## Source in mmengine

mmengine/hooks/runtime_info_hook.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code import Code
from mmscaffold.check.code.classes import place
from mmscaffold.check.code.syntax import attribute_path, call_to, keyword, names_in
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import PROGRESS


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each call that writes one of them."""
    for module in code.modules:
        hubs = {name for node in ast.walk(module.tree) for name in _named_hubs(node)}
        for node in ast.walk(module.tree):
            call = call_to(node, "update_info") or call_to(node, "update_info_dict")
            if call is None or not _is_hub(call.func, hubs):
                continue
            for name, value in _written(call):
                # The counter itself is what RuntimeInfoHook writes.
                if name in PROGRESS and not _is_counter(value, name):
                    yield Diagnostic(
                        f"the message hub's {name!r} is RuntimeInfoHook's, which overwrites it",
                        place(module, call),
                        "Use a name of your own.",
                    )


def _written(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """The names that a call writes, and their values, as far as they stand there."""
    if call_to(call, "update_info") is not None:
        name = call.args[0] if call.args else keyword(call, "key")
        value = call.args[1] if len(call.args) > 1 else keyword(call, "value")
        pairs = [(name, value)]
    else:
        given = call.args[0] if call.args else keyword(call, "info_dict")
        made = call_to(given, "dict") if given is not None else None
        pairs = (
            list(zip(given.keys, given.values, strict=True)) if isinstance(given, ast.Dict) else []
        )
        for one in made.keywords if made is not None else ():
            if one.arg is not None:
                yield one.arg, one.value
    for key, one_value in pairs:
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and one_value is not None:
            yield key.value, one_value


def _is_counter(value: ast.expr, name: str) -> bool:
    """Whether it is the counter as it stands: ``runner.epoch + 1`` is another number."""
    computed = any(isinstance(node, ast.BinOp) for node in ast.walk(value))
    return not computed and not names_in(value).isdisjoint({name, f"_{name}"})


def _named_hubs(node: ast.AST) -> Iterator[str]:
    """The names that one assignment gives to the hub of the training."""
    if isinstance(node, ast.Assign) and _says_hub(node.value):
        yield from filter(None, map(attribute_path, node.targets))


def _is_hub(function: ast.expr, hubs: set[str]) -> bool:
    owner = function.value if isinstance(function, ast.Attribute) else function
    return attribute_path(owner) in hubs or _says_hub(owner)


def _says_hub(value: ast.expr) -> bool:
    """Whether it is a message hub, and no other than that of the training."""
    if isinstance(value, ast.Call):
        named = value.args[0] if value.args else keyword(value, "name")
        if isinstance(named, ast.Constant | ast.JoinedStr):
            return False
        value = value.func
    return "hub" in attribute_path(value).lower()


RULE = Rule(
    id="MMS260",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_epoch(self, runner):
                    runner.message_hub.update_info('my_epoch', 5)
                    print(runner.message_hub.get_info('epoch'))
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def before_train_iter(self, runner, batch_idx, data_batch=None):
                    runner.message_hub.update_info('iter', runner.iter)
            """,
            because="It is what RuntimeInfoHook does.",
        ),
        Valid(
            """
            from mmengine.logging import MessageHub

            MessageHub.get_instance('distillation').update_info('iter', 0)
            """,
            because="A message hub with a name of its own.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def before_train_epoch(self, runner):
                    runner.message_hub.update_info('epoch', runner.epoch + 1)
            """,
            at=Spot(6, 9, 66),
            message="the message hub's 'epoch' is RuntimeInfoHook's, which overwrites it",
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_epoch(self, runner):
                    runner.message_hub.update_info('epoch', 5)
            """,
            at=Spot(6, 9, 51),
            message="the message hub's 'epoch' is RuntimeInfoHook's, which overwrites it",
            after="""
            from mmengine.hooks import Hook


            class MyHook(Hook):
                def after_train_epoch(self, runner):
                    runner.message_hub.update_info('my_epoch', 5)
            """,
        ),
        Invalid(
            """
            from mmengine.logging import MessageHub

            MessageHub.get_current_instance().update_info('iter', 0)
            """,
            at=Spot(3, 1, 57),
            message="the message hub's 'iter' is RuntimeInfoHook's, which overwrites it",
        ),
        Invalid(
            """
            from mmengine.logging import MessageHub


            def tell(epoch):
                messages = MessageHub.get_current_instance()
                messages.update_info('epoch', epoch + 1)
            """,
            at=Spot(6, 5, 45),
            message="the message hub's 'epoch' is RuntimeInfoHook's, which overwrites it",
        ),
    ],
)
