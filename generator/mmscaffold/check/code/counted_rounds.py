"""Epochs that are as long as a number says: ``for idx in range(steps): self.run_iter(...)``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import ClassView
from mmscaffold.check.code.syntax import (
    Function,
    assigned_value,
    call_to,
    is_name,
    names_in,
    self_name,
)

# A number that is made of these may be that of the batches, or is what the training counts.
_LENGTHS = {"dataloader", "max_iters", "_max_iters", "max_epochs", "_max_epochs"}


def rounds_by_number(view: ClassView) -> Iterator[ast.expr]:
    """The numbers by which a train loop ends its epochs, where they are no number of batches.

    Args:
        view: A train loop that counts epochs.
    """
    for function in view.own_methods.values():
        for loop in _outside_of_data(function.body):
            call = call_to(loop.iter, "range")
            if call is None or len(call.args) != 1 or not _advances(loop, self_name(function)):
                continue
            if not _may_be_of_data(view, function, call.args[0]):
                yield call.args[0]


def _outside_of_data(body: list[ast.stmt]) -> Iterator[ast.For]:
    """The loops that are not within a pass over data: those over epochs lie around them."""
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(node, ast.For):
            yield node
            if call_to(node.iter, "range") is None:
                continue
        pending += ast.iter_child_nodes(node)


def _advances(loop: ast.For, me: str) -> bool:
    """Whether each round of a loop itself, not of one within, is an iteration of training."""
    pending: list[ast.AST] = list(loop.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.For | ast.While | ast.FunctionDef):
            continue
        if isinstance(node, ast.Attribute) and is_name(node.value, me):
            counts = node.attr == "_iter" and isinstance(node.ctx, ast.Store)
            if counts or node.attr == "run_iter":
                return True
        pending += ast.iter_child_nodes(node)
    return False


def _may_be_of_data(view: ClassView, function: Function, number: ast.expr) -> bool:
    """Whether a number may be that of the batches, as far as it can be followed."""
    me = self_name(function)
    seen: set[str] = set()
    pending = [(function, number)]
    while pending:
        here, node = pending.pop()
        if names_in(node) & _LENGTHS or any(isinstance(one, ast.Call) for one in ast.walk(node)):
            return True
        for one in ast.walk(node):
            if isinstance(one, ast.Attribute) and is_name(one.value, me):
                if one.attr in seen:
                    continue
                seen.add(one.attr)
                assigned = view.assigned.get(one.attr, ())
                values = [
                    (where, assigned_value(target, one.attr)) for _, where, target in assigned
                ]
                if not values or any(value is None for _, value in values):
                    # A base sets it, or it is counted on the way.
                    return True
                pending += [(where, value) for where, value in values if value is not None]
            elif isinstance(one, ast.Name) and one.id != me and one.id not in seen:
                seen.add(one.id)
                pending += [(here, value) for value in _local_values(here, one.id)]
    return False


def _local_values(function: Function, name: str) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and any(is_name(one, name) for one in node.targets):
            yield node.value
