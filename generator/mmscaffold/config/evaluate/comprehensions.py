"""Comprehensions, each round within the budget, and unpacking."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.budget import MANY
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgSet
from mmscaffold.config.evaluate.evaluation import Evaluation, Expressions
from mmscaffold.config.evaluate.forgetting import may_change
from mmscaffold.config.evaluate.iterators import UNORDERED, CfgIterator, is_unordered
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import FunctionValue, ModuleValue, Unknown


def _list_comprehension(run: Evaluation, node: ast.ListComp) -> Any:
    origin = Origin(run.parsed, node.elt)
    values: list[Any] = []
    for unknown in _generate(run, node.generators, 0):
        if unknown:
            return run.skip([node], unknown)
        run.budget.charge_elements(1)
        values.append(run.evaluate(node.elt))
    return CfgList(values, [origin] * len(values))


def _generator(run: Evaluation, node: ast.GeneratorExp) -> Any:
    """A generator whose rounds change nothing, so that they may all be run now."""
    if not run.is_argument or may_change(run, node):
        # Python reads what the outermost loop is over when it makes the generator.
        run.evaluate(node.generators[0].iter)
        unknown = run.unknown(node, "when this generator is read is not known")
        return run.skip([node], unknown)
    values: list[Any] = []
    fault: Exception | None = None
    scopes = run.scopes
    try:
        for found in _generate(run, node.generators, 0):
            if found:
                return run.skip([node], found)
            run.budget.charge_elements(1)
            values.append(run.evaluate(node.elt))
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        NameError,
        TypeError,
        ValueError,
    ) as error:
        # It is raised only if the round is reached.
        fault = error
        run.scopes = scopes
    return CfgIterator(_yielded(values, fault), tuple(values))


def _yielded(values: list[Any], fault: Exception | None) -> Iterator[Any]:
    yield from values
    if fault is not None:
        raise fault


def _set_comprehension(run: Evaluation, node: ast.SetComp) -> Any:
    values = CfgSet()
    for unknown in _generate(run, node.generators, 0):
        if unknown:
            return run.skip([node], unknown)
        run.budget.charge_elements(1)
        value = run.evaluate(node.elt)
        found = run.find_unknown(value)
        if found:
            return run.skip([node], found)
        run.budget.charge_key(value)
        values.add(value)
    return values


def _dict_comprehension(run: Evaluation, node: ast.DictComp) -> Any:
    origin = Origin(run.parsed, node.value)
    result = CfgDict()
    for unknown in _generate(run, node.generators, 0):
        if unknown:
            return run.skip([node], unknown)
        run.budget.charge_elements(1)
        key = run.evaluate(node.key)
        found = run.find_unknown(key)
        if found:
            return run.skip([node], found)
        run.budget.charge_key(key)
        result.put(key, run.evaluate(node.value), origin)
    return result


def _generate(
    run: Evaluation, generators: list[ast.comprehension], depth: int
) -> Iterator[Unknown | None]:
    """Bind the loop variables once per round; yield an ``Unknown`` to give up."""
    generator = generators[depth]
    iterable = run.iterable(run.evaluate(generator.iter))
    if isinstance(iterable, Unknown):
        yield iterable
        return
    if is_unordered(iterable):
        yield run.unknown(generator.iter, UNORDERED)
        return
    run.at = generator.iter
    scope: dict[str, Any] = {}
    outer = run.scopes
    inner = run.scopes = [*outer, scope]
    run.budget.aliases += MANY
    try:
        for item in iterable:
            run.budget.charge_steps(1)
            _bind_names(run, generator.target, item, scope)
            for test_node in generator.ifs:
                test = run.evaluate(test_node)
                if isinstance(test, Unknown):
                    yield test
                    return
                if not test:
                    break
            else:
                if depth + 1 < len(generators):
                    yield from _generate(run, generators, depth + 1)
                    run.scopes = inner
                else:
                    yield None
    finally:
        run.scopes = outer


def _bind_names(run: Evaluation, target: ast.expr, value: Any, scope: dict[str, Any]) -> None:
    """Assign to a name, or unpack into several, within a comprehension."""
    if isinstance(target, ast.Starred):
        target = target.value
    if isinstance(target, ast.Name):
        scope[target.id] = value
    elif isinstance(target, ast.Tuple | ast.List):
        value = run.iterable(value)
        if isinstance(value, Unknown):
            for element in target.elts:
                _bind_names(run, element, value, scope)
            return
        for element, item in zip(target.elts, unpack(run, target, value), strict=True):
            _bind_names(run, element, item, scope)
    else:
        run.at = target
        raise ConfigError("this loop target is not evaluated in a config")


def unpack(run: Evaluation, target: ast.Tuple | ast.List, value: Any) -> list[Any]:
    """Split ``value`` over the elements of an unpacking target.

    Raises:
        ValueError: If their numbers differ.
    """
    if isinstance(value, FunctionValue | ModuleValue):
        raise TypeError("cannot unpack a function or module")
    if hasattr(value, "__len__"):
        run.budget.charge_elements(len(value))
    items = list(value)
    starred = [i for i, element in enumerate(target.elts) if isinstance(element, ast.Starred)]
    if len(starred) > 1:
        raise ConfigError("two starred names in one assignment")
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
    ast.GeneratorExp: _generator,
    ast.ListComp: _list_comprehension,
    ast.SetComp: _set_comprehension,
}
