"""Names, attributes and subscripts: the expressions that read a value."""

from __future__ import annotations

import ast
import builtins
from typing import Any

from mmscaffold.config.evaluate.budget import MANY
from mmscaffold.config.evaluate.calls import FUNCTIONS, LIBRARY, METHODS
from mmscaffold.config.evaluate.containers import BaseDict, IncompleteBase, origin_of
from mmscaffold.config.evaluate.copies import detached
from mmscaffold.config.evaluate.evaluation import BASE, Evaluation, Expressions
from mmscaffold.config.evaluate.values import FunctionValue, LazyName, ModuleValue, Unknown

BUILTIN = "a builtin"
_BUILTIN_NAMES = frozenset(dir(builtins))


def read_name(run: Evaluation, node: ast.Name) -> Any:
    """A loop variable, a top-level name of the config, or a builtin."""
    name = node.id
    for scope in reversed(run.scopes):
        if name in scope:
            run.referenced = None
            return scope[name]
    variables = run.variables
    if name in variables:
        run.referenced = variables.origins.get(name)
        value = variables[name]
        if name == BASE and value is run.base and not run.read_base:
            # Most files never read it, and need no copy that they may edit.
            value = run.base = _own_base(value)
            variables[BASE] = value
            run.read_base = True
            # It is not this file's text that tells how much the bases hold.
            run.budget.aliases += MANY
        if isinstance(value, dict | list | tuple):
            run.budget.aliases += 1
        return value
    if name in FUNCTIONS:
        run.made_foreign = True
        return FunctionValue(name, BUILTIN)
    run.at = node
    if name in _BUILTIN_NAMES:
        return run.unknown(node, f"{name} is not evaluated in a config")
    raise NameError(f"name {name!r} is not defined")


def _own_base(base: Any) -> BaseDict:
    """A copy of the joined bases that the file may edit."""
    copied: BaseDict = detached(base)
    if isinstance(base, IncompleteBase):
        return IncompleteBase.of(copied, base.missing)
    return copied


def _attribute(run: Evaluation, node: ast.Attribute) -> Any:
    return read_attribute(run, node, run.evaluate(node.value), node.attr)


def read_attribute(run: Evaluation, node: ast.expr, target: Any, name: str) -> Any:
    """``target.name``: an item of a base, or a submodule."""
    if isinstance(target, Unknown):
        return target
    run.at = node
    run.referenced = None
    if name.startswith("__"):
        return run.unknown(node, f"attribute {name} is not read in a config")
    if isinstance(target, BaseDict):
        if name not in target:
            if isinstance(target, IncompleteBase):
                run.made_unknown = True
                return target.missing
            raise AttributeError(f"no key {name!r} there")
        run.referenced = target.origins.get(name)
        return target[name]
    if isinstance(target, LazyName):
        return target.attribute(name)
    if isinstance(target, ModuleValue):
        full = f"{target.name}.{name}"
        if full in LIBRARY:
            return FunctionValue(full, "a library function")
        if full == "os.path":
            return ModuleValue(full)
        return run.unknown(node, f"{full} belongs to a module that is not imported")
    if isinstance(target, FunctionValue):
        return run.unknown(node, f"attribute {name} of a function")
    if name in METHODS.get(type(target), {}):
        return run.unknown(node, f"method {name} is not called")
    if not hasattr(type(target), name):
        raise AttributeError(f"a {type(target).__name__} has no attribute {name!r}")
    return run.unknown(node, f"attribute {name} of a {type(target).__name__}")


def _subscript(run: Evaluation, node: ast.Subscript) -> Any:
    target = run.evaluate(node.value)
    key = run.subscript_key(node.slice)
    if isinstance(target, Unknown):
        return target
    if isinstance(key, Unknown):
        return key
    run.at = node
    run.referenced = None
    if isinstance(target, FunctionValue | ModuleValue):
        return run.unknown(node, "a function or module is not subscripted")
    if isinstance(target, IncompleteBase) and key not in target:
        run.made_unknown = True
        return target.missing
    value = target[key]
    if not isinstance(key, slice):
        run.referenced = origin_of(target, key)
    return value


READING: Expressions = {
    ast.Attribute: _attribute,
    ast.Name: read_name,
    ast.Subscript: _subscript,
}
