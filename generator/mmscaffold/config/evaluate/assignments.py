"""Assign to names, attributes, items and unpacking targets of a config, or delete them."""

from __future__ import annotations

import ast
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.asking import BASE_ATTRIBUTES
from mmscaffold.config.evaluate.base_dicts import update_base
from mmscaffold.config.evaluate.budget import MANY
from mmscaffold.config.evaluate.comprehensions import unpack
from mmscaffold.config.evaluate.containers import BaseDict, CfgDict, CfgList, CfgSet, origin_of
from mmscaffold.config.evaluate.copies import as_base
from mmscaffold.config.evaluate.evaluation import BASE, Evaluation, Statements
from mmscaffold.config.evaluate.forgetting import change_unknown, forget, forget_content
from mmscaffold.config.evaluate.frames import Frame
from mmscaffold.config.evaluate.incomplete_base import IncompleteBase
from mmscaffold.config.evaluate.operations import operate
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.reading import read_attribute, read_item
from mmscaffold.config.evaluate.values import (
    FunctionValue,
    LazyName,
    ModuleValue,
    NotEvaluatedError,
    Unknown,
)


def _assign(run: Evaluation, statement: ast.Assign) -> None:
    first = statement.targets[0]
    if isinstance(first, ast.Name) and first.id == BASE:
        return
    value, origin = run.evaluate_with_origin(statement.value)
    for target in statement.targets:
        store(run, target, value, origin)


def _annotated_assign(run: Evaluation, statement: ast.AnnAssign) -> None:
    target = statement.target
    if statement.value is not None:
        value, origin = run.evaluate_with_origin(statement.value)
        store(run, target, value, origin)
    elif not isinstance(target, ast.Name) and not run.calls:
        run.evaluate(_as_load(target.value))
    if not run.calls and not run.lazy_annotations:
        run.evaluate(statement.annotation)


def store(run: Evaluation, target: ast.expr, value: Any, origin: Origin | None) -> None:
    """Assign a value to any target."""
    if isinstance(target, ast.Name):
        run.bind(target.id, value, origin)
    elif isinstance(target, ast.Starred):
        raise ConfigError("a starred name must be part of a list or tuple")
    elif isinstance(target, ast.Tuple | ast.List):
        value = run.iterable(value)
        if isinstance(value, Unknown):
            items: list[Any] = [value] * len(target.elts)
        else:
            run.at = target
            items = unpack(run, target, value)
        origins = getattr(value, "origins", None)
        if not isinstance(origins, list) or len(origins) != len(target.elts):
            origins = [origin] * len(target.elts)
        for element, item, item_origin in zip(target.elts, items, origins, strict=True):
            inner = element.value if isinstance(element, ast.Starred) else element
            store(run, inner, item, item_origin)
    elif isinstance(target, ast.Attribute):
        store_item(run, target, run.evaluate(target.value), target.attr, value, origin)
    elif isinstance(target, ast.Subscript):
        container = run.evaluate(target.value)
        key = run.subscript_key(target.slice)
        store_item(run, target, container, key, value, origin)


def store_item(
    run: Evaluation,
    target: ast.expr,
    container: Any,
    key: Any,
    value: Any,
    origin: Origin | None,
) -> None:
    """Store a value under a key of a container, or as its attribute.

    Args:
        run: The state.
        target: Where; an ``ast.Attribute`` if it is an attribute.
        container: The container, if it is one.
        key: The key, index, slice or name.
        value: What is stored.
        origin: Where that was written.
    """
    run.at = target
    run.changed = True
    run.budget.aliases += MANY
    if isinstance(container, Unknown):
        change_unknown(run, container, value, run.unknown(target, "stored in what is not known"))
        return
    if isinstance(container, FunctionValue | ModuleValue | LazyName):
        forget(run, (value,), run.unknown(target, "stored in a function or module"))
        return
    unknown = run.find_unknown(key)
    if unknown:
        forget_content(run, container, unknown, value)
        return
    if isinstance(target, ast.Attribute) and not isinstance(container, BaseDict):
        raise AttributeError(
            f"a {type(container).__name__} has no attribute {target.attr!r} to assign"
        )
    if isinstance(target, ast.Attribute) and key != "scope" and key in BASE_ATTRIBUTES:
        raise AttributeError(f"attribute {key!r} of a base is read-only")
    if isinstance(container, BaseDict):
        run.budget.charge_copied(value)
        value = as_base(value)
    run.budget.charge_key(key)
    if isinstance(container, CfgList) and isinstance(key, slice):
        if isinstance(value, Unknown):
            forget_content(run, container, value, value)
            return
        run.budget.charge_touched(container)
        # Where the value is read once only, it is kept for the list to read.
        value = value if hasattr(value, "__len__") else list(value)
        run.budget.charge_elements(len(value))
    elif not isinstance(container, CfgDict | CfgList):
        raise TypeError(f"a {type(container).__name__} does not support item assignment")
    container.put(key, value, origin)


def _augmented_assign(run: Evaluation, statement: ast.AugAssign) -> None:
    target = statement.target
    run.changed = True
    run.budget.aliases += MANY
    right_origin = Origin(run.parsed, statement.value)
    if isinstance(target, ast.Name):
        current = run.evaluate(_as_load(target))
        was = run.referenced
        right = run.evaluate(statement.value)
        value, same = _operate_in_place(run, statement, current, right)
        run.bind(target.id, value, was if same else right_origin)
        return
    # Container and key are read once, as in Python.
    container = run.evaluate(target.value)
    key = _item_key(run, target)
    current = _read_item(run, target, container, key)
    right = run.evaluate(statement.value)
    value, same = _operate_in_place(run, statement, current, right)
    origin = origin_of(container, key) if same else None
    store_item(run, target, container, key, value, origin or right_origin)


def _read_item(
    run: Evaluation, target: ast.Attribute | ast.Subscript, container: Any, key: Any
) -> Any:
    if isinstance(target, ast.Attribute):
        return read_attribute(run, target, container, target.attr)
    return read_item(run, target, container, key)


def _operate_in_place(
    run: Evaluation, statement: ast.AugAssign, current: Any, right: Any
) -> tuple[Any, bool]:
    """What an augmented assignment yields, and whether it is the same object, changed."""
    op = statement.op
    run.at = statement.value
    unknown = right if isinstance(right, Unknown) else None
    if isinstance(current, Unknown):
        change_unknown(run, current, right, current)
        return current, True
    if isinstance(current, CfgList) and isinstance(op, ast.Add | ast.Mult):
        if isinstance(op, ast.Add) and not isinstance(right, IncompleteBase):
            found = run.iterable(right)
            unknown = found if isinstance(found, Unknown) else None
        if unknown:
            forget_content(run, current, unknown, unknown)
        elif isinstance(op, ast.Add):
            _extend(run, current, right)
        else:
            # The product is made first, for the budget and for Python's errors.
            product = operate(run, statement, op, current, right)
            current[:] = product
        return current, True
    if isinstance(current, CfgDict) and isinstance(op, ast.BitOr):
        if unknown:
            forget_content(run, current, unknown, unknown)
        else:
            _update(run, current, right, statement)
        return current, True
    if isinstance(current, CfgSet):
        value = operate(run, statement, op, current, right)
        if isinstance(value, Unknown):
            forget_content(run, current, value)
            return current, True
        if isinstance(value, CfgSet):
            set.clear(current)
            set.update(current, value)
            return current, True
    return operate(run, statement, op, current, right), False


def _update(run: Evaluation, target: CfgDict, right: Any, statement: ast.AugAssign) -> None:
    # Pairs will do: |= is update(), though | is not.
    pairs = right if isinstance(right, CfgDict) else CfgDict(right)
    run.budget.charge_elements(len(pairs))
    if isinstance(target, BaseDict):
        if not isinstance(right, CfgDict):
            raise TypeError("only a dict can be joined with a base")
        try:
            update_base(target, pairs)
        except NotEvaluatedError as error:
            forget(run, (target,), run.unknown(statement, str(error)))
        return
    for key, value in pairs.items():
        origin = pairs.origins.get(key) or Origin(run.parsed, statement.value)
        target.put(key, value, origin)


def _extend(run: Evaluation, target: CfgList, right: Any) -> None:
    items = right if hasattr(right, "__len__") else list(right)
    run.budget.charge_elements(len(items))
    target.extend(items)


def _delete(run: Evaluation, statement: ast.Delete) -> None:
    for target in statement.targets:
        run.at = target
        if isinstance(target, ast.Name):
            delete_name(run, target.id)
        elif isinstance(target, ast.Tuple | ast.List):
            _delete(run, ast.copy_location(ast.Delete(target.elts), statement))
        elif isinstance(target, ast.Attribute | ast.Subscript):
            container = run.evaluate(target.value)
            delete_item(run, target, container, _item_key(run, target))


def delete_item(
    run: Evaluation, target: ast.Attribute | ast.Subscript, container: Any, key: Any
) -> None:
    """Delete a key of a container, or an attribute."""
    run.at = target
    if isinstance(container, Unknown):
        change_unknown(run, container, None, container)
        return
    unknown = run.find_unknown(key)
    if unknown:
        forget_content(run, container, unknown)
        return
    if isinstance(container, IncompleteBase) and container.is_unsure(key):
        forget_content(run, container, container.missing)
        return
    if isinstance(target, ast.Attribute) and not isinstance(container, BaseDict):
        raise AttributeError(f"no attribute {target.attr!r} there to delete")
    if not isinstance(container, CfgDict | CfgList):
        raise TypeError(f"a {type(container).__name__} does not support item deletion")
    if isinstance(container, list):
        run.budget.charge_touched(container)
    run.budget.charge_key(key)
    del container[key]


def delete_name(run: Evaluation, name: str) -> None:
    """Delete a name, from the scope that it belongs to."""
    names: Any = run.variables
    for scope in reversed(run.scopes):
        if isinstance(scope, Frame):
            if name in scope.names.local:
                names = scope
                break
            if name in scope.names.outer:
                break
    if name in names:
        del names[name]
    elif not run.opened and name != "__annotations__":
        raise NameError(f"name {name!r} is not defined")


def _item_key(run: Evaluation, target: ast.Attribute | ast.Subscript) -> Any:
    if isinstance(target, ast.Attribute):
        return target.attr
    return run.subscript_key(target.slice)


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


ASSIGNMENTS: Statements = {
    ast.AnnAssign: _annotated_assign,
    ast.Assign: _assign,
    ast.AugAssign: _augmented_assign,
    ast.Delete: _delete,
}
