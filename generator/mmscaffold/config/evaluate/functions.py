"""Functions and lambdas of a config: defined, and called where that is exact."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.calls import FUNCTIONS
from mmscaffold.config.evaluate.containers import CfgDict, CfgTuple
from mmscaffold.config.evaluate.evaluation import Evaluation
from mmscaffold.config.evaluate.forgetting import forget, function_effects, read_by
from mmscaffold.config.evaluate.frames import Frame
from mmscaffold.config.evaluate.leaving import GiveUpError, ReturnError
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.scan import own_names
from mmscaffold.config.evaluate.values import (
    BUILTIN,
    ConfigFunction,
    FunctionValue,
    NotEvaluatedError,
    Unknown,
)

MAX_DEPTH = 16
"""How deep calls of a config's functions may nest; what goes deeper is not made."""


def define(run: Evaluation, node: ast.FunctionDef | ast.Lambda) -> ConfigFunction:
    """Make a function; its defaults are evaluated now, as Python does."""
    arguments = node.args
    given = [*arguments.posonlyargs, *arguments.args]
    defaults: dict[str, tuple[Any, Origin | None]] = {}
    first = len(given) - len(arguments.defaults)
    for parameter, default in zip(given[first:], arguments.defaults, strict=True):
        defaults[parameter.arg] = run.evaluate_with_origin(default)
    for parameter, kw_default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if kw_default is not None:
            defaults[parameter.arg] = run.evaluate_with_origin(kw_default)
    run.made_foreign = True
    name = node.name if isinstance(node, ast.FunctionDef) else "<lambda>"
    body = node.body if isinstance(node, ast.FunctionDef) else [node.body]
    names = own_names(node)
    return ConfigFunction(name, node, body, defaults, tuple(run.scopes), names)


def call_function(run: Evaluation, function: ConfigFunction, args: Args, node: ast.expr) -> Any:
    """Call a function of the config; an ``Unknown`` where that would not be exact."""
    frame = _frame(function, args)
    depth = len(run.calls)
    if function.names.suspends or depth >= MAX_DEPTH:
        return not_called(run, function, frame, node)
    saved = (run.scopes, run.statement)
    run.scopes = [*function.scopes, frame]
    run.calls.append(frame)
    value: Any = None
    try:
        if isinstance(function.node, ast.Lambda):
            value = run.evaluate(function.node.body)
        else:
            run.run(function.node.body)
    except ReturnError as returned:
        value = returned.value
    except GiveUpError:
        run.scopes, run.statement = saved
        return not_called(run, function, frame, node)
    finally:
        run.scopes, run.statement = saved
        run.calls.pop()
        run.referenced = None
    return value


def not_called(run: Evaluation, function: ConfigFunction, frame: Frame, node: ast.expr) -> Unknown:
    """What is left of a call that is not made, or not made to its end."""
    unknown = run.unknown(node, f"function {function.name} of the config is not called here")
    held = (function, *frame.values())
    forget(run, held, unknown)
    return run.derived(unknown, *held, *read_by(run, function))


def _frame(function: ConfigFunction, args: Args) -> Frame:
    """The parameters of a call, each with its argument.

    Raises:
        TypeError: Where Python would refuse the arguments.
    """
    frame = Frame(function.names)
    arguments = function.node.args
    given = [*arguments.posonlyargs, *arguments.args]
    name = f"{function.name}()"
    for index, parameter in enumerate(given[: len(args.positional)]):
        frame.put(parameter.arg, args.positional[index], args.origins.get(index))
    more = args.positional[len(given) :]
    if arguments.vararg:
        origins = [args.origins.get(len(given) + index) for index in range(len(more))]
        frame.put(arguments.vararg.arg, CfgTuple.make(more, origins), None)
    elif more:
        takes = (
            "1 positional argument" if len(given) == 1 else f"{len(given)} positional arguments"
        )
        were = "1 was" if len(args.positional) == 1 else f"{len(args.positional)} were"
        raise TypeError(f"{name} takes {takes} but {were} given")
    by_name = {parameter.arg for parameter in [*arguments.args, *arguments.kwonlyargs]}
    others = CfgDict()
    for key, value in args.keywords.items():
        if key in by_name:
            if key in frame:
                raise TypeError(f"{name} got multiple values for argument {key!r}")
            frame.put(key, value, args.origins.get(key))
        elif arguments.kwarg:
            others.put(key, value, args.origins.get(key))
        else:
            raise TypeError(f"{name} got an unexpected keyword argument {key!r}")
    if arguments.kwarg:
        frame.put(arguments.kwarg.arg, others, None)
    for parameter in [*given, *arguments.kwonlyargs]:
        if parameter.arg in frame:
            continue
        if parameter.arg not in function.defaults:
            raise TypeError(f"{name} missing 1 required argument: {parameter.arg!r}")
        frame.put(parameter.arg, *function.defaults[parameter.arg])
    return frame


_KEYS = frozenset({"abs", "float", "int", "len", "str"})


def _builtin_key(run: Evaluation, name: str) -> Callable[[Any], Any]:
    """``len`` and the like, as what a list is sorted by."""
    builtin = FUNCTIONS[name]

    def call(value: Any) -> Any:
        if run.find_unknown(value):
            raise NotEvaluatedError("it orders by what is not known")
        run.budget.charge_call(name, None, [value])
        return builtin(Args([value], {}, {}, run.budget, None, run.find_unknown))

    return call


def as_key(run: Evaluation, args: Args) -> None:
    """Let a builtin call the function that it is given as ``key=``, if that is exact."""
    function = args.keywords.get("key")
    if isinstance(function, FunctionValue) and function.name in _KEYS:
        if function.reason == BUILTIN:
            args.keywords["key"] = _builtin_key(run, function.name)
        return
    if not isinstance(function, ConfigFunction):
        return
    effects = function_effects(run, function)
    if effects.changed or effects.outer or effects.reflects:
        return
    node = ast.copy_location(ast.Constant(None), function.node)

    def call(value: Any) -> Any:
        result = call_function(
            run, function, Args([value], {}, {}, run.budget, None, run.find_unknown), node
        )
        if run.find_unknown(result):
            raise NotEvaluatedError("it orders by what is not known")
        return result

    args.keywords["key"] = call
