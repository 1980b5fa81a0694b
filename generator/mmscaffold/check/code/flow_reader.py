"""Reads a method, and all that it calls of its own class, into a ``Flow``.

Methods of the class and of its bases are written out where they are called, ``super()`` as
Python finds it; those of mmengine's loops come from a table.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property

from mmscaffold.check.code.classes import ClassView
from mmscaffold.check.code.flow import Flow
from mmscaffold.check.code.method_reader import Knowledge, MethodReader
from mmscaffold.check.code.recorder import Recorder
from mmscaffold.check.code.steps import Action, UnreadCode
from mmscaffold.check.code.syntax import Function, assigned_names, class_body, is_marked, names_in
from mmscaffold.check.code.upstream_flow import UPSTREAM_FLOWS, Item
from mmscaffold.project.code import ClassDefinition

_DEEPEST = 12
_MOST_METHODS = 1000
_CONDITIONS = (ast.If, ast.While, ast.IfExp, ast.Assert)


def flow_of(view: ClassView, method: str = "run") -> Flow:
    """The steps and calls of a method, with all that it calls of its own class.

    Args:
        view: The class.
        method: Where to begin.
    """
    known = view.code.flows
    key = (view.definition.dotted, method)
    if key not in known:
        known[key] = _read(view, method)
    found: Flow = known[key]
    return found


def _read(view: ClassView, method: str) -> Flow:
    reader = _Reader(view)
    try:
        if reader.method(method, None, view.node) is Knowledge.NOT:
            reader.recorder.add(UnreadCode(), view.node, view.definition)
    except RecursionError:
        # Code nested without bounds is code that was not understood.
        reader.recorder.add(UnreadCode(), view.node, view.definition)
    return reader.recorder.flow


class _Reader:
    """Finds the methods that are called, and guards against those that call each other."""

    def __init__(self, view: ClassView) -> None:
        self.recorder = Recorder()
        self._view = view
        self._stack: list[tuple[str, str]] = []
        self._methods = 0

    def method(self, name: str, behind: ClassDefinition | None, node: ast.AST) -> Knowledge:
        """Write out a method; tell whether anything is known of it.

        Args:
            name: Its name.
            behind: The class in which ``super()`` stands; ``None`` for a method of ``self``.
            node: The call.
        """
        found = self._view.method_behind(behind, name)
        key = (found[0].dotted if found else "upstream", name)
        if key in self._stack or len(self._stack) > _DEEPEST:
            return Knowledge.READ if found else Knowledge.IN_TABLE
        self._methods += 1
        if self._methods > _MOST_METHODS:
            return Knowledge.NOT
        is_own = found is not None and found[0] is self._view.definition
        self._stack.append(key)
        try:
            with self.recorder.method(node, is_first=len(self._stack) == 1, is_own=is_own):
                if found is None:
                    return self._upstream(name, behind)
                owner, function = found
                self._note(key, function)
                reader = MethodReader(
                    self.recorder, self.method, owner, function, self._names_of_methods
                )
                reader.read()
                return Knowledge.READ
        finally:
            self._stack.pop()

    @cached_property
    def _names_of_methods(self) -> frozenset[str]:
        """The methods of the class; properties are values."""
        view = self._view
        own = {
            node.name
            for definition in view.own_lineage
            for node in class_body(definition.node)
            if isinstance(node, ast.FunctionDef) and not is_marked(node, "property")
        }
        return frozenset(own).union(*(UPSTREAM_FLOWS.get(one, {}) for one in view.lineage))

    def _note(self, key: tuple[str, str], function: Function) -> None:
        if self.recorder.is_deferred:
            return
        flow = self.recorder.flow
        flow.methods.add(key)
        flow.names |= names_in(function)
        for node in ast.walk(function):
            if isinstance(node, _CONDITIONS):
                flow.compared |= names_in(node.test)
            elif isinstance(node, ast.Compare | ast.BoolOp):
                flow.compared |= names_in(node)

    def _upstream(self, name: str, behind: ClassDefinition | None) -> Knowledge:
        known = self._view.code.package.classes
        for dotted in self._view.lineage_behind(behind):
            if dotted in known:
                if any(name in assigned_names(node) for node in class_body(known[dotted].node)):
                    # A method that is some other object: run = a_function.
                    return Knowledge.NOT
                continue
            items = UPSTREAM_FLOWS.get(dotted, {}).get(name)
            if items is not None:
                self._items(items)
                return Knowledge.IN_TABLE
            table = self._view.code.table
            if not table.knows(dotted) or table.defines(dotted, name):
                # A base that was not read may well have it, or does.
                return Knowledge.NOT
        return Knowledge.NOT

    def _items(self, items: Sequence[Item]) -> None:
        node = self.recorder.pointer or self._view.node
        for item in items:
            if isinstance(item, tuple):
                with self.recorder.loop():
                    self._items(item)
            elif isinstance(item, Action):
                self.recorder.add(item, node, None)
            elif self.method(item, None, node) is Knowledge.NOT:
                self.recorder.add(UnreadCode(), node, None)
