"""Comprehensions, each round within the budget, and unpacking."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.budget import MANY
from mmscaffold.config.evaluate.containers import CfgDict, CfgList
from mmscaffold.config.evaluate.evaluation import Evaluation, Expressions
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import Unknown


def _list_comprehension(run: Evaluation, node: ast.ListComp | ast.GeneratorExp) -> Any:
    origin = Origin(run.parsed, node.elt)
    values: list[Any] = []
    unknown = None
    for unknown in _generate(run, node.generators, 0):
        if unknown:
            return unknown
        run.budget.charge_elements(1)
        values.append(run.evaluate(node.elt))
    return CfgList(values, [origin] * len(values))


def _set_comprehension(run: Evaluation, node: ast.SetComp) -> Any:
    values = set()
    for unknown in _generate(run, node.generators, 0):
        if unknown:
            return unknown
        run.budget.charge_elements(1)
        value = run.evaluate(node.elt)
        if isinstance(value, Unknown):
            return value
        values.add(value)
    return values


def _dict_comprehension(run: Evaluation, node: ast.DictComp) -> Any:
    origin = Origin(run.parsed, node.value)
    result = CfgDict()
    for unknown in _generate(run, node.generators, 0):
        if unknown:
            return unknown
        run.budget.charge_elements(1)
        key = run.evaluate(node.key)
        if isinstance(key, Unknown):
            return key
        result.put(key, run.evaluate(node.value), origin)
    return result


def _generate(
    run: Evaluation, generators: list[ast.comprehension], depth: int
) -> Iterator[Unknown | None]:
    """Bind the loop variables once per round; yield an ``Unknown`` to give up."""
    generator = generators[depth]
    iterable = run.evaluate(generator.iter)
    if isinstance(iterable, Unknown):
        yield iterable
        return
    run.at = generator.iter
    scope: dict[str, Any] = {}
    run.scopes.append(scope)
    run.budget.aliases += MANY
    try:
        for item in iterable:
            _bind_names(run, generator.target, item, scope)
            tests = [run.evaluate(test) for test in generator.ifs]
            unknown = run.find_unknown(tests)
            if unknown:
                yield unknown
                return
            if not all(tests):
                continue
            if depth + 1 < len(generators):
                yield from _generate(run, generators, depth + 1)
            else:
                yield None
    finally:
        run.scopes.pop()


def _bind_names(run: Evaluation, target: ast.expr, value: Any, scope: dict[str, Any]) -> None:
    """Assign to a name, or unpack into several, within a comprehension."""
    if isinstance(target, ast.Starred):
        target = target.value
    if isinstance(target, ast.Name):
        scope[target.id] = value
    elif isinstance(target, ast.Tuple | ast.List):
        for element, item in zip(target.elts, unpack(target, value), strict=True):
            _bind_names(run, element, item, scope)
    else:
        run.at = target
        raise ConfigError("this loop target is not evaluated in a config")


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


COMPREHENSIONS: Expressions = {
    ast.DictComp: _dict_comprehension,
    ast.GeneratorExp: _list_comprehension,
    ast.ListComp: _list_comprehension,
    ast.SetComp: _set_comprehension,
}
