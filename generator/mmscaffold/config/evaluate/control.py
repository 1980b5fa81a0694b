"""The statements that steer a classic config, import into it, or define functions in it."""

from __future__ import annotations

import ast
import math
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.assignments import store
from mmscaffold.config.evaluate.budget import MANY
from mmscaffold.config.evaluate.evaluation import Evaluation, Statements
from mmscaffold.config.evaluate.foreign import call_foreign
from mmscaffold.config.evaluate.forgetting import (
    forget,
    forget_everything,
    is_harmless_module,
    read_by,
)
from mmscaffold.config.evaluate.functions import call_function, define
from mmscaffold.config.evaluate.iterators import UNORDERED, is_unordered
from mmscaffold.config.evaluate.leaving import (
    BreakLoopError,
    ContinueLoopError,
    GiveUpError,
    ReturnError,
)
from mmscaffold.config.evaluate.library import CONSTANTS, LIBRARY, library_function
from mmscaffold.config.evaluate.matching import match
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.scan import (
    REFLECTING_ATTRIBUTES,
    REFLECTING_MODULES,
    Names,
)
from mmscaffold.config.evaluate.trying import try_block
from mmscaffold.config.evaluate.values import (
    ConfigFunction,
    Foreign,
    FunctionValue,
    Harmless,
    LazyName,
    ModuleValue,
    Reflection,
    Unknown,
)


def _expression(run: Evaluation, statement: ast.Expr) -> None:
    if not isinstance(statement.value, ast.Constant):
        run.evaluate(statement.value)


def _if(run: Evaluation, statement: ast.If) -> None:
    test = run.evaluate(statement.test)
    if isinstance(test, Unknown):
        run.give_up_on(statement, "", test)
    else:
        run.run(statement.body if test else statement.orelse)


def _for(run: Evaluation, statement: ast.For) -> None:
    iterable, origin = run.evaluate_with_origin(statement.iter)
    iterable = run.iterable(iterable)
    if isinstance(iterable, Unknown):
        run.give_up_on(statement, "", iterable)
        return
    if isinstance(iterable, FunctionValue | ModuleValue | LazyName):
        raise TypeError("a function or module cannot be looped over")
    if is_unordered(iterable):
        run.give_up_on(statement, UNORDERED)
        return
    run.at = statement.iter
    run.budget.aliases += MANY
    known = getattr(iterable, "origins", None)
    for index, item in enumerate(iterable):
        run.budget.charge_steps(1)
        has_own = isinstance(known, list) and index < len(known)
        store(run, statement.target, item, known[index] if has_own else origin)  # type: ignore[index]
        try:
            run.run(statement.body)
        except ContinueLoopError:
            pass
        except BreakLoopError:
            return
        except GiveUpError:
            run.give_up_on(statement, "whether this loop ends early is not known")
            return
        if isinstance(iterable, Unknown):
            # A round has changed it, in a way that is not known.
            run.give_up_on(statement, "", iterable)
            return
    run.run(statement.orelse)


def _while(run: Evaluation, statement: ast.While) -> None:
    run.budget.aliases += MANY
    while True:
        test = run.evaluate(statement.test)
        if isinstance(test, Unknown):
            run.give_up_on(statement, "", test)
            return
        if not test:
            break
        run.budget.charge_steps(1)
        try:
            run.run(statement.body)
        except ContinueLoopError:
            continue
        except BreakLoopError:
            return
        except GiveUpError:
            run.give_up_on(statement, "whether this loop ends early is not known")
            return
    run.run(statement.orelse)


def _continue(_: Evaluation, __: ast.Continue) -> None:
    raise ContinueLoopError


def _break(_: Evaluation, __: ast.Break) -> None:
    raise BreakLoopError


def _return(run: Evaluation, statement: ast.Return) -> None:
    raise ReturnError(run.evaluate(statement.value) if statement.value else None)


def _pass(_: Evaluation, __: ast.stmt) -> None:
    return


def _with(run: Evaluation, statement: ast.With) -> None:
    """What it opens is evaluated; whether its body runs to the end is not known."""
    for item in statement.items:
        run.evaluate(item.context_expr)
    run.give_up_on(statement, "With is not evaluated")


def _assert(run: Evaluation, statement: ast.Assert) -> None:
    test = run.evaluate(statement.test)
    if isinstance(test, Unknown):
        run.skip([statement.msg] if statement.msg else [], test)
    elif not test:
        run.at = statement
        raise ConfigError("an assert of this config fails")


def _raise(run: Evaluation, statement: ast.Raise) -> None:
    run.at = statement
    raise ConfigError("this config raises an error")


def _import(run: Evaluation, statement: ast.Import) -> None:
    run.made_foreign = True
    for alias in statement.names:
        if alias.asname:
            run.bind(alias.asname, ModuleValue(alias.name), None)
        else:
            root = alias.name.partition(".")[0]
            run.bind(root, ModuleValue(root), None)


def imported_value(run: Evaluation, statement: ast.stmt, full: str) -> Any:
    """What ``from module import name`` binds."""
    module, _, name = full.rpartition(".")
    if full in CONSTANTS:
        return CONSTANTS[full]
    if full in LIBRARY:
        return library_function(full)
    if full == "os.path":
        return ModuleValue(full)
    if full == "mmengine.config.read_base":
        return FunctionValue(full, "read_base is called in a `with` statement only")
    run.made_unknown = True
    kind = Harmless if is_harmless_module(module) else Foreign
    if module in REFLECTING_MODULES or name in REFLECTING_ATTRIBUTES:
        kind = Reflection
    return kind(f"{full} is not imported to read a config", run.parsed.where(statement))


def _import_from(run: Evaluation, statement: ast.ImportFrom) -> None:
    run.made_foreign = True
    if statement.names[0].name == "*":
        _import_all(run, statement)
        return
    for alias in statement.names:
        full = f"{statement.module}.{alias.name}"
        if statement.module == "__future__":
            run.lazy_annotations |= alias.name == "annotations"
            # mmengine keeps it as a value of its own kind.
            value: Any = run.unknown(statement, f"{full} is not a config value")
        else:
            value = imported_value(run, statement, full)
        run.bind(alias.asname or alias.name, value, None)


def _import_all(run: Evaluation, statement: ast.ImportFrom) -> None:
    """``from math import *``; of other modules it is not known which names they bind."""
    if statement.module != "math":
        forget_everything(
            run, run.unknown(statement, f"what {statement.module} holds is not known")
        )
        return
    for name in vars(math):
        if not name.startswith("_"):
            run.bind(name, imported_value(run, statement, f"math.{name}"), None)


def _function(run: Evaluation, statement: ast.FunctionDef) -> None:
    value: Any = define(run, statement)
    if not run.lazy_annotations:
        for annotation in _annotations(statement):
            run.evaluate(annotation)
    for decorator in reversed(statement.decorator_list):
        value = _decorated(run, decorator, value)
    run.bind(statement.name, value, Origin(run.parsed, statement))


def _annotations(function: ast.FunctionDef) -> list[ast.expr]:
    arguments = function.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    parameters += [one for one in (arguments.vararg, arguments.kwarg) if one]
    found = [one.annotation for one in parameters if one.annotation]
    return [*found, *([function.returns] if function.returns else [])]


def _decorated(run: Evaluation, decorator: ast.expr, value: Any) -> Any:
    """What a decorator makes of a function."""
    target = run.evaluate(decorator)
    call = ast.copy_location(ast.Call(decorator, [], []), decorator)
    args = Args([value], {}, {}, run.budget, None, run.find_unknown)
    if isinstance(target, ConfigFunction):
        return call_function(run, target, args, call)
    if not isinstance(target, Unknown):
        target = run.unknown(decorator, "a decorator is not called")
    return call_foreign(run, call, target, None, args)


def _class(run: Evaluation, statement: ast.ClassDef) -> None:
    unknown = run.unknown(statement, f"class {statement.name} is defined in the config")
    # Its methods may run whenever it is used.
    names = Names()
    names.local.add(statement.name)
    code = ConfigFunction(statement.name, statement, [statement], {}, tuple(run.scopes), names)
    forget(run, (code,), unknown)
    run.bind(
        statement.name,
        run.derived(unknown, code, *read_by(run, code)),
        Origin(run.parsed, statement),
    )


CONTROL: Statements = {
    ast.Assert: _assert,
    ast.Break: _break,
    ast.ClassDef: _class,
    ast.Continue: _continue,
    ast.Expr: _expression,
    ast.For: _for,
    ast.FunctionDef: _function,
    ast.Global: _pass,
    ast.Match: match,
    ast.Nonlocal: _pass,
    ast.If: _if,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Pass: _pass,
    ast.Raise: _raise,
    ast.Return: _return,
    ast.Try: try_block,
    ast.While: _while,
    ast.With: _with,
}
