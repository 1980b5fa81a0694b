"""Evaluate a whole config, without Python's ``eval`` or ``exec``."""

from __future__ import annotations

import ast
import re
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
from mmscaffold.config.evaluate.evaluation import (
    BASE,
    CONFIG_FAULTS,
    Evaluation,
    Expressions,
    Statements,
)
from mmscaffold.config.evaluate.forgetting import forget_lurking
from mmscaffold.config.evaluate.forgotten import Forgotten, settled
from mmscaffold.config.evaluate.incomplete_base import IncompleteBase
from mmscaffold.config.evaluate.literals import LITERALS
from mmscaffold.config.evaluate.operations import OPERATIONS
from mmscaffold.config.evaluate.reading import READING
from mmscaffold.config.evaluate.values import (
    Foreign,
    FunctionValue,
    ModuleValue,
    Perhaps,
    Unknown,
    is_kept,
    present,
)
from mmscaffold.config.text.source import ParsedSource

EXPRESSIONS: Expressions = {**CALLING, **COMPREHENSIONS, **LITERALS, **OPERATIONS, **READING}
STATEMENTS: Statements = {**ASSIGNMENTS, **CONTROL}

# Words without which no file can break the rules that ``compile`` adds to the grammar.
_SCOPE_WORDS = (
    *("return", "nonlocal", "global", "yield", "await", "async", "def", "lambda", "break"),
    *("continue", "case", "except", "__debug__", "__future__"),
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
    opened = run.opened
    if run.forgot:
        # Of a base that is not there it is said already that any key may be in it.
        is_told = isinstance(base, IncompleteBase) and base.is_open
        found = _settle_base(run)
        opened = opened if is_told else found or opened
    for name in [name for name in variables if _is_dropped(name, variables[name])]:
        del variables[name]
    run.budget.check_aliases(variables, str(parsed.path), len(parsed.text))
    if run.made_foreign:
        without_foreign(variables, str(parsed.path))
        if run.changed and run.read_base:
            without_foreign(run.base, str(parsed.path))
    if opened:
        add_marker(variables, opened)
    if run.changed and run.read_base:
        # It may have stored a base in itself.
        check_size(run.base, str(parsed.path))
        _check_names(run.base, str(parsed.path))
    return variables, base if run.base is None else run.base


def _check_names(base: Any, where: str) -> None:
    """Refuse a key of the bases that can be no name: ``_base_[1] = 2``."""
    for key in base:
        if not isinstance(key, str):
            raise ConfigError(
                f"sets the top-level key {key!r} of its bases, which is not a string",
                where=where,
                hint="mmengine refuses it; the keys of a config are names.",
            )


def add_marker(variables: CfgDict, opened: Unknown) -> None:
    """Mark that there may be more keys than these, as for a base that is not there.

    Of such a base, a child that writes ``_delete_`` knows what it has; of code, no one does.
    """
    for name, value in variables.items():
        if isinstance(value, Unknown):
            variables.put(name, Perhaps(value.reason, value.where), variables.origins.get(name))
    variables.put(BASE, Perhaps(opened.reason, opened.where), None)


def _settle_base(run: Evaluation) -> Unknown | None:
    """Make plain what was forgotten of the bases; why any key may be there, if so."""
    base = run.base
    if isinstance(base, Unknown):
        opened = Unknown(base.reason, base.where)
        perhaps = Perhaps(base.reason, base.where)
        names = [key for key in base if isinstance(key, str)]
        run.base = CfgDict.make(dict.fromkeys(names, perhaps), {})
        return opened
    settled(base)
    return base.missing if isinstance(base, IncompleteBase) and base.is_open else None


def _is_dropped(name: str, value: Any) -> bool:
    """Whether mmengine leaves a top-level value out: modules and Python functions."""
    is_foreign = isinstance(value, FunctionValue | ModuleValue)
    return name == BASE or name.startswith("__") or (is_foreign and not is_kept(value))


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
    # Names that come from bases may stand for what is not known.
    run.made_unknown = bool(variables) and base is None
    if run.made_unknown and BASE in variables:
        # A base in the pure-Python style runs code that may set any name of it.
        run.opened = present(variables[BASE])
    _check_scopes(parsed)
    with _faults_of_the_config(run):
        run.run(parsed.tree.body)
        if run.lurking:
            forget_lurking(run)
    if run.made_unknown and base is not None:
        _mark_droppable(variables)
    if run.forgot or run.unknowns_made:
        settled(variables)
    return run


def _mark_droppable(variables: CfgDict) -> None:
    """Of what mmengine may drop it is not known whether it is there."""
    for name, value in variables.items():
        if isinstance(value, Unknown) and _may_be_dropped(value):
            perhaps = Perhaps(value.reason, value.where, value.reach)
            variables.put(name, perhaps, variables.origins.get(name))


def _may_be_dropped(value: Unknown) -> bool:
    if isinstance(value, Forgotten | Foreign):
        return isinstance(value, Foreign)
    stack = list(value.reach)
    seen: set[int] = set()
    while stack:
        held = stack.pop()
        if isinstance(held, FunctionValue | ModuleValue) and not is_kept(held):
            return True
        if isinstance(held, Unknown) and not isinstance(held, Foreign) and id(held) not in seen:
            seen.add(id(held))
            if not isinstance(held, Forgotten):
                stack += held.reach
    return False


def _check_scopes(parsed: ParsedSource) -> None:
    """Refuse what mmengine cannot compile, though it can be parsed here."""
    if parsed.source.bom_length:
        raise ConfigError(
            "begins with a byte order mark, which mmengine cannot read",
            where=str(parsed.path),
            hint="Save it as UTF-8 without a byte order mark.",
        )
    text = parsed.text
    # Each on its own, as most files hold the letters of one or two, if any.
    if not any(word in text and re.search(rf"{word}\b", text) for word in _SCOPE_WORDS):
        return
    try:
        # Compiled, never run.
        compile(_without_base(parsed.tree), str(parsed.path), "exec", dont_inherit=True)
    except SyntaxError as error:
        where = f"{parsed.path}:{error.lineno}" if error.lineno else str(parsed.path)
        raise ConfigError(str(error.msg), where=where) from None
    except (RecursionError, MemoryError, ValueError):
        raise ConfigError("is nested too deeply to be a config", where=str(parsed.path)) from None


def _without_base(tree: ast.Module) -> ast.Module:
    """What mmengine compiles (``RemoveAssignFromAST``): imports of ``__future__`` may follow."""
    return ast.Module([one for one in tree.body if not sets_base(one)], [])


def sets_base(statement: ast.stmt) -> bool:
    """Whether a statement is ``_base_ = ...``, which mmengine takes out of the file."""
    if not isinstance(statement, ast.Assign):
        return False
    target = statement.targets[0]
    return isinstance(target, ast.Name) and target.id == BASE


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
    except CONFIG_FAULTS as error:
        raise ConfigError(_explain(error), where=run.where()) from None


def _explain(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"no key {error} there"
    return str(error) or type(error).__name__
