"""``try`` blocks: run where nothing is raised, or where it is known what catches it."""

from __future__ import annotations

import ast
import builtins
import sys

from mmscaffold.config.errors import ConfigError, WorkBudgetError
from mmscaffold.config.evaluate.assignments import delete_name
from mmscaffold.config.evaluate.evaluation import (
    CONFIG_FAULTS,
    BreakLoopError,
    ContinueLoopError,
    Evaluation,
    GiveUpError,
    ReturnError,
)
from mmscaffold.config.evaluate.forgetting import raises_only
from mmscaffold.config.evaluate.scan import names_in


def try_block(run: Evaluation, statement: ast.Try) -> None:
    """Run what surely raises nothing, or is known whole; else forget what it may change."""
    names = {name for part in statement.body for name in names_in(part)}
    imports = any(
        isinstance(inner, ast.Import | ast.ImportFrom) and not _is_standard(inner)
        for part in statement.body
        for inner in ast.walk(part)
    )
    if imports or any(run.find_unknown(run.peek(name)) for name in names):
        run.give_up_on(statement, "whether this try block raises is not known")
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
    except (ContinueLoopError, BreakLoopError, ReturnError):
        run.run(statement.finalbody)
        raise
    if run.unknowns_made != known:
        run.statement = statement
        run.give_up_on(statement, "whether this try block raises is not known")
        return
    run.run(statement.orelse)
    run.run(statement.finalbody)


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
    try:
        run.run(handler.body)
    except GiveUpError:
        run.give_up_on(statement, "whether this try block raises is not known")
        return
    except (*CONFIG_FAULTS, ConfigError, ContinueLoopError, BreakLoopError, ReturnError):
        _leave_handler(run, handler)
        run.run(statement.finalbody)
        raise
    _leave_handler(run, handler)
    run.run(statement.finalbody)


def _leave_handler(run: Evaluation, handler: ast.ExceptHandler) -> None:
    """Python deletes the name of the error at the end of its handler."""
    if handler.name and run.peek(handler.name) is not None:
        delete_name(run, handler.name)


def _is_standard(node: ast.Import | ast.ImportFrom) -> bool:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module]
    return all((name or "").partition(".")[0] in sys.stdlib_module_names for name in names)
