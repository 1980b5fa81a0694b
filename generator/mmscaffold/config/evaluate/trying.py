"""``try`` blocks: run where nothing is raised, or where it is known what catches it."""

from __future__ import annotations

import ast
import builtins
import sys
from importlib.util import find_spec

from mmscaffold.config.errors import ConfigError, WorkBudgetError
from mmscaffold.config.evaluate.assignments import delete_name
from mmscaffold.config.evaluate.evaluation import CONFIG_FAULTS, Evaluation
from mmscaffold.config.evaluate.forgetting import raises_only
from mmscaffold.config.evaluate.leaving import (
    BreakLoopError,
    ContinueLoopError,
    GiveUpError,
    ReturnError,
)
from mmscaffold.config.evaluate.library import CONSTANTS, LIBRARY
from mmscaffold.config.evaluate.scan import names_in

_LEAVING = (BreakLoopError, ContinueLoopError, ReturnError)
_NOT_KNOWN = "whether this try block raises is not known"


def try_block(run: Evaluation, statement: ast.Try) -> None:
    """Run what surely raises nothing, or is known whole; else forget what it may change."""
    names = {name for part in statement.body for name in names_in(part)}
    imports = any(
        isinstance(inner, ast.Import | ast.ImportFrom) and not _is_sure(inner)
        for part in statement.body
        for inner in ast.walk(part)
    )
    if imports or any(run.find_unknown(run.peek(name)) for name in names):
        run.give_up_on(statement, _NOT_KNOWN)
        return
    scopes, calls, known = run.scopes, len(run.calls), run.unknowns_made
    try:
        run.run(statement.body)
    except WorkBudgetError:
        raise
    except (*CONFIG_FAULTS, ConfigError, GiveUpError) as error:
        raised = run.statement
        run.scopes, run.statement = scopes, statement
        del run.calls[calls:]
        is_exact = run.unknowns_made == known and any(raised is one for one in statement.body)
        if is_exact and raised is not None and raises_only(run, raised):
            found = _handlers(run, statement, error)
            if found is not None:
                if found:
                    _handle(run, statement, found[0])
                    return
                run.run(statement.finalbody)
                run.statement = raised
                raise
        run.give_up_on(statement, "this try block raises, or may do so")
        return
    except _LEAVING:
        if run.unknowns_made == known:
            run.run(statement.finalbody)
            raise
    if run.unknowns_made != known:
        run.scopes, run.statement = scopes, statement
        run.give_up_on(statement, _NOT_KNOWN)
        return
    _finish(run, statement, statement.orelse)


def _handlers(
    run: Evaluation, statement: ast.Try, error: Exception
) -> list[ast.ExceptHandler] | None:
    """The handlers of an error of Python's own; ``None`` if they are not known."""
    if not isinstance(error, CONFIG_FAULTS) or isinstance(error, RuntimeError):
        return None
    found: list[ast.ExceptHandler] = []
    for handler in statement.handlers:
        kinds = _kinds(run, handler.type)
        if kinds is None:
            return None
        if isinstance(error, kinds):
            found.append(handler)
    return found


def _kinds(run: Evaluation, node: ast.expr | None) -> tuple[type[BaseException], ...] | None:
    """The exceptions that a handler names, if they are Python's own."""
    if node is None:
        return (BaseException,)
    found: list[type[BaseException]] = []
    for part in node.elts if isinstance(node, ast.Tuple) else [node]:
        if not isinstance(part, ast.Name) or run.opened or run.peek(part.id) is not None:
            return None
        kind = getattr(builtins, part.id, None)
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            return None
        found.append(kind)
    return tuple(found)


def _handle(run: Evaluation, statement: ast.Try, handler: ast.ExceptHandler) -> None:
    if handler.name:
        run.bind(handler.name, run.unknown(handler.body[0], "an exception is no value"), None)
    _finish(run, statement, handler.body, handler.name)


def _finish(
    run: Evaluation, statement: ast.Try, body: list[ast.stmt], error: str | None = None
) -> None:
    """Run a handler, or ``else``, and then ``finally``, however the former is left.

    Args:
        run: The state.
        statement: The block.
        body: The handler, or ``else``.
        error: The name of the error, which Python deletes behind its handler.
    """
    try:
        run.run(body)
    except GiveUpError:
        run.give_up_on(statement, _NOT_KNOWN)
        return
    except (*CONFIG_FAULTS, ConfigError, *_LEAVING):
        at, raised = run.at, run.statement
        _run_finally(run, statement, error)
        run.at, run.statement = at, raised
        raise
    _run_finally(run, statement, error)


def _run_finally(run: Evaluation, statement: ast.Try, error: str | None) -> None:
    if error and run.peek(error) is not None:
        delete_name(run, error)
    run.run(statement.finalbody)


def _is_sure(node: ast.Import | ast.ImportFrom) -> bool:
    """Whether an import cannot fail: of a module that is there, or of what it surely has."""
    if isinstance(node, ast.Import):
        return all(map(_is_there, (alias.name for alias in node.names)))
    names = {f"{node.module}.{alias.name}" for alias in node.names}
    return names <= {"os.path", *CONSTANTS, *LIBRARY}


def _is_there(module: str) -> bool:
    # Of the standard library, not all is there on each system: winreg.
    is_standard = module in sys.stdlib_module_names and find_spec(module) is not None
    return is_standard or module == "os.path"
