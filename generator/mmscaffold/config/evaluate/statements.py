"""Run the statements of a classic config, without Python's ``exec``."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, ClassVar

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.access import BUILTIN
from mmscaffold.config.evaluate.assignments import BASE, Assignments, root_name
from mmscaffold.config.evaluate.budget import Budget
from mmscaffold.config.evaluate.calls import LIBRARY
from mmscaffold.config.evaluate.values import (
    BaseDict,
    CfgDict,
    FunctionValue,
    ModuleValue,
    Slot,
    Unknown,
    without_foreign,
)
from mmscaffold.config.text.source import ParsedSource

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


def run_config(parsed: ParsedSource, base: BaseDict) -> CfgDict:
    """Evaluate a classic config.

    Args:
        parsed: The file.
        base: What ``_base_`` reads and edits: the merged bases, changed in place.

    Returns:
        The top-level names in the order of their first assignment, without
        functions, modules, ``_base_`` and names that begin with two underscores.

    Raises:
        ConfigError: Where Python would raise, or where the work budget ends.
    """
    variables = CfgDict({BASE: base})
    runner = Statements(parsed, variables)
    runner.run_file()
    _drop_foreign(variables)
    runner.budget.check_aliases(variables, str(parsed.path))
    if runner.made_foreign:
        without_foreign(variables, str(parsed.path))
    return variables


def _drop_foreign(variables: CfgDict) -> None:
    for name, value in list(variables.items()):
        if _is_dropped(value) or name == BASE or name.startswith("__"):
            del variables[name]
            variables.slots.pop(name, None)


def _is_dropped(value: Any) -> bool:
    """Whether mmengine leaves a top-level value out: modules and Python functions."""
    if isinstance(value, FunctionValue):
        return value.reason != BUILTIN
    return isinstance(value, ModuleValue)


def _explain(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"no key {error} there"
    return str(error) or type(error).__name__


class Statements(Assignments):
    """Executes statement nodes; assignments fill ``variables`` and its slots."""

    def __init__(self, parsed: ParsedSource, variables: CfgDict) -> None:
        super().__init__(parsed, variables, Budget())
        self._statement: ast.stmt | None = None

    def run_file(self) -> None:
        """Execute the whole file.

        Raises:
            ConfigError: Where Python would raise, or where the work budget ends.
        """
        try:
            self.run(self.parsed.tree.body)
        except ConfigError as error:
            if error.where is None:
                error.where = self.where()
            raise
        except (RecursionError, MemoryError):
            raise ConfigError("is nested too deeply to be a config", where=self.where()) from None
        except _CONFIG_FAULTS as error:
            raise ConfigError(_explain(error), where=self.where()) from None

    def where(self) -> str:
        """The place at work, for messages."""
        node = self.at or self._statement
        return self.parsed.where(node) if node else str(self.parsed.path)

    def run(self, body: list[ast.stmt]) -> None:
        """Execute statements in order."""
        for statement in body:
            self._statement = statement
            self.at = None
            handler = self._statement_handlers.get(type(statement))
            if handler is None:
                self._give_up_on(statement, f"{type(statement).__name__} is not evaluated")
            else:
                handler(self, statement)

    def _expression(self, statement: ast.Expr) -> None:
        if isinstance(statement.value, ast.Constant):
            return
        value = self.evaluate(statement.value)
        call = statement.value
        if isinstance(value, Unknown) and isinstance(call, ast.Call):
            self._forget_receiver(call, value)

    def _forget_receiver(self, call: ast.Call, unknown: Unknown) -> None:
        """A method that could not be called may have changed what it was called on."""
        if isinstance(call.func, ast.Attribute):
            root = root_name(call.func)
            if root and not isinstance(self.variables.get(root), ModuleValue | FunctionValue):
                self._bind(root, unknown, self.variables.slots.get(root))

    # Control flow

    def _if(self, statement: ast.If) -> None:
        test = self.evaluate(statement.test)
        if isinstance(test, Unknown):
            self._give_up_on(statement, "", test)
        else:
            self.run(statement.body if test else statement.orelse)

    def _for(self, statement: ast.For) -> None:
        iterable, slot = self.evaluate_with_slot(statement.iter)
        if isinstance(iterable, Unknown):
            self._give_up_on(statement, "", iterable)
            return
        self.at = statement.iter
        slots = getattr(iterable, "slots", None)
        for index, item in enumerate(iterable):
            item_slot = slots[index] if isinstance(slots, list) and index < len(slots) else slot
            self._store(statement.target, item, item_slot)
            try:
                self.run(statement.body)
            except _ContinueLoopError:
                continue
            except _BreakLoopError:
                return
        self.run(statement.orelse)

    def _while(self, statement: ast.While) -> None:
        while True:
            test = self.evaluate(statement.test)
            if isinstance(test, Unknown):
                self._give_up_on(statement, "", test)
                return
            if not test:
                break
            self.budget.steps += 1
            try:
                self.run(statement.body)
            except _ContinueLoopError:
                continue
            except _BreakLoopError:
                return
        self.run(statement.orelse)

    def _continue(self, _: ast.Continue) -> None:
        raise _ContinueLoopError

    def _break(self, _: ast.Break) -> None:
        raise _BreakLoopError

    def _pass(self, _: ast.stmt) -> None:
        return

    def _assert(self, statement: ast.Assert) -> None:
        test = self.evaluate(statement.test)
        if not isinstance(test, Unknown) and not test:
            self.at = statement
            raise ConfigError("an assert of this config fails")

    def _raise(self, statement: ast.Raise) -> None:
        self.at = statement
        raise ConfigError("this config raises an error")

    # Definitions

    def _import(self, statement: ast.Import) -> None:
        self.made_foreign = True
        for alias in statement.names:
            if alias.asname:
                self._bind(alias.asname, ModuleValue(alias.name), None)
            else:
                root = alias.name.partition(".")[0]
                self._bind(root, ModuleValue(root), None)

    def _import_from(self, statement: ast.ImportFrom) -> None:
        self.made_foreign = True
        for alias in statement.names:
            full = f"{statement.module}.{alias.name}"
            value: Any
            if full in LIBRARY:
                value = FunctionValue(full, "a library function")
            elif full == "os.path":
                value = ModuleValue(full)
            elif statement.module == "__future__":
                continue
            else:
                value = self.unknown(statement, f"{full} is not imported to read a config")
            self._bind(alias.asname or alias.name, value, None)

    def _function(self, statement: ast.FunctionDef) -> None:
        self.made_foreign = True
        reason = f"function {statement.name} of the config is not called"
        self._bind(
            statement.name, FunctionValue(statement.name, reason), Slot(self.parsed, statement)
        )

    def _class(self, statement: ast.ClassDef) -> None:
        unknown = self.unknown(statement, f"class {statement.name} is defined in the config")
        self._bind(statement.name, unknown, Slot(self.parsed, statement))

    _statement_handlers: ClassVar[dict[type[ast.stmt], Callable[[Any, Any], None]]] = {
        ast.AnnAssign: Assignments._annotated_assign,
        ast.Assert: _assert,
        ast.Assign: Assignments._assign,
        ast.AugAssign: Assignments._augmented_assign,
        ast.Break: _break,
        ast.ClassDef: _class,
        ast.Continue: _continue,
        ast.Delete: Assignments._delete,
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


class _BreakLoopError(Exception):
    """Leaves the innermost loop of the config."""


class _ContinueLoopError(Exception):
    """Starts the next round of the innermost loop of the config."""
