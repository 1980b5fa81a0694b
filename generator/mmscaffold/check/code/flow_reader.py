"""Reads the methods of a loop into the steps of its ``Flow``."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mmscaffold.check.code.classes import ClassView
from mmscaffold.check.code.flow import Flow, Step
from mmscaffold.check.code.syntax import (
    Function,
    always_leaves,
    assigned_names,
    attribute_path,
    call_to,
    calls_in,
    class_body,
    is_name,
    keyword,
    names_in,
    self_name,
)
from mmscaffold.check.code.upstream_flow import UPSTREAM_FLOWS, Item
from mmscaffold.project.code import ClassDefinition

_DEEPEST = 12
_MOST_METHODS = 1000
_COUNTERS = ("_epoch", "_iter")
_STEPS = {"train_step", "val_step", "test_step", "update_params"}
# Functions that look at an object and do nothing to it.
_ONLY_LOOK = {"getattr", "hasattr", "isinstance", "len", "print", "repr", "str", "super", "type"}
_CONDITIONS = (ast.If, ast.While, ast.IfExp, ast.Assert)
# try, and from Python 3.11 on try with except*.
_TRIES: tuple[type[ast.Try], ...] = (ast.Try, getattr(ast, "TryStar", ast.Try))
_Loop = ast.For | ast.While | ast.AsyncFor


def read_flow(view: ClassView, method: str) -> Flow:
    """The steps of a method, as ``flow_of`` says."""
    reader = _Reader(view)
    try:
        if not reader.method(method, None, view.node):
            reader.add("opaque", view.node, view.definition)
    except RecursionError:
        # Code nested without bounds is code that was not understood.
        reader.add("opaque", view.node, view.definition)
    return reader.flow


class _Reader:
    """Where the reading stands: the loops and branches around, the methods being read."""

    def __init__(self, view: ClassView) -> None:
        self.flow = Flow()
        self.loops: tuple[int, ...] = ()
        self.arms: tuple[tuple[int, int], ...] = ()
        self.tests: tuple[ast.expr, ...] = ()
        self.optional = 0
        self._view = view
        self._stack: list[tuple[str, str]] = []
        # Within code of others, what to point at: the call in the checked class.
        self._pointer: ast.AST | None = None
        self._numbers = 0
        self._methods = 0

    def number(self) -> int:
        self._numbers += 1
        return self._numbers

    def method(self, name: str, behind: ClassDefinition | None, node: ast.AST) -> bool:
        """Write out a method; tell whether anything is known of it."""
        found = self._view.method_behind(behind, name)
        key = (found[0].dotted if found else "upstream", name)
        if key in self._stack or len(self._stack) > _DEEPEST:
            return True
        self._methods += 1
        if self._methods > _MOST_METHODS:
            return False
        self._stack.append(key)
        before = (self._pointer, self.optional, self.tests)
        mine = found is not None and found[0] is self._view.definition
        if not mine and self._pointer is None:
            self._pointer = node
        try:
            if found is None:
                return self._upstream(name, behind)
            owner, function = found
            if mine:
                self._pointer = None
            self.flow.methods.add(key)
            self._note_names(function)
            _Function(self, owner, function).read(function.body)
            return True
        finally:
            self._pointer, self.optional, self.tests = before
            self._stack.pop()

    def _note_names(self, function: Function) -> None:
        self.flow.names |= names_in(function)
        for node in ast.walk(function):
            if isinstance(node, _CONDITIONS):
                self.flow.compared |= names_in(node.test)
            elif isinstance(node, ast.Compare | ast.BoolOp):
                self.flow.compared |= names_in(node)

    def _upstream(self, name: str, behind: ClassDefinition | None) -> bool:
        known = self._view.code.package.classes
        for dotted in self._view.lineage_behind(behind):
            if dotted in known:
                if any(name in assigned_names(node) for node in class_body(known[dotted].node)):
                    # A method that is some other object: run = a_function.
                    return False
                continue
            items = UPSTREAM_FLOWS.get(dotted, {}).get(name)
            if items is not None:
                self._items(items)
                return True
            if not self._view.code.table.knows(dotted):
                # A base that was not read may well have it.
                return False
        return False

    def _items(self, items: Sequence[Item]) -> None:
        for item in items:
            if isinstance(item, tuple):
                before, self.loops = self.loops, (*self.loops, self.number())
                self._items(item)
                self.loops = before
            elif item.startswith("call:"):
                self.method(item.removeprefix("call:"), None, self._pointer or self._view.node)
            else:
                self.add(item, self._pointer or self._view.node, None)

    def add(
        self,
        what: str,
        node: ast.AST,
        owner: ClassDefinition | None,
        amount: int | None = 1,
    ) -> None:
        step = Step(
            what,
            self._pointer or node,
            self.loops,
            self.optional > 0,
            amount,
            owner,
            node if isinstance(node, ast.Call) and owner is not None else None,
            self.arms,
            self.tests,
        )
        self.flow.steps.append(step)

    @contextmanager
    def arm(self, branch: int, arm: int, test: ast.expr | None = None) -> Iterator[None]:
        """Read one arm of a branch."""
        before = (self.arms, self.tests)
        self.arms = (*self.arms, (branch, arm))
        if test is not None:
            self.tests = (*self.tests, test)
        self.optional += 1
        try:
            yield
        finally:
            self.arms, self.tests = before
            self.optional -= 1


class _Function:
    """Reads the body of one function."""

    def __init__(self, reader: _Reader, owner: ClassDefinition, function: Function) -> None:
        self._reader = reader
        self._owner = owner
        self._me = self_name(function)
        self._aliases = {
            target.id: attribute_path(node.value)
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    def read(self, body: Sequence[ast.stmt]) -> None:
        reader = self._reader
        before = reader.arms
        for statement in body:
            if isinstance(statement, ast.If):
                self._if(statement)
            else:
                self._statement(statement)
        reader.arms = before

    def _if(self, node: ast.If) -> None:
        """Read the arms of an ``if``; what follows one that leaves is its other arm."""
        reader = self._reader
        branch = reader.number()
        arm = 0
        leaves = False
        rest: Sequence[ast.stmt] = [node]
        # A chain of elif is as deep as it is long.
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            one = rest[0]
            self._expression(one.test)
            with reader.arm(branch, arm, one.test):
                self.read(one.body)
            leaves = leaves or always_leaves(one.body)
            arm, rest = arm + 1, one.orelse
        if rest:
            with reader.arm(branch, arm, node.test):
                self.read(rest)
        elif leaves and arm == 1:
            # Until the end of the block, where ``read`` puts back what was there before.
            reader.arms = (*reader.arms, (branch, arm))

    def _statement(self, node: ast.stmt) -> None:
        reader = self._reader
        if isinstance(node, _Loop):
            self._loop(node)
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                self._expression(item.context_expr)
            self.read(node.body)
        elif isinstance(node, ast.Match):
            self._expression(node.subject)
            self._arms([case.body for case in node.cases], start=0)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            # Defined here, run who knows when.
            reader.add("opaque", node, self._owner)
        elif isinstance(node, _TRIES):
            self.read(node.body)
            self._arms([handler.body for handler in node.handlers], start=1)
            self.read(node.orelse)
            self.read(node.finalbody)
        elif isinstance(node, ast.AugAssign):
            self._expression(node.value)
            self._advance(node.target, node.op, node.value, node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            if node.value is not None:
                self._expression(node.value)
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    self._assigned(target, node.value, node)
        elif isinstance(node, ast.Return):
            if node.value is not None:
                self._expression(node.value)
            reader.add("return" if node.value is not None else "return_none", node, self._owner)
        elif isinstance(node, ast.Break):
            reader.add("break", node, self._owner)
        else:
            self._expression(node)

    def _arms(self, bodies: Sequence[Sequence[ast.stmt]], start: int) -> None:
        branch = self._reader.number()
        for arm, body in enumerate(bodies, start):
            with self._reader.arm(branch, arm):
                self.read(body)

    def _loop(self, node: _Loop) -> None:
        reader = self._reader
        head = node.test if isinstance(node, ast.While) else node.iter
        self._expression(head)
        before, reader.loops = reader.loops, (*reader.loops, reader.number())
        names = names_in(head)
        names |= {part for name in names for part in self._aliases.get(name, "").split(".")}
        if "stop_training" in names:
            reader.add("stoppable", node, self._owner)
        if "dataloader" in names or "train_dataloader" in names:
            whole = "islice" not in names and "max_iters" not in names
            # range(len(self.dataloader)) is as many batches.
            reader.add("dataloader" if whole else "part", node, self._owner)
        if not isinstance(node, ast.While):
            for one in ast.walk(node.target):
                if isinstance(one, ast.Attribute) and one.attr in _COUNTERS:
                    reader.add(f"loop_variable:{one.attr}", node, self._owner)
        self.read(node.body)
        reader.loops = before
        self.read(node.orelse)

    def _assigned(self, target: ast.expr, value: ast.expr, node: ast.stmt) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            values = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
            if len(values) != len(target.elts):
                values = [value] * len(target.elts)
            for one, its_value in zip(target.elts, values, strict=True):
                self._assigned(one, its_value, node)
            return
        path = self._path(target)
        for counter in _COUNTERS:
            if path != f"self.{counter}":
                continue
            if isinstance(value, ast.BinOp) and self._path(value.left) == path:
                self._advance(target, value.op, value.right, node)
            elif isinstance(value, ast.Constant) and value.value == 0:
                self._reader.add(f"reset:{counter}", node, self._owner)
            else:
                self._reader.add(f"assign:{counter}", node, self._owner)

    def _advance(
        self, target: ast.expr, operator: ast.operator, value: ast.expr, node: ast.stmt
    ) -> None:
        amount = None
        what = "reset" if isinstance(operator, ast.Sub) else "advance"
        if isinstance(operator, ast.Add) and isinstance(value, ast.Constant):
            amount = value.value if isinstance(value.value, int) else None
        path = self._path(target)
        for counter in _COUNTERS:
            if path == f"self.{counter}":
                self._reader.add(f"{what}:{counter}", node, self._owner, amount)

    def _path(self, node: ast.expr) -> str:
        """``self.runner.x``, whatever ``self`` and ``self.runner`` are called here."""
        head, dot, rest = attribute_path(node).partition(".")
        path = f"{self._aliases.get(head, head)}{dot}{rest}"
        first, dot, rest = path.partition(".")
        if first == self._me:
            path = f"self{dot}{rest}"
        return path.replace("self._runner", "self.runner")

    def _expression(self, node: ast.AST) -> None:
        for call in calls_in(node):
            self._call(call)

    def _call(self, call: ast.Call) -> None:
        reader = self._reader
        function = call.func
        if not isinstance(function, ast.Attribute):
            name = function.id if isinstance(function, ast.Name) else ""
            if name not in _ONLY_LOOK and self._hands_over_self(call):
                reader.add("opaque", call, self._owner)
            return
        name, owner = function.attr, function.value
        if call_to(owner, "super") is not None:
            known = reader.method(name, self._owner, call)
        elif is_name(owner, self._me):
            known = reader.method(name, None, call)
        elif call.args and is_name(call.args[0], self._me):
            # Base.run(self)
            known = reader.method(name, self._owner, call)
        else:
            known = not self._hands_over_self(call)
            self._foreign(call, name, self._path(owner))
        if not known:
            reader.add("opaque", call, self._owner)

    def _hands_over_self(self, call: ast.Call) -> bool:
        given = [*call.args, *(one.value for one in call.keywords)]
        return any(is_name(one, self._me) for one in given)

    def _foreign(self, call: ast.Call, name: str, owner: str) -> None:
        reader = self._reader
        if name == "call_hook":
            first = call.args[0] if call.args else keyword(call, "fn_name")
            known = isinstance(first, ast.Constant)
            reader.add(f"hook:{first.value}" if known else "opaque", call, self._owner)  # type: ignore[union-attr]
        elif name in _STEPS:
            reader.add("train_step" if name == "update_params" else name, call, self._owner)
        elif name == "run" and owner.endswith("val_loop"):
            reader.add("validate", call, self._owner)
        elif name == "val" and owner.endswith("runner"):
            reader.add("validate_whole", call, self._owner)
        elif name in ("train", "eval") and not call.keywords:
            reader.add(f"{name}_mode", call, self._owner)
