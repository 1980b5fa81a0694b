"""The ``train_step`` methods of models, as far as their code tells what they return."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from mmscaffold.check.code.classes import ClassView, Code
from mmscaffold.check.code.functions import is_stub, returned_values, walk_own
from mmscaffold.check.code.runner_code import all_classes, functions_of
from mmscaffold.check.code.syntax import Function, call_to, is_name, self_name
from mmscaffold.facts.base_classes import BASE_MODEL

_TO_NUMBERS = {"sum", "mean", "item", "backward", "float"}


@dataclass(frozen=True)
class TrainStep:
    """One ``train_step`` that a model defines.

    Attributes:
        view: The model.
        function: The method.
    """

    view: ClassView
    function: Function

    @property
    def values(self) -> list[ast.expr]:
        """What it returns."""
        return [one.value for one in returned_values(self.function) if one.value is not None]

    @property
    def is_called_otherwise(self) -> bool:
        """Whether a train loop of the same code takes the steps without ``optim_wrapper=...``."""
        return not all(
            isinstance(call, ast.Call) and any(one.arg == "optim_wrapper" for one in call.keywords)
            for _, call in self._uses
        )

    @property
    def is_read_by_others(self) -> bool:
        """Whether a train loop of the same code may do more with the value than mmengine's.

        Those hand it on to the hooks, as ``outputs=outputs``.
        """
        return not all(_only_hands_on(function, call) for function, call in self._uses)

    @property
    def _uses(self) -> Iterator[tuple[Function, ast.expr]]:
        """The calls of ``train_step`` in train loops; the bare method where it is not called."""
        for loop in all_classes(self.view.code):
            if loop.is_train_loop:
                for function in functions_of(loop):
                    yield from ((function, one) for one in _calls_of_step(function))

    def instead_of_dict(self, value: ast.expr) -> str | None:
        """In words, what a value is that is certainly not a dict; ``None`` if it may be one."""
        if isinstance(value, ast.Name):
            return self._variable(value.id)
        if isinstance(value, ast.Tuple | ast.List | ast.Set | ast.ListComp):
            return f"a {type(value).__name__.lower().removesuffix('comp')}"
        if isinstance(value, ast.Constant) and value.value is not None:
            return repr(value.value)
        if self._is_parsed(value):
            return "a tuple, the loss and the dict"
        if isinstance(value, ast.Call):
            function = value.func
            named = isinstance(function, ast.Name) and function.id in ("sum", "float", "tuple")
            if named or (isinstance(function, ast.Attribute) and function.attr in _TO_NUMBERS):
                return "a number or tensor"
        return None

    def _variable(self, name: str) -> str | None:
        values: list[str | None] = []
        for node in walk_own(self.function):
            if not isinstance(node, ast.Assign):
                if isinstance(node, ast.AugAssign | ast.For | ast.With) and _binds(node, name):
                    return None
                continue
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    is_name = isinstance(node.value, ast.Name)
                    values.append(None if is_name else self.instead_of_dict(node.value))
                elif isinstance(target, ast.Tuple) and _binds(target, name):
                    values.append(self._part(target, node.value, name))
        return values[0] if values and all(values) else None

    def _part(self, target: ast.Tuple, value: ast.expr, name: str) -> str | None:
        # parse_losses returns the loss first, then the dict.
        first = target.elts[0]
        is_loss = isinstance(first, ast.Name) and first.id == name
        return "the loss, a tensor" if is_loss and self._is_parsed(value) else None

    def _is_parsed(self, value: ast.expr) -> bool:
        """Whether it is what mmengine's ``parse_losses`` returns; one's own may do otherwise."""
        call = call_to(value, "parse_losses")
        if call is None or not isinstance(call.func, ast.Attribute):
            return False
        if not self.view.is_understood:
            return False
        owner = call.func.value
        if call_to(owner, "super") is not None:
            return self.view.method_behind(self.view.definition, "parse_losses") is None
        # That of another object may be of any class.
        return is_name(owner, self_name(self.function)) and not self.view.sets("parse_losses")


def train_steps(code: Code) -> Iterator[TrainStep]:
    """Every ``train_step`` with a body that a checked model defines itself."""
    for view in code.of_kind(BASE_MODEL):
        function = view.own_methods.get("train_step")
        if function is not None and not is_stub(function):
            yield TrainStep(view, function)


def _calls_of_step(function: Function) -> list[ast.expr]:
    calls: list[ast.expr] = []
    named: list[ast.expr] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.attr == "train_step":
            named.append(node)
        elif call_to(node, "train_step") is not None and isinstance(node, ast.Call):
            calls.append(node)
    called = {id(one.func) for one in calls if isinstance(one, ast.Call)}
    return [*calls, *(one for one in named if id(one) not in called)]


def _only_hands_on(function: Function, call: ast.expr) -> bool:
    """Whether the value of a call goes into a variable, and from there to hooks alone."""
    names = {
        node.targets[0].id
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        and node.value is call
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
    }
    handed_on = {
        id(node.value)
        for node in ast.walk(function)
        if isinstance(node, ast.keyword) and node.arg == "outputs"
    }
    read = [
        id(node)
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names
    ]
    return bool(read) and handed_on.issuperset(read)


def _binds(node: ast.AST, name: str) -> bool:
    return any(
        isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store)
        for one in ast.walk(node)
    )
