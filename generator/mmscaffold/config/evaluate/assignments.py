"""Assign to names, attributes, items and unpacking targets of a config, or delete them."""

from __future__ import annotations

import ast
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.budget import MANY
from mmscaffold.config.evaluate.comprehensions import unpack
from mmscaffold.config.evaluate.containers import BaseDict, CfgDict, CfgList
from mmscaffold.config.evaluate.copies import as_base
from mmscaffold.config.evaluate.evaluation import BASE, Evaluation, Statements
from mmscaffold.config.evaluate.operations import operate
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Unknown


def _assign(run: Evaluation, statement: ast.Assign) -> None:
    first = statement.targets[0]
    if isinstance(first, ast.Name) and first.id == BASE:
        return
    value, origin = run.evaluate_with_origin(statement.value)
    for target in statement.targets:
        store(run, target, value, origin)


def _annotated_assign(run: Evaluation, statement: ast.AnnAssign) -> None:
    if statement.value is not None:
        value, origin = run.evaluate_with_origin(statement.value)
        store(run, statement.target, value, origin)


def store(run: Evaluation, target: ast.expr, value: Any, origin: Origin | None) -> None:
    """Assign a value to any target."""
    if isinstance(target, ast.Name):
        run.bind(target.id, value, origin)
    elif isinstance(target, ast.Tuple | ast.List):
        if isinstance(value, Unknown):
            items: list[Any] = [value] * len(target.elts)
        else:
            run.at = target
            items = unpack(target, value)
        origins = getattr(value, "origins", None)
        if not isinstance(origins, list) or len(origins) != len(target.elts):
            origins = [origin] * len(target.elts)
        for element, item, item_origin in zip(target.elts, items, origins, strict=True):
            inner = element.value if isinstance(element, ast.Starred) else element
            store(run, inner, item, item_origin)
    elif isinstance(target, ast.Attribute):
        _store_item(run, target, run.evaluate(target.value), target.attr, value, origin)
    elif isinstance(target, ast.Subscript):
        container = run.evaluate(target.value)
        key = run.subscript_key(target.slice)
        _store_item(run, target, container, key, value, origin)


def _store_item(
    run: Evaluation,
    target: ast.expr,
    container: Any,
    key: Any,
    value: Any,
    origin: Origin | None,
) -> None:
    run.at = target
    run.changed = True
    run.budget.aliases += MANY
    if isinstance(container, Unknown) or isinstance(key, Unknown):
        return
    if isinstance(target, ast.Attribute) and not isinstance(container, BaseDict):
        raise AttributeError(
            f"a {type(container).__name__} has no attribute {target.attr!r} to assign"
        )
    if isinstance(container, BaseDict):
        value = as_base(value)
    if isinstance(container, CfgList) and isinstance(key, slice):
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
    current = run.evaluate(_as_load(target))
    right = run.evaluate(statement.value)
    if isinstance(statement.op, ast.Add) and isinstance(current, CfgList):
        _extend_in_place(run, current, right, statement)
        _store_back(run, target, current)
        return
    if isinstance(statement.op, ast.BitOr) and isinstance(current, CfgDict):
        _update_in_place(run, current, right, statement)
        _store_back(run, target, current)
        return
    value = operate(run, statement, statement.op, current, right)
    store(run, target, value, Origin(run.parsed, statement.value))


def _store_back(run: Evaluation, target: ast.expr, value: Any) -> None:
    """Python assigns what was changed in place, too: a tuple refuses it then."""
    if not isinstance(target, ast.Attribute | ast.Subscript):
        return
    container = run.evaluate(target.value)
    run.at = target
    if isinstance(container, tuple):
        raise TypeError("a tuple does not support item assignment")
    if isinstance(container, BaseDict):
        key = _item_key(run, target)
        container.put(key, as_base(value), container.origins.get(key))


def _update_in_place(
    run: Evaluation, target: CfgDict, right: Any, statement: ast.AugAssign
) -> None:
    run.at = statement.value
    if isinstance(right, Unknown):
        run.give_up_on(statement, "", right)
        return
    # Pairs will do: |= is update(), though | is not.
    pairs = right if isinstance(right, CfgDict) else CfgDict(right)
    run.budget.charge_elements(len(pairs))
    for key, value in pairs.items():
        origin = pairs.origins.get(key) or Origin(run.parsed, statement.value)
        target.put(key, value, origin)


def _extend_in_place(
    run: Evaluation, target: CfgList, right: Any, statement: ast.AugAssign
) -> None:
    run.at = statement.value
    if isinstance(right, Unknown):
        run.give_up_on(statement, "", right)
        return
    items = right if hasattr(right, "__len__") else list(right)
    run.budget.charge_elements(len(items))
    target.extend(items)


def _delete(run: Evaluation, statement: ast.Delete) -> None:
    for target in statement.targets:
        run.at = target
        if isinstance(target, ast.Name):
            if target.id not in run.variables:
                raise NameError(f"name {target.id!r} is not defined")
            del run.variables[target.id]
        elif isinstance(target, ast.Attribute | ast.Subscript):
            container = run.evaluate(target.value)
            key = _item_key(run, target)
            if isinstance(container, Unknown) or isinstance(key, Unknown):
                continue
            run.at = target
            del container[key]


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
