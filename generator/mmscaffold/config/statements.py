"""Run the statements of a classic config, without Python's ``exec``."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, ClassVar

from mmscaffold.config.budget import Budget
from mmscaffold.config.calls import LIBRARY, as_base
from mmscaffold.config.comprehensions import unpack
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.expressions import Expressions
from mmscaffold.config.source import ParsedSource
from mmscaffold.config.values import (
    BaseDict,
    CfgDict,
    CfgList,
    FunctionValue,
    ModuleValue,
    Slot,
    Unknown,
)

_BASE = "_base_"
# What Python itself raises where a config is wrong; each becomes one ConfigError.
_CONFIG_FAULTS = (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError)


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
    variables = CfgDict({_BASE: base})
    runner = _Statements(parsed, variables, Budget())
    try:
        runner.run(parsed.tree.body)
    except ConfigError as error:
        if error.where is None:
            error.where = runner.where()
        raise
    except _CONFIG_FAULTS as error:
        raise ConfigError(_explain(error), where=runner.where()) from None
    except (RecursionError, MemoryError):
        raise ConfigError("is nested too deeply to be a config", where=runner.where()) from None
    for name, value in list(variables.items()):
        dropped = isinstance(value, FunctionValue | ModuleValue)
        if dropped or name == _BASE or name.startswith("__"):
            del variables[name]
            variables.slots.pop(name, None)
    return variables


def _explain(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"no key {error} there"
    return str(error) or type(error).__name__


class _Statements(Expressions):
    """Executes statement nodes; assignments fill ``variables`` and its slots."""

    def __init__(self, parsed: ParsedSource, variables: CfgDict, budget: Budget) -> None:
        super().__init__(parsed, variables, budget)
        self._statement: ast.stmt | None = None

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

    def _give_up_on(self, statement: ast.stmt, reason: str, blame: Unknown | None = None) -> None:
        """Make every name that ``statement`` may bind or mutate unknown."""
        unknown = blame or self.unknown(statement, reason)
        self.made_unknown = True
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self._bind(node.id, unknown, None)
            elif isinstance(node, ast.Attribute | ast.Subscript):
                # A store through it, or a method call on it, may change what it reads.
                root = _root_name(node)
                if root == _BASE and not isinstance(node.ctx, ast.Load):
                    raise ConfigError(
                        f"whether _base_ is edited here depends on an unknown: {unknown.reason}"
                    )
                if root and isinstance(self.variables.get(root), CfgDict | CfgList):
                    self._bind(root, unknown, None)

    def _bind(self, name: str, value: Any, slot: Slot | None) -> None:
        if not name or (name == _BASE and isinstance(value, Unknown)):
            return
        self.variables[name] = value
        if slot is None:
            self.variables.slots.pop(name, None)
        else:
            self.variables.slots[name] = slot

    # Assignment

    def _assign(self, statement: ast.Assign) -> None:
        first = statement.targets[0]
        if isinstance(first, ast.Name) and first.id == _BASE:
            return
        value, slot = self.evaluate_with_slot(statement.value)
        for target in statement.targets:
            self._store(target, value, slot)

    def _annotated_assign(self, statement: ast.AnnAssign) -> None:
        if statement.value is not None:
            value, slot = self.evaluate_with_slot(statement.value)
            self._store(statement.target, value, slot)

    def _store(self, target: ast.expr, value: Any, slot: Slot | None) -> None:
        if isinstance(target, ast.Name):
            self._bind(target.id, value, slot)
        elif isinstance(target, ast.Tuple | ast.List):
            if isinstance(value, Unknown):
                items: list[Any] = [value] * len(target.elts)
            else:
                self.at = target
                items = unpack(target, value)
            slots = getattr(value, "slots", None)
            if not isinstance(slots, list) or len(slots) != len(target.elts):
                slots = [slot] * len(target.elts)
            for element, item, item_slot in zip(target.elts, items, slots, strict=True):
                inner = element.value if isinstance(element, ast.Starred) else element
                self._store(inner, item, item_slot)
        elif isinstance(target, ast.Attribute):
            self._store_item(target, self.evaluate(target.value), target.attr, value, slot)
        elif isinstance(target, ast.Subscript):
            container = self.evaluate(target.value)
            key = self.subscript_key(target.slice)
            self._store_item(target, container, key, value, slot)

    def _store_item(
        self, target: ast.expr, container: Any, key: Any, value: Any, slot: Slot | None
    ) -> None:
        self.at = target
        if isinstance(container, Unknown) or isinstance(key, Unknown):
            return
        if isinstance(target, ast.Attribute) and not isinstance(container, BaseDict):
            raise AttributeError(
                f"a {type(container).__name__} has no attribute {target.attr!r} to assign"
            )
        if isinstance(container, BaseDict):
            value = as_base(value)
        if isinstance(container, CfgDict):
            container[key] = value
            if slot is not None:
                container.slots[key] = slot
        elif isinstance(container, CfgList):
            if isinstance(key, slice):
                items = list(value)
                self.budget.charge_elements(len(items))
                known = getattr(value, "slots", None)
                container[key] = items
                container.slots[key] = known if isinstance(known, list) else [slot] * len(items)
            else:
                container[key] = value
                container.slots[key] = slot
        else:
            raise TypeError(f"a {type(container).__name__} does not support item assignment")

    def _augmented_assign(self, statement: ast.AugAssign) -> None:
        target = statement.target
        reading = _as_load(target)
        current = self.evaluate(reading)
        right = self.evaluate(statement.value)
        if isinstance(statement.op, ast.Add) and isinstance(current, CfgList):
            self._extend_in_place(current, right, statement)
            return
        both_dicts = isinstance(current, CfgDict) and isinstance(right, CfgDict)
        if isinstance(statement.op, ast.BitOr) and both_dicts:
            current.update(right)
            current.slots.update(right.slots)
            return
        value = self.operate(statement, statement.op, current, right)
        self._store(target, value, Slot(self.parsed, statement.value))

    def _extend_in_place(self, target: CfgList, right: Any, statement: ast.AugAssign) -> None:
        self.at = statement.value
        if isinstance(right, Unknown):
            self._give_up_on(statement, "", right)
            return
        items = list(right)
        self.budget.charge_elements(len(items))
        known = getattr(right, "slots", None)
        target.extend(items)
        target.slots.extend(known if isinstance(known, list) else [None] * len(items))

    def _delete(self, statement: ast.Delete) -> None:
        for target in statement.targets:
            self.at = target
            if isinstance(target, ast.Name):
                if target.id not in self.variables:
                    raise NameError(f"name {target.id!r} is not defined")
                del self.variables[target.id]
                self.variables.slots.pop(target.id, None)
            elif isinstance(target, ast.Attribute | ast.Subscript):
                container = self.evaluate(target.value)
                key: Any = (
                    target.attr
                    if isinstance(target, ast.Attribute)
                    else self.subscript_key(target.slice)
                )
                if isinstance(container, Unknown) or isinstance(key, Unknown):
                    continue
                self.at = target
                del container[key]
                if isinstance(container, CfgDict):
                    container.slots.pop(key, None)
                elif isinstance(container, CfgList):
                    del container.slots[key]

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
            root = _root_name(call.func)
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
        for alias in statement.names:
            if alias.asname:
                self._bind(alias.asname, ModuleValue(alias.name), None)
            else:
                root = alias.name.partition(".")[0]
                self._bind(root, ModuleValue(root), None)

    def _import_from(self, statement: ast.ImportFrom) -> None:
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
        reason = f"function {statement.name} of the config is not called"
        self._bind(statement.name, FunctionValue(statement.name, reason), None)

    def _class(self, statement: ast.ClassDef) -> None:
        unknown = self.unknown(statement, f"class {statement.name} is defined in the config")
        self._bind(statement.name, unknown, None)

    _statement_handlers: ClassVar[dict[type[ast.stmt], Callable[[Any, Any], None]]] = {
        ast.AnnAssign: _annotated_assign,
        ast.Assert: _assert,
        ast.Assign: _assign,
        ast.AugAssign: _augmented_assign,
        ast.Break: _break,
        ast.ClassDef: _class,
        ast.Continue: _continue,
        ast.Delete: _delete,
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


def _root_name(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _as_load(target: ast.expr) -> ast.expr:
    """The same expression, to be read instead of written."""
    if isinstance(target, ast.Name):
        reading: ast.expr = ast.Name(target.id, ast.Load())
    elif isinstance(target, ast.Attribute):
        reading = ast.Attribute(target.value, target.attr, ast.Load())
    elif isinstance(target, ast.Subscript):
        reading = ast.Subscript(target.value, target.slice, ast.Load())
    else:
        raise ConfigError("this target of an augmented assignment is not evaluated")
    return ast.copy_location(reading, target)
