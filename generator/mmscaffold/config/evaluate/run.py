"""Evaluate a whole config, without Python's ``eval`` or ``exec``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.assignments import ASSIGNMENTS
from mmscaffold.config.evaluate.budget import check_size
from mmscaffold.config.evaluate.calling import CALLING
from mmscaffold.config.evaluate.comprehensions import COMPREHENSIONS
from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.evaluate.control import CONTROL
from mmscaffold.config.evaluate.copies import without_foreign
from mmscaffold.config.evaluate.evaluation import BASE, Evaluation, Expressions, Statements
from mmscaffold.config.evaluate.literals import LITERALS
from mmscaffold.config.evaluate.operations import OPERATIONS
from mmscaffold.config.evaluate.reading import BUILTIN, READING
from mmscaffold.config.evaluate.values import FunctionValue, ModuleValue
from mmscaffold.config.text.source import ParsedSource

EXPRESSIONS: Expressions = {**CALLING, **COMPREHENSIONS, **LITERALS, **OPERATIONS, **READING}
STATEMENTS: Statements = {**ASSIGNMENTS, **CONTROL}

# What Python itself raises where a config is wrong; each becomes one ConfigError.
_CONFIG_FAULTS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    NameError,
    RuntimeError,
    TypeError,
    ValueError,
)


def run_config(parsed: ParsedSource, base: CfgDict) -> tuple[CfgDict, CfgDict]:
    """Evaluate a classic config.

    Args:
        parsed: The file.
        base: Its bases, joined; they stay as they are.

    Returns:
        The top-level names in the order of their first assignment, without
        functions, modules, ``_base_`` and names that begin with two underscores; and the
        bases as the file has edited them, if it has.

    Raises:
        ConfigError: Where Python would raise, or where the work budget ends.
    """
    variables = CfgDict({BASE: base})
    run = run_statements(parsed, variables, STATEMENTS, base)
    for name in [name for name in variables if _is_dropped(name, variables[name])]:
        del variables[name]
    run.budget.check_aliases(variables, str(parsed.path), len(parsed.text))
    if run.made_foreign:
        without_foreign(variables, str(parsed.path))
    if run.changed and run.read_base:
        # It may have stored a base in itself.
        check_size(run.base, str(parsed.path))
    return variables, run.base or base


def _is_dropped(name: str, value: Any) -> bool:
    """Whether mmengine leaves a top-level value out: modules and Python functions."""
    if name == BASE or name.startswith("__") or isinstance(value, ModuleValue):
        return True
    return isinstance(value, FunctionValue) and value.reason != BUILTIN


def run_statements(
    parsed: ParsedSource,
    variables: CfgDict,
    statements: Statements,
    base: CfgDict | None = None,
) -> Evaluation:
    """Run all statements of a file.

    Args:
        parsed: The file.
        variables: The names that exist before it; filled in place.
        statements: What each kind of statement does.
        base: What ``_base_`` reads, if it is among the variables.

    Returns:
        The state at its end.

    Raises:
        ConfigError: Where Python would raise, or where the work budget ends.
    """
    run = Evaluation(parsed, variables, EXPRESSIONS, statements, base)
    with _faults_of_the_config(run):
        run.run(parsed.tree.body)
    return run


def expression_value(parsed: ParsedSource, node: ast.expr) -> Any:
    """The value of one expression in which no name of the config is known yet.

    Raises:
        ConfigError: Where Python would raise, or where the work budget ends.
    """
    run = Evaluation(parsed, CfgDict(), EXPRESSIONS, STATEMENTS)
    with _faults_of_the_config(run):
        return run.evaluate(node)


@contextmanager
def _faults_of_the_config(run: Evaluation) -> Iterator[None]:
    """Turn what is wrong with a config into a ``ConfigError`` that says where."""
    try:
        yield
    except ConfigError as error:
        if error.where is None:
            error.where = run.where()
        raise
    except (RecursionError, MemoryError):
        raise ConfigError("is nested too deeply to be a config", where=run.where()) from None
    except _CONFIG_FAULTS as error:
        raise ConfigError(_explain(error), where=run.where()) from None


def _explain(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"no key {error} there"
    return str(error) or type(error).__name__
