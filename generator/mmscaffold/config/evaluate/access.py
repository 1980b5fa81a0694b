"""Names, attributes, subscripts and calls in a config."""

from __future__ import annotations

import ast
import builtins
from typing import Any

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.calls import FUNCTIONS, LIBRARY, METHODS
from mmscaffold.config.evaluate.evaluation import Evaluation
from mmscaffold.config.evaluate.values import (
    BaseDict,
    CfgDict,
    CfgList,
    CfgTuple,
    FunctionValue,
    IncompleteBase,
    LazyName,
    ModuleValue,
    Slot,
    Unknown,
    slot_of,
)

BUILTIN = "a builtin"
_STORING_METHODS = {"append", "extend", "insert", "setdefault", "update"}
_BUILTIN_NAMES = frozenset(dir(builtins))


class Access(Evaluation):
    """Evaluates what reads a value, or calls one of the few things that may be called."""

    def _name(self, node: ast.Name) -> Any:
        name = node.id
        for scope in reversed(self.scopes):
            if name in scope:
                self.referenced = None
                self.budget.may_alias = True
                return scope[name]
        if name in self.variables:
            self.referenced = self.variables.slots.get(name)
            value = self.variables[name]
            if isinstance(value, dict | list | tuple):
                self.budget.may_alias = True
            return value
        if name in FUNCTIONS:
            self.made_foreign = True
            return FunctionValue(name, BUILTIN)
        self.at = node
        if name in _BUILTIN_NAMES:
            return self.unknown(node, f"{name} is not evaluated in a config")
        raise NameError(f"name {name!r} is not defined")

    def _attribute(self, node: ast.Attribute) -> Any:
        target = self.evaluate(node.value)
        return self.read_attribute(node, target, node.attr)

    def read_attribute(self, node: ast.expr, target: Any, name: str) -> Any:
        """``target.name``: an item of a base, or a submodule."""
        if isinstance(target, Unknown):
            return target
        self.at = node
        self.referenced = None
        if name.startswith("__"):
            return self.unknown(node, f"attribute {name} is not read in a config")
        if isinstance(target, BaseDict):
            if name not in target:
                if isinstance(target, IncompleteBase):
                    self.made_unknown = True
                    return target.missing
                raise AttributeError(f"no key {name!r} there")
            self.referenced = target.slots.get(name)
            return target[name]
        if isinstance(target, LazyName):
            return target.attribute(name)
        if isinstance(target, ModuleValue):
            full = f"{target.name}.{name}"
            if full in LIBRARY:
                return FunctionValue(full, "a library function")
            if full == "os.path":
                return ModuleValue(full)
            return self.unknown(node, f"{full} belongs to a module that is not imported")
        if isinstance(target, FunctionValue):
            return self.unknown(node, f"attribute {name} of a function")
        if name in METHODS.get(type(target), {}):
            return self.unknown(node, f"method {name} is not called")
        if not hasattr(type(target), name):
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
        self.referenced = None
        if isinstance(target, FunctionValue | ModuleValue):
            return self.unknown(node, "a function or module is not subscripted")
        if isinstance(target, IncompleteBase) and key not in target:
            self.made_unknown = True
            return target.missing
        value = target[key]
        if isinstance(key, slice):
            if isinstance(target, CfgList):
                return CfgList(value, target.slots[key])
            if isinstance(target, CfgTuple):
                return CfgTuple.make(value, target.slots[key])
            return value
        self.referenced = slot_of(target, key)
        return value

    def subscript_key(self, node: ast.expr) -> Any:
        """The index, key or slice between brackets."""
        if not isinstance(node, ast.Slice):
            return self.evaluate(node)
        bounds = [
            self.evaluate(part) if part else None for part in (node.lower, node.upper, node.step)
        ]
        return self.find_unknown(bounds) or slice(*bounds)

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
                unknown = self.spread_into(result, keyword.value, once=True)
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
        positional, slot_list = self.sequence(node.args)
        slots: dict[Any, Slot] = {
            index: slot for index, slot in enumerate(slot_list) if slot is not None
        }
        keywords = CfgDict()
        for keyword in node.keywords:
            if keyword.arg is None:
                unknown = self.spread_into(keywords, keyword.value, once=True)
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
            found = None if storing else self.find_unknown(value)
            if found and not (isinstance(node.func, ast.Name) and node.func.id == "dict"):
                return found
        return Args(positional, keywords, slots, self.budget)


def _type_name(value: Any) -> str:
    names: dict[type[Any], str] = {
        CfgDict: "dict",
        BaseDict: "dict",
        CfgList: "list",
        CfgTuple: "tuple",
    }
    return names.get(type(value), type(value).__name__)
