"""Calls that are not made: what they may have changed is forgotten."""

from __future__ import annotations

import ast
from typing import Any

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.evaluation import Evaluation
from mmscaffold.config.evaluate.forgetting import forget, forget_everything, give_up, read_by
from mmscaffold.config.evaluate.iterators import CfgIterator, View
from mmscaffold.config.evaluate.values import LEAVES, ConfigFunction, Harmless, Reflection, Unknown

_VIEWS_OF_NAMES = ("globals is", "locals is", "vars is")


def call_foreign(
    run: Evaluation, node: ast.Call, target: Unknown, receiver: Any, args: Args
) -> Unknown:
    """Forget what a call may have changed that is not made.

    Args:
        run: The state.
        node: The call.
        target: What is called.
        receiver: What it is a method of, if anything.
        args: Its arguments, which were evaluated for their effects.

    Returns:
        Its result, which may be anything that it was given.
    """
    values = [*args.positional, *args.keywords.values()]
    if isinstance(target, Reflection):
        if target.reason.startswith(_VIEWS_OF_NAMES):
            return Reflection(f"what {target.reason[:7]} yields is not known", target.where)
        code = args.positional[0] if len(values) == 1 and args.positional else None
        if not (isinstance(code, str) and target.reason.startswith(("exec is", "eval is"))):
            forget_everything(run, target)
            return target
        return _run_text(run, code, target)
    if isinstance(target, Harmless) and not _may_call(run, values):
        forget(run, [value for value in values if isinstance(value, CfgIterator)], target)
        reach = () if target.reason.startswith("print ") else values
        return run.derived(Unknown(target.reason, target.where), *reach)
    roots = [value for value in (target, receiver, *values) if type(value) not in LEAVES]
    forget(run, roots, target)
    if any(isinstance(value, Reflection) for value in roots):
        return target
    read = [one for value in roots for one in read_by(run, value)]
    return Unknown(target.reason, target.where, (*roots, *read))


def _may_call(run: Evaluation, values: list[Any]) -> bool:
    """Whether a function of the config is passed, or something that may hold one."""
    seen: set[int] = set()
    stack = list(values)
    while stack:
        value = stack.pop()
        if isinstance(value, ConfigFunction):
            return True
        if isinstance(value, dict):
            inner: Any = value.values()
        elif isinstance(value, list | tuple):
            inner = value
        elif isinstance(value, CfgIterator):
            inner = (*value.held, value.function)
        elif isinstance(value, View):
            inner = (value.of,)
        elif isinstance(value, Unknown):
            inner = value.reach
        else:
            continue
        # Aliases may nest one list a billion times; each object is seen once.
        if id(value) not in seen:
            seen.add(id(value))
            run.charge_steps(1 + len(inner) // 4)
            stack += inner
    return False


def _run_text(run: Evaluation, code: str, unknown: Unknown) -> Unknown:
    """The text of a program: what it could do can be read off it."""
    try:
        run.charge_steps(len(code))
        body = ast.parse(code.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        forget_everything(run, unknown)
        return unknown
    give_up(run, body, unknown)
    names = {inner.id for part in body for inner in ast.walk(part) if isinstance(inner, ast.Name)}
    return run.derived(Unknown(unknown.reason, unknown.where), *[run.peek(name) for name in names])
