"""Names, attributes and subscripts: the expressions that read a value."""

from __future__ import annotations

import ast
import builtins
from typing import Any

from mmscaffold.config.evaluate.asking import BASE_ATTRIBUTES, LAZY_ATTRIBUTES, TYPES
from mmscaffold.config.evaluate.calls import AS_STATEMENTS, FUNCTIONS, READ_LATER
from mmscaffold.config.evaluate.container_methods import METHODS, UNBOUND
from mmscaffold.config.evaluate.containers import BaseDict, UnionDict, origin_of
from mmscaffold.config.evaluate.evaluation import BASE, Evaluation, Expressions
from mmscaffold.config.evaluate.forgetting import is_harmless_module
from mmscaffold.config.evaluate.frames import Frame
from mmscaffold.config.evaluate.incomplete_base import IncompleteBase
from mmscaffold.config.evaluate.library import CONSTANTS, LIBRARY, library_function
from mmscaffold.config.evaluate.scan import (
    PURE_BUILTINS,
    REFLECTING,
    REFLECTING_ATTRIBUTES,
    REFLECTING_MODULES,
)
from mmscaffold.config.evaluate.values import (
    BUILTIN,
    BaseVariable,
    Foreign,
    FunctionValue,
    Harmless,
    LazyName,
    ModuleValue,
    Perhaps,
    Reflection,
    Unknown,
    present,
)

_BUILTIN_NAMES = frozenset(dir(builtins))


def read_name(run: Evaluation, node: ast.Name) -> Any:
    """A loop variable, a top-level name of the config, or a builtin."""
    name = node.id
    for scope in reversed(run.scopes):
        if name in scope:
            run.referenced = scope.origins.get(name) if isinstance(scope, Frame) else None
            value = present(scope[name])
            if isinstance(value, dict | list | tuple):
                run.budget.aliases += 1
            return value
        if isinstance(scope, Frame):
            if name in scope.names.local:
                run.at = node
                raise UnboundLocalError(f"local variable {name!r} is read before it is assigned")
            if name in scope.names.outer:
                break
    variables = run.variables
    if name in variables:
        run.referenced = variables.origins.get(name)
        value = variables[name]
        if name == BASE and value is run.base and not run.read_base:
            # Most files never read it, and need no copy that they may edit.
            value = run.own_base()
        if isinstance(value, dict | list | tuple):
            run.budget.aliases += 1
        if isinstance(value, Perhaps):
            return _perhaps(run, node, value)
        return value
    run.referenced = None
    if run.opened:
        # Code that was not evaluated may have set it.
        return run.opened
    if name in FUNCTIONS or name in AS_STATEMENTS or name in READ_LATER:
        run.made_foreign = True
        return TYPES.get(name) or FunctionValue(name, BUILTIN)
    run.at = node
    if name == "__name__":
        # What mmengine runs has no name of its own, and reads that of the builtins.
        return "builtins"
    if name in REFLECTING:
        return _tagged(run, Reflection, node, f"{name} is not evaluated in a config")
    if name in PURE_BUILTINS:
        return _tagged(run, Harmless, node, f"{name} is not evaluated in a config")
    if name in _BUILTIN_NAMES or name == "__annotations__":
        return run.unknown(node, f"{name} is not evaluated in a config")
    raise NameError(f"name {name!r} is not defined")


def _perhaps(run: Evaluation, node: ast.Name, value: Perhaps) -> Unknown:
    """A name that may still be the builtin that it was."""
    if node.id in REFLECTING:
        return _tagged(run, Reflection, node, f"{node.id} is not evaluated in a config")
    return present(value)  # type: ignore[no-any-return]


def _tagged(run: Evaluation, kind: type[Unknown], node: ast.expr, reason: str) -> Unknown:
    run.made_unknown = True
    run.unknowns_made += 1
    return kind(reason, run.parsed.where(node))


def _attribute(run: Evaluation, node: ast.Attribute) -> Any:
    return read_attribute(run, node, run.evaluate(node.value), node.attr)


def read_attribute(run: Evaluation, node: ast.expr, target: Any, name: str) -> Any:
    """``target.name``: an item of a base, or a submodule."""
    if isinstance(target, Unknown):
        return target
    run.at = node
    run.referenced = None
    if name in REFLECTING_ATTRIBUTES and not isinstance(target, BaseDict):
        return _tagged(run, Reflection, node, f"attribute {name} is not read in a config")
    if name.startswith("__"):
        unknown = run.unknown(node, f"attribute {name} is not read in a config")
        return run.derived(unknown, target)
    if isinstance(target, BaseDict):
        # mmengine gives the dicts of a base this attribute, and not the base itself.
        if name in BASE_ATTRIBUTES and not (name == "scope" and target is run.base):
            # A key of that name is not what mmengine's dict yields for it.
            return run.derived(run.unknown(node, f"attribute {name} of a base"), target)
        if isinstance(target, IncompleteBase) and target.is_unsure(name):
            return _unsure(run, target, name)
        if name not in target:
            if isinstance(target, UnionDict):
                return run.derived(run.unknown(node, f"no key {name} there"), target)
            raise AttributeError(f"no key {name!r} there")
        run.referenced = target.origins.get(name)
        return target[name]
    if isinstance(target, LazyName):
        if name in LAZY_ATTRIBUTES:
            return run.unknown(node, f"attribute {name} of mmengine's LazyObject")
        return target.attribute(name)
    if isinstance(target, ModuleValue):
        full = f"{target.name}.{name}"
        if full in CONSTANTS:
            return CONSTANTS[full]
        if full in LIBRARY:
            run.made_foreign = True
            return library_function(full)
        if full == "os.path":
            return ModuleValue(full)
        reason = f"{full} belongs to a module that is not imported"
        if target.name in REFLECTING_MODULES:
            return _tagged(run, Reflection, node, reason)
        return _tagged(run, Harmless if is_harmless_module(full) else Foreign, node, reason)
    if isinstance(target, FunctionValue):
        return _attribute_of_function(run, node, target, name)
    if isinstance(target, BaseVariable):
        if not hasattr(target.text, name):
            raise AttributeError(f"{{{{_base_.{target.name}}}}} is a text here, without {name!r}")
        return run.unknown(node, target.reason)
    if name in METHODS.get(type(target), {}):
        return run.derived(run.unknown(node, f"method {name} is not called"), target)
    if not hasattr(type(target), name) or name in _OWN_ATTRIBUTES:
        raise AttributeError(f"a {type(target).__name__} has no attribute {name!r}")
    unknown = run.unknown(node, f"attribute {name} of a {type(target).__name__}")
    return run.derived(unknown, target)


def _attribute_of_function(
    run: Evaluation, node: ast.expr, target: FunctionValue, name: str
) -> Any:
    """``dict.update``: a method, to be called with what it is a method of."""
    full = f"{target.name}.{name}"
    if target.reason == BUILTIN and (full in FUNCTIONS or name in UNBOUND.get(target.name, {})):
        return FunctionValue(full, BUILTIN)
    return run.unknown(node, f"attribute {name} of a function")


def _unsure(run: Evaluation, target: IncompleteBase, key: Any) -> Unknown:
    """What is read of the bases, if they set it at all."""
    run.made_unknown = True
    return present(target[key]) if key in target else target.missing


def _subscript(run: Evaluation, node: ast.Subscript) -> Any:
    target = run.evaluate(node.value)
    return read_item(run, node, target, run.subscript_key(node.slice))


def read_item(run: Evaluation, node: ast.expr, target: Any, key: Any) -> Any:
    """``target[key]``."""
    if isinstance(target, Unknown):
        return target
    unknown = run.find_unknown(key)
    if unknown:
        return run.derived(unknown, target)
    run.at = node
    run.referenced = None
    if isinstance(target, FunctionValue | ModuleValue):
        return run.unknown(node, "a function or module is not subscripted")
    if isinstance(target, BaseVariable):
        if not isinstance(key, int | slice):
            raise TypeError(f"{{{{_base_.{target.name}}}}} is a text here, without {key!r}")
        return run.unknown(node, target.reason)
    if isinstance(target, IncompleteBase) and target.is_unsure(key):
        return _unsure(run, target, key)
    if isinstance(key, slice):
        run.budget.charge_slice(target, key)
    else:
        run.budget.charge_key(key)
    value = target[key]
    if not isinstance(key, slice):
        run.referenced = origin_of(target, key)
    return value


_OWN_ATTRIBUTES = frozenset({"held", "make", "origins", "plain", "put", "shared_origins"})
"""What the containers here have, but those of a config do not."""

READING: Expressions = {
    ast.Attribute: _attribute,
    ast.Name: read_name,
    ast.Subscript: _subscript,
}
