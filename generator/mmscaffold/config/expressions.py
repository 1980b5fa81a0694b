"""Evaluate the expressions of a config, without Python's ``eval``."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from mmscaffold.config.budget import MAX_STEPS, Budget
from mmscaffold.config.calls import FUNCTIONS, LIBRARY, METHODS, Args
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.operators import BINARY, COMPARE, UNARY, check_format_width
from mmscaffold.config.source import ParsedSource
from mmscaffold.config.values import (
    BaseDict,
    CfgDict,
    CfgList,
    CfgTuple,
    FunctionValue,
    ModuleValue,
    Slot,
    Unknown,
    slot_of,
)

_REFERENCES = (ast.Name, ast.Attribute, ast.Subscript)
_CONVERSIONS: dict[int, Callable[[Any], str]] = {ord("s"): str, ord("r"): repr, ord("a"): ascii}


class Expressions:
    """Evaluates expression nodes against the variables of one config file.

    Args:
        parsed: The file.
        variables: Its top-level names, filled as statements run.
        budget: The work it may do.
    """

    def __init__(self, parsed: ParsedSource, variables: CfgDict, budget: Budget) -> None:
        self.parsed = parsed
        self.variables = variables
        self.budget = budget
        self.made_unknown = False
        # The node at work, for messages.
        self.at: ast.expr | ast.stmt | None = None
        self._scopes: list[dict[str, Any]] = []
        self._referenced: Slot | None = None

    def evaluate(self, node: ast.expr) -> Any:
        """The value of ``node``; an ``Unknown`` where only foreign code could tell."""
        budget = self.budget
        budget.steps += 1
        if budget.steps > MAX_STEPS:
            raise budget.too_long()
        handler = self._handlers.get(type(node))
        if handler is None:
            return self.unknown(node, f"{type(node).__name__} is not evaluated in a config")
        return handler(self, node)

    def evaluate_with_slot(self, node: ast.expr) -> tuple[Any, Slot]:
        """The value of ``node``, and the slot that records where it came from."""
        if isinstance(node, _REFERENCES):
            self._referenced = None
            value = self.evaluate(node)
            return value, Slot(self.parsed, node, self._referenced)
        return self.evaluate(node), Slot(self.parsed, node)

    def unknown(self, node: ast.expr | ast.stmt, reason: str) -> Unknown:
        """Make an ``Unknown`` that blames ``node``."""
        self.made_unknown = True
        return Unknown(reason, self.parsed.where(node))

    def _find_unknown(self, value: Any) -> Unknown | None:
        if isinstance(value, Unknown):
            return value
        if not self.made_unknown:
            return None
        if isinstance(value, dict):
            value = value.values()
        elif not isinstance(value, list | tuple):
            return None
        for item in value:
            found = self._find_unknown(item)
            if found:
                return found
        return None

    # Names and literals

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _name(self, node: ast.Name) -> Any:
        name = node.id
        for scope in reversed(self._scopes):
            if name in scope:
                self._referenced = None
                return scope[name]
        if name in self.variables:
            self._referenced = self.variables.slots.get(name)
            return self.variables[name]
        if name in FUNCTIONS:
            return FunctionValue(name, "a builtin")
        self.at = node
        if name in _BUILTIN_NAMES:
            return self.unknown(node, f"{name} is not evaluated in a config")
        raise NameError(f"name {name!r} is not defined")

    def _list(self, node: ast.List) -> CfgList:
        return CfgList(*self._sequence(node.elts))

    def _tuple(self, node: ast.Tuple) -> CfgTuple:
        return CfgTuple.make(*self._sequence(node.elts))

    def _sequence(self, nodes: list[ast.expr]) -> tuple[list[Any], list[Slot | None]]:
        values: list[Any] = []
        slots: list[Slot | None] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                spread = self.evaluate(node.value)
                if isinstance(spread, Unknown):
                    values.append(spread)
                    slots.append(Slot(self.parsed, node))
                    continue
                known = getattr(spread, "slots", None)
                spread = list(spread)
                self.budget.charge_elements(len(spread))
                values += spread
                slots += known if isinstance(known, list) else [None] * len(spread)
            else:
                value, slot = self.evaluate_with_slot(node)
                values.append(value)
                slots.append(slot)
        return values, slots

    def _set(self, node: ast.Set) -> Any:
        values, _ = self._sequence(node.elts)
        self.at = node
        return self._find_unknown(values) or set(values)

    def _dict(self, node: ast.Dict) -> Any:
        result = CfgDict()
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            if key_node is None:
                unknown = self._spread_into(result, value_node, once=False)
                if unknown:
                    return unknown
                continue
            key = self.evaluate(key_node)
            if isinstance(key, Unknown):
                return key
            value, slot = self.evaluate_with_slot(value_node)
            self.at = key_node
            result[key] = value
            result.slots[key] = slot
        return result

    def _spread_into(self, result: CfgDict, node: ast.expr, *, once: bool) -> Unknown | None:
        spread = self.evaluate(node)
        if isinstance(spread, Unknown):
            return spread
        self.at = node
        if not isinstance(spread, CfgDict):
            raise TypeError(f"only a dict can follow **, not {type(spread).__name__}")
        for key, value in spread.items():
            if once and key in result:
                raise TypeError(f"dict() got multiple values for keyword argument {key!r}")
            result[key] = value
            if key in spread.slots:
                result.slots[key] = spread.slots[key]
        return None

    def _joined_string(self, node: ast.JoinedStr) -> Any:
        parts: list[str] = []
        for part in node.values:
            value = self.evaluate(part)
            if isinstance(value, Unknown):
                return value
            parts.append(value)
        return "".join(parts)

    def _formatted_value(self, node: ast.FormattedValue) -> Any:
        value = self.evaluate(node.value)
        spec = self.evaluate(node.format_spec) if node.format_spec else ""
        self.at = node.value
        unknown = self._find_unknown(value) or self._find_unknown(spec)
        if unknown:
            return unknown
        if isinstance(value, FunctionValue | ModuleValue):
            return self.unknown(node.value, "the text of a function or module is not known")
        self.budget.charge_expanded(value)
        check_format_width(spec, self.budget)
        if node.conversion in _CONVERSIONS:
            value = _CONVERSIONS[node.conversion](value)
        return format(value, spec)

    # Operators

    def _binary(self, node: ast.BinOp) -> Any:
        left = self.evaluate(node.left)
        right = self.evaluate(node.right)
        return self.operate(node, node.op, left, right)

    def operate(self, node: ast.expr | ast.stmt, op: ast.operator, left: Any, right: Any) -> Any:
        """Apply a binary operator within the budget."""
        if isinstance(left, Unknown):
            return left
        if isinstance(right, Unknown):
            return right
        self.at = node
        function = BINARY.get(type(op))
        if function is None:
            return self.unknown(node, f"operator {type(op).__name__} is not evaluated")
        return function(left, right, self.budget)

    def _unary(self, node: ast.UnaryOp) -> Any:
        operand = self.evaluate(node.operand)
        if isinstance(operand, Unknown):
            return operand
        self.at = node
        return UNARY[type(node.op)](operand)

    def _boolean(self, node: ast.BoolOp) -> Any:
        wanted = isinstance(node.op, ast.Or)
        value: Any = None
        for operand in node.values:
            value = self.evaluate(operand)
            if isinstance(value, Unknown) or bool(value) is wanted:
                return value
        return value

    def _compare(self, node: ast.Compare) -> Any:
        left = self.evaluate(node.left)
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(right_node)
            unknown = self._find_unknown(left) or self._find_unknown(right)
            if unknown:
                return unknown
            self.at = node
            self.budget.charge_expanded(left)
            if not COMPARE[type(op)](left, right):
                return False
            left = right
        return True

    def _conditional(self, node: ast.IfExp) -> Any:
        test = self.evaluate(node.test)
        if isinstance(test, Unknown):
            return test
        return self.evaluate(node.body if test else node.orelse)

    # Access

    def _attribute(self, node: ast.Attribute) -> Any:
        target = self.evaluate(node.value)
        return self.read_attribute(node, target, node.attr)

    def read_attribute(self, node: ast.expr, target: Any, name: str) -> Any:
        """``target.name``: an item of a base, or a submodule."""
        if isinstance(target, Unknown):
            return target
        self.at = node
        self._referenced = None
        if name.startswith("__"):
            return self.unknown(node, f"attribute {name} is not read in a config")
        if isinstance(target, BaseDict):
            if name not in target:
                raise AttributeError(f"no key {name!r} there")
            self._referenced = target.slots.get(name)
            return target[name]
        if isinstance(target, ModuleValue):
            full = f"{target.name}.{name}"
            if full in LIBRARY:
                return FunctionValue(full, "a library function")
            if full == "os.path":
                return ModuleValue(full)
            return self.unknown(node, f"{full} belongs to a module that is not imported")
        if isinstance(target, FunctionValue):
            return self.unknown(node, f"attribute {name} of a function")
        if isinstance(target, CfgDict | CfgList | CfgTuple):
            if name in METHODS[type(target)]:
                return self.unknown(node, f"method {name} is not called")
            raise AttributeError(f"a {_type_name(target)} has no attribute {name!r}")
        return self.unknown(node, f"attribute {name} of a {_type_name(target)}")

    def _subscript(self, node: ast.Subscript) -> Any:
        target = self.evaluate(node.value)
        key = self.subscript_key(node.slice)
        if isinstance(target, Unknown):
            return target
        if isinstance(key, Unknown):
            return key
        self.at = node
        self._referenced = None
        if isinstance(target, FunctionValue | ModuleValue):
            return self.unknown(node, "a function or module is not subscripted")
        value = target[key]
        if isinstance(key, slice):
            if isinstance(target, CfgList):
                return CfgList(value, target.slots[key])
            if isinstance(target, CfgTuple):
                return CfgTuple.make(value, target.slots[key])
            return value
        self._referenced = slot_of(target, key)
        return value

    def subscript_key(self, node: ast.expr) -> Any:
        """The index, key or slice between brackets."""
        if not isinstance(node, ast.Slice):
            return self.evaluate(node)
        bounds = [
            self.evaluate(part) if part else None for part in (node.lower, node.upper, node.step)
        ]
        return self._find_unknown(bounds) or slice(*bounds)

    # Calls

    def _call(self, node: ast.Call) -> Any:
        function = node.func
        if isinstance(function, ast.Name):
            if function.id == "dict" and not node.args and "dict" not in self.variables:
                return self._dict_call(node)
            target = self._name(function)
        elif isinstance(function, ast.Attribute):
            receiver = self.evaluate(function.value)
            method = METHODS.get(type(receiver), {}).get(function.attr)
            if method is not None:
                args = self._arguments(node)
                if isinstance(args, Unknown):
                    return args
                self.at = node
                return method(receiver, args)
            target = self.read_attribute(function, receiver, function.attr)
        else:
            target = self.evaluate(function)
        if isinstance(target, Unknown):
            return target
        args = self._arguments(node)
        if isinstance(args, Unknown):
            return args
        self.at = node
        if isinstance(target, FunctionValue):
            call = FUNCTIONS.get(target.name) or LIBRARY.get(target.name)
            if call is not None:
                return call(args)
            return self.unknown(node, target.reason)
        raise TypeError(f"a {_type_name(target)} is not callable")

    def _dict_call(self, node: ast.Call) -> Any:
        result = CfgDict()
        slots = result.slots
        for keyword in node.keywords:
            if keyword.arg is None:
                unknown = self._spread_into(result, keyword.value, once=True)
                if unknown:
                    return unknown
                continue
            name = keyword.arg
            if name in result:
                self.at = keyword.value
                raise TypeError(f"dict() got multiple values for keyword argument {name!r}")
            result[name], slots[name] = self.evaluate_with_slot(keyword.value)
        return result

    def _arguments(self, node: ast.Call) -> Args | Unknown:
        positional, slot_list = self._sequence(node.args)
        slots: dict[Any, Slot] = {
            index: slot for index, slot in enumerate(slot_list) if slot is not None
        }
        keywords = CfgDict()
        for keyword in node.keywords:
            if keyword.arg is None:
                unknown = self._spread_into(keywords, keyword.value, once=True)
                if unknown:
                    return unknown
            else:
                value, slot = self.evaluate_with_slot(keyword.value)
                keywords[keyword.arg] = value
                keywords.slots[keyword.arg] = slot
        slots.update(keywords.slots)
        storing = isinstance(node.func, ast.Attribute) and node.func.attr in _STORING_METHODS
        for value in (*positional, *keywords.values()):
            if isinstance(value, FunctionValue | ModuleValue):
                return self.unknown(node, "a function or module is passed as an argument")
            found = None if storing else self._find_unknown(value)
            if found and not (isinstance(node.func, ast.Name) and node.func.id == "dict"):
                return found
        return Args(positional, keywords, slots, self.budget)

    # Comprehensions

    def _list_comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> Any:
        slot = Slot(self.parsed, node.elt)
        values: list[Any] = []
        unknown = None
        for unknown in self._generate(node.generators, 0):
            if unknown:
                return unknown
            self.budget.charge_elements(1)
            values.append(self.evaluate(node.elt))
        return CfgList(values, [slot] * len(values))

    def _set_comprehension(self, node: ast.SetComp) -> Any:
        values = set()
        for unknown in self._generate(node.generators, 0):
            if unknown:
                return unknown
            self.budget.charge_elements(1)
            value = self.evaluate(node.elt)
            if isinstance(value, Unknown):
                return value
            values.add(value)
        return values

    def _dict_comprehension(self, node: ast.DictComp) -> Any:
        slot = Slot(self.parsed, node.value)
        result = CfgDict()
        for unknown in self._generate(node.generators, 0):
            if unknown:
                return unknown
            self.budget.charge_elements(1)
            key = self.evaluate(node.key)
            if isinstance(key, Unknown):
                return key
            result[key] = self.evaluate(node.value)
            result.slots[key] = slot
        return result

    def _generate(
        self, generators: list[ast.comprehension], depth: int
    ) -> Iterator[Unknown | None]:
        """Bind the loop variables once per round; yield an ``Unknown`` to give up."""
        generator = generators[depth]
        iterable = self.evaluate(generator.iter)
        if isinstance(iterable, Unknown):
            yield iterable
            return
        self.at = generator.iter
        scope: dict[str, Any] = {}
        self._scopes.append(scope)
        try:
            for item in iterable:
                self.bind_names(generator.target, item, scope)
                tests = [self.evaluate(test) for test in generator.ifs]
                unknown = self._find_unknown(tests)
                if unknown:
                    yield unknown
                    return
                if not all(tests):
                    continue
                if depth + 1 < len(generators):
                    yield from self._generate(generators, depth + 1)
                else:
                    yield None
        finally:
            self._scopes.pop()

    def bind_names(self, target: ast.expr, value: Any, scope: dict[str, Any]) -> None:
        """Assign to a name, or unpack into several, within a comprehension."""
        if isinstance(target, ast.Starred):
            target = target.value
        if isinstance(target, ast.Name):
            scope[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            for element, item in zip(target.elts, unpack(target, value), strict=True):
                self.bind_names(element, item, scope)
        else:
            self.at = target
            raise ConfigError("this loop target is not evaluated in a config")

    _handlers: ClassVar[dict[type[ast.expr], Callable[[Any, Any], Any]]] = {
        ast.Attribute: _attribute,
        ast.BinOp: _binary,
        ast.BoolOp: _boolean,
        ast.Call: _call,
        ast.Compare: _compare,
        ast.Constant: _constant,
        ast.Dict: _dict,
        ast.DictComp: _dict_comprehension,
        ast.FormattedValue: _formatted_value,
        ast.GeneratorExp: _list_comprehension,
        ast.IfExp: _conditional,
        ast.JoinedStr: _joined_string,
        ast.List: _list,
        ast.ListComp: _list_comprehension,
        ast.Name: _name,
        ast.Set: _set,
        ast.SetComp: _set_comprehension,
        ast.Subscript: _subscript,
        ast.Tuple: _tuple,
        ast.UnaryOp: _unary,
    }


_STORING_METHODS = {"append", "extend", "insert", "setdefault", "update"}
_BUILTIN_NAMES = frozenset(dir(builtins))


def _type_name(value: Any) -> str:
    names: dict[type[Any], str] = {
        CfgDict: "dict",
        BaseDict: "dict",
        CfgList: "list",
        CfgTuple: "tuple",
    }
    return names.get(type(value), type(value).__name__)


def unpack(target: ast.Tuple | ast.List, value: Any) -> list[Any]:
    """Split ``value`` over the elements of an unpacking target.

    Raises:
        ValueError: If their numbers differ.
    """
    items = list(value)
    starred = [i for i, element in enumerate(target.elts) if isinstance(element, ast.Starred)]
    if not starred:
        if len(items) != len(target.elts):
            raise ValueError(f"cannot unpack {len(items)} values into {len(target.elts)} names")
        return items
    before = starred[0]
    after = len(target.elts) - before - 1
    if len(items) < before + after:
        raise ValueError(f"cannot unpack {len(items)} values into {len(target.elts)} names")
    stop = len(items) - after
    return [*items[:before], CfgList(items[before:stop]), *items[stop:]]
