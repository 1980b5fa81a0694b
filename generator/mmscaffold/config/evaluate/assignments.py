"""Assign to names, attributes, items and unpacking targets of a config."""

from __future__ import annotations

import ast
from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.calls import as_base
from mmscaffold.config.evaluate.comprehensions import unpack
from mmscaffold.config.evaluate.expressions import Expressions
from mmscaffold.config.evaluate.values import BaseDict, CfgDict, CfgList, Slot, Unknown

BASE = "_base_"


class Assignments(Expressions):
    """Executes the statements that bind, change or delete what a config names."""

    def _give_up_on(self, statement: ast.stmt, reason: str, blame: Unknown | None = None) -> None:
        """Make every name that ``statement`` may bind or mutate unknown."""
        unknown = blame or self.unknown(statement, reason)
        self.made_unknown = True
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self._bind(node.id, unknown, None)
            elif isinstance(node, ast.Attribute | ast.Subscript):
                # A store through it, or a method call on it, may change what it reads.
                root = root_name(node)
                if root == BASE and not isinstance(node.ctx, ast.Load):
                    raise ConfigError(
                        f"whether _base_ is edited here depends on an unknown: {unknown.reason}"
                    )
                if root and isinstance(self.variables.get(root), CfgDict | CfgList):
                    self._bind(root, unknown, None)

    def _bind(self, name: str, value: Any, slot: Slot | None) -> None:
        if not name or (name == BASE and isinstance(value, Unknown)):
            return
        self.variables[name] = value
        if slot is None:
            self.variables.slots.pop(name, None)
        else:
            self.variables.slots[name] = slot

    def _assign(self, statement: ast.Assign) -> None:
        first = statement.targets[0]
        if isinstance(first, ast.Name) and first.id == BASE:
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
            self._store_back(target, current)
            return
        if isinstance(statement.op, ast.BitOr) and isinstance(current, CfgDict):
            self._update_in_place(current, right, statement)
            self._store_back(target, current)
            return
        value = self.operate(statement, statement.op, current, right)
        self._store(target, value, Slot(self.parsed, statement.value))

    def _store_back(self, target: ast.expr, value: Any) -> None:
        """Python assigns what was changed in place, too: a tuple refuses it then."""
        if not isinstance(target, ast.Attribute | ast.Subscript):
            return
        container = self.evaluate(target.value)
        self.at = target
        if isinstance(container, tuple):
            raise TypeError("a tuple does not support item assignment")
        if isinstance(container, BaseDict):
            key = (
                target.attr
                if isinstance(target, ast.Attribute)
                else self.subscript_key(target.slice)
            )
            container[key] = as_base(value)

    def _update_in_place(self, target: CfgDict, right: Any, statement: ast.AugAssign) -> None:
        self.at = statement.value
        if isinstance(right, Unknown):
            self._give_up_on(statement, "", right)
            return
        # Pairs will do: |= is update(), though | is not.
        pairs = right if isinstance(right, CfgDict) else CfgDict(right)
        self.budget.charge_elements(len(pairs))
        target.update(pairs)
        for key in pairs:
            target.slots[key] = pairs.slots.get(key) or Slot(self.parsed, statement.value)

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


def root_name(node: ast.expr) -> str | None:
    """The name at the bottom of a chain such as ``x.y[0].z``."""
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
