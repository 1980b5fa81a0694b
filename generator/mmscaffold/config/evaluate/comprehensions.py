"""Comprehensions and unpacking in a config."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.evaluation import Evaluation
from mmscaffold.config.evaluate.values import CfgDict, CfgList, Slot, Unknown


class Comprehensions(Evaluation):
    """Evaluates list, set and dict comprehensions, each round within the budget."""

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
        self.scopes.append(scope)
        try:
            for item in iterable:
                self.bind_names(generator.target, item, scope)
                tests = [self.evaluate(test) for test in generator.ifs]
                unknown = self.find_unknown(tests)
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
            self.scopes.pop()

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
