"""The statements that steer a classic config, import into it, or define functions in it."""

from __future__ import annotations

import ast
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.assignments import store
from mmscaffold.config.evaluate.budget import MANY
from mmscaffold.config.evaluate.calls import LIBRARY
from mmscaffold.config.evaluate.evaluation import Evaluation, Statements, root_name
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import FunctionValue, ModuleValue, Unknown


def _expression(run: Evaluation, statement: ast.Expr) -> None:
    if isinstance(statement.value, ast.Constant):
        return
    value = run.evaluate(statement.value)
    call = statement.value
    if isinstance(value, Unknown) and isinstance(call, ast.Call):
        _forget_receiver(run, call, value)


def _forget_receiver(run: Evaluation, call: ast.Call, unknown: Unknown) -> None:
    """A method that could not be called may have changed what it was called on."""
    if isinstance(call.func, ast.Attribute):
        root = root_name(call.func)
        if root and not isinstance(run.variables.get(root), ModuleValue | FunctionValue):
            run.bind(root, unknown, run.variables.origins.get(root))


def _if(run: Evaluation, statement: ast.If) -> None:
    test = run.evaluate(statement.test)
    if isinstance(test, Unknown):
        run.give_up_on(statement, "", test)
    else:
        run.run(statement.body if test else statement.orelse)


def _for(run: Evaluation, statement: ast.For) -> None:
    iterable, origin = run.evaluate_with_origin(statement.iter)
    if isinstance(iterable, Unknown):
        run.give_up_on(statement, "", iterable)
        return
    run.at = statement.iter
    run.budget.aliases += MANY
    known = getattr(iterable, "origins", None)
    for index, item in enumerate(iterable):
        has_own = isinstance(known, list) and index < len(known)
        store(run, statement.target, item, known[index] if has_own else origin)  # type: ignore[index]
        try:
            run.run(statement.body)
        except _ContinueLoopError:
            continue
        except _BreakLoopError:
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
        run.budget.steps += 1
        try:
            run.run(statement.body)
        except _ContinueLoopError:
            continue
        except _BreakLoopError:
            return
    run.run(statement.orelse)


def _continue(_: Evaluation, __: ast.Continue) -> None:
    raise _ContinueLoopError


def _break(_: Evaluation, __: ast.Break) -> None:
    raise _BreakLoopError


def _pass(_: Evaluation, __: ast.stmt) -> None:
    return


def _assert(run: Evaluation, statement: ast.Assert) -> None:
    test = run.evaluate(statement.test)
    if not isinstance(test, Unknown) and not test:
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


def _import_from(run: Evaluation, statement: ast.ImportFrom) -> None:
    run.made_foreign = True
    for alias in statement.names:
        full = f"{statement.module}.{alias.name}"
        value: Any
        if full in LIBRARY:
            value = FunctionValue(full, "a library function")
        elif full == "os.path":
            value = ModuleValue(full)
        elif full == "mmengine.config.read_base":
            value = FunctionValue(full, "read_base is called in a `with` statement only")
        elif statement.module == "__future__":
            continue
        else:
            value = run.unknown(statement, f"{full} is not imported to read a config")
        run.bind(alias.asname or alias.name, value, None)


def _function(run: Evaluation, statement: ast.FunctionDef) -> None:
    run.made_foreign = True
    reason = f"function {statement.name} of the config is not called"
    value = FunctionValue(statement.name, reason)
    run.bind(statement.name, value, Origin(run.parsed, statement))


def _class(run: Evaluation, statement: ast.ClassDef) -> None:
    unknown = run.unknown(statement, f"class {statement.name} is defined in the config")
    run.bind(statement.name, unknown, Origin(run.parsed, statement))


class _BreakLoopError(Exception):
    """Leaves the innermost loop of the config."""


class _ContinueLoopError(Exception):
    """Starts the next round of the innermost loop of the config."""


CONTROL: Statements = {
    ast.Assert: _assert,
    ast.Break: _break,
    ast.ClassDef: _class,
    ast.Continue: _continue,
    ast.Expr: _expression,
    ast.For: _for,
    ast.FunctionDef: _function,
    ast.Global: _pass,
    ast.If: _if,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Pass: _pass,
    ast.Raise: _raise,
    ast.While: _while,
}
