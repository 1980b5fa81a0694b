"""Reads the body of one method into steps and calls."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from enum import Enum

from mmscaffold.check.code.aliases import possible_aliases, written_out
from mmscaffold.check.code.recorder import Recorder
from mmscaffold.check.code.steps import (
    Action,
    Advance,
    Assignment,
    Break,
    DataPass,
    HookCall,
    LoopVariable,
    ModeChange,
    ModelStep,
    Reset,
    Return,
    StopCheck,
    UnreadCode,
    Validation,
)
from mmscaffold.check.code.syntax import (
    Function,
    always_leaves,
    as_attribute,
    attribute_path,
    call_to,
    calls_in,
    is_marked,
    is_name,
    keyword,
    names_in,
    self_name,
)
from mmscaffold.facts.runner import COUNTERS, STEP_METHODS
from mmscaffold.project.code import ClassDefinition

_MODEL_STEPS = {name: ModelStep(mode) for name, mode in STEP_METHODS.items()}
# Functions that look at an object and do nothing to it.
_ONLY_LOOK = {"getattr", "hasattr", "isinstance", "len", "print", "repr", "str", "super", "type"}
# try, and from Python 3.11 on try with except*.
_TRIES: tuple[type[ast.Try], ...] = (ast.Try, getattr(ast, "TryStar", ast.Try))
_Loop = ast.For | ast.While | ast.AsyncFor


class Knowledge(Enum):
    """What is known of a method that is called."""

    READ = "its code was read"
    IN_TABLE = "it is mmengine's, whose steps are in a table"
    NOT = "nothing"


Expand = Callable[[str, ClassDefinition | None, ast.AST], Knowledge]


class MethodReader:
    """Reads one method.

    Args:
        recorder: Where steps and calls go.
        expand: Writes out a method that is called on ``self``, or, if a class is given,
            on its ``super()``.
        owner: The class that defines the method.
        function: The method.
        methods: The names of the methods of its class.
    """

    def __init__(
        self,
        recorder: Recorder,
        expand: Expand,
        owner: ClassDefinition,
        function: Function,
        methods: frozenset[str] = frozenset(),
    ) -> None:
        self._recorder = recorder
        self._expand = expand
        self._owner = owner
        self._function = function
        self._methods = methods
        self._me = self_name(function)
        self._is_manager = is_marked(function, "contextmanager")
        self._aliases = possible_aliases(function)
        self._stored = {
            id(node.value): tuple(attribute_path(one) for one in node.targets)
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
        }

    def read(self) -> None:
        """Record what it does."""
        self._block(self._function.body)

    def _add(self, action: Action, node: ast.AST) -> None:
        self._recorder.add(action, node, self._owner)

    # Statements

    def _block(self, body: Sequence[ast.stmt]) -> None:
        with self._recorder.block():
            for statement in body:
                self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.If):
            self._if(node)
        elif isinstance(node, _Loop):
            self._loop(node)
        elif isinstance(node, ast.With | ast.AsyncWith):
            self._with(node.items, node.body)
        elif isinstance(node, ast.Match):
            self._expression(node.subject)
            self._arms([case.body for case in node.cases], start=0)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self._add(UnreadCode(), node)
            with self._recorder.deferred():
                self._expression(node)
        elif isinstance(node, _TRIES):
            self._block(node.body)
            self._arms([handler.body for handler in node.handlers], start=1)
            self._block(node.orelse)
            self._block(node.finalbody)
        elif isinstance(node, ast.AugAssign):
            self._expression(node.value)
            self._change(node.target, node.op, node.value, node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            if node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                is_alias = isinstance(as_attribute(node.value), ast.Attribute) and all(
                    isinstance(one, ast.Name) for one in targets
                )
                self._expression(node.value, is_alias=is_alias)
                for target in targets:
                    self._assigned(target, node.value, node)
        elif isinstance(node, ast.Return):
            if node.value is not None:
                self._expression(node.value)
            self._add(Return(node.value is not None), node)
        elif isinstance(node, ast.Break):
            self._add(Break(), node)
        elif isinstance(getattr(node, "value", None), ast.Yield) and self._is_manager:
            self._recorder.read_block_within()
        else:
            self._expression(node)

    def _with(self, items: Sequence[ast.withitem], body: Sequence[ast.stmt]) -> None:
        """Read a block within what its managers do before and after it."""
        if not items:
            self._block(body)
            return
        first, *rest = items
        call = first.context_expr
        function = call.func if isinstance(call, ast.Call) else None
        if isinstance(function, ast.Attribute) and is_name(function.value, self._me):
            # A method that is a generator runs the block where it yields.
            with self._recorder.within(lambda: self._with(rest, body)) as is_read:
                self._expression(call)
            if is_read():
                return
        else:
            self._expression(call)
        self._with(rest, body)

    def _if(self, node: ast.If) -> None:
        """Read the arms of an ``if``; what follows one that leaves is its other arm."""
        recorder = self._recorder
        branch = recorder.number()
        arm = 0
        leaves = False
        rest: Sequence[ast.stmt] = [node]
        # A chain of elif is as deep as it is long.
        while len(rest) == 1 and isinstance(rest[0], ast.If):
            one = rest[0]
            self._expression(one.test)
            with recorder.arm(branch, arm, one.test):
                self._block(one.body)
            leaves = leaves or always_leaves(one.body)
            arm, rest = arm + 1, one.orelse
        if rest:
            with recorder.arm(branch, arm, node.test):
                self._block(rest)
        elif leaves and arm == 1:
            recorder.enter_rest(branch, arm)

    def _arms(self, bodies: Sequence[Sequence[ast.stmt]], start: int) -> None:
        branch = self._recorder.number()
        for arm, body in enumerate(bodies, start):
            with self._recorder.arm(branch, arm):
                self._block(body)

    def _loop(self, node: _Loop) -> None:
        head = node.test if isinstance(node, ast.While) else node.iter
        self._expression(head)
        with self._recorder.loop():
            for action in self._head(node, head):
                self._add(action, node)
            self._block(node.body)
        self._block(node.orelse)

    def _head(self, node: _Loop, head: ast.expr) -> list[Action]:
        """What the head of a loop says of it."""
        found: list[Action] = []
        names = names_in(head)
        names |= {part for name in names for part in self._aliases.get(name, "").split(".")}
        if "stop_training" in names:
            found.append(StopCheck())
        if "dataloader" in names or "train_dataloader" in names:
            # range(len(self.dataloader)) is as many batches.
            found.append(DataPass(whole="islice" not in names and "max_iters" not in names))
        if not isinstance(node, ast.While):
            found += [
                LoopVariable(one.attr)
                for one in ast.walk(node.target)
                if isinstance(one, ast.Attribute) and one.attr in COUNTERS
            ]
        return found

    # Counters

    def _assigned(self, target: ast.expr, value: ast.expr, node: ast.stmt) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            values = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
            if len(values) != len(target.elts):
                values = [value] * len(target.elts)
            for one, its_value in zip(target.elts, values, strict=True):
                self._assigned(one, its_value, node)
            return
        counter = self._counter(target)
        if counter is None:
            return
        if isinstance(value, ast.BinOp) and self._counter(value.left) == counter:
            self._change(target, value.op, value.right, node)
        elif isinstance(value, ast.Constant) and value.value == 0:
            self._add(Reset(counter), node)
        else:
            self._add(Assignment(counter, value), node)

    def _change(
        self, target: ast.expr, operator: ast.operator, value: ast.expr, node: ast.stmt
    ) -> None:
        counter = self._counter(target)
        if counter is None:
            return
        amount = None
        if isinstance(operator, ast.Add) and isinstance(value, ast.Constant):
            amount = value.value if isinstance(value.value, int) else None
        goes_down = isinstance(operator, ast.Sub)
        self._add(Reset(counter) if goes_down else Advance(counter, amount), node)

    def _counter(self, node: ast.expr) -> str | None:
        return next((one for one in COUNTERS if self._path(node) == f"self.{one}"), None)

    def _path(self, node: ast.expr) -> str:
        """``self.runner.x``, whatever ``self`` and ``self.runner`` are called here."""
        path = written_out(node, self._aliases)
        first, dot, rest = path.partition(".")
        if first == self._me:
            path = f"self{dot}{rest}"
        return path.replace("self._runner", "self.runner")

    # Calls

    def _expression(self, node: ast.AST, *, is_alias: bool = False) -> None:
        called: set[ast.AST] = set()
        for call, is_deferred in calls_in(node):
            if is_deferred:
                with self._recorder.deferred():
                    self._call(call)
            else:
                called.add(call.func)
                self._call(call)
        if not is_alias and self._keeps_a_method(node, called):
            self._add(UnreadCode(), node)

    def _keeps_a_method(self, node: ast.AST, called: set[ast.AST]) -> bool:
        """Whether an expression has a method as a value, or in a lambda, for others to call."""
        return any(one not in called and self._is_method(one) for one in ast.walk(node))

    def _call(self, call: ast.Call) -> None:
        recorder = self._recorder
        function = as_attribute(call.func)
        stored = self._stored.get(id(call), ())
        if not isinstance(function, ast.Attribute):
            name = function.id if isinstance(function, ast.Name) else ""
            if name in self._aliases:
                self._alias(call, self._path(function), stored)
                return
            is_unread = name not in _ONLY_LOOK and self._hands_over_self(call)
            if is_unread or self._chooses_a_method(function):
                self._add(UnreadCode(), call)
            if name not in ("", "super"):
                recorder.add_call(call, name, name, None, stored)
            return
        name, owner = function.attr, function.value
        if self._is_of_base(call, owner):
            known = self._expand(name, self._owner, call)
            if known is not Knowledge.READ:
                recorder.add_call(call, name, f"super.{name}")
        else:
            if is_name(owner, self._me):
                known = self._expand(name, None, call)
            else:
                known = Knowledge.NOT if self._hands_over_self(call) else Knowledge.IN_TABLE
                self._foreign(call, name, self._path(owner))
            recorder.add_call(call, name, self._path(function), _hook_point(call, name), stored)
        if known is Knowledge.NOT:
            self._add(UnreadCode(), call)

    def _alias(self, call: ast.Call, path: str, stored: tuple[str, ...]) -> None:
        """Read the call of a local name for a method: ``hook = self.runner.call_hook``."""
        owner, _, name = path.rpartition(".")
        if owner == "self":
            known = self._expand(name, None, call)
        else:
            is_unread = owner.startswith("?") and name in self._methods
            known = (
                Knowledge.NOT if is_unread or self._hands_over_self(call) else Knowledge.IN_TABLE
            )
            self._foreign(call, name, owner)
        self._recorder.add_call(call, name, path, _hook_point(call, name), stored)
        if known is Knowledge.NOT:
            self._add(UnreadCode(), call)

    def _chooses_a_method(self, function: ast.expr) -> bool:
        """Whether what is called is looked up: ``self.steps[mode]``, ``getattr(self, name)``."""
        if isinstance(function, ast.Subscript):
            return attribute_path(function.value).partition(".")[0] == self._me
        found = call_to(function, "getattr")
        return bool(found and found.args and self._path(found.args[0]).startswith("self"))

    def _is_of_base(self, call: ast.Call, owner: ast.expr) -> bool:
        """Whether a call is ``super().x(...)`` or ``Base.x(self, ...)``."""
        if call_to(owner, "super") is not None:
            return True
        head = attribute_path(owner).partition(".")[0]
        return bool(call.args) and is_name(call.args[0], self._me) and head not in (self._me, "?")

    def _hands_over_self(self, call: ast.Call) -> bool:
        given = [*call.args, *(one.value for one in call.keywords)]
        return any(is_name(one, self._me) or self._is_method(one) for one in given)

    def _is_method(self, node: ast.AST) -> bool:
        """Whether it is a method as a value, which someone else may call: ``self._end``."""
        if not isinstance(node, ast.Attribute):
            return False
        is_own = is_name(node.value, self._me) and node.attr in self._methods
        return is_own or node.attr == "call_hook" or node.attr in _MODEL_STEPS

    def _foreign(self, call: ast.Call, name: str, owner: str) -> None:
        """Record what a call of another object does, of what rules ask about."""
        if name == "call_hook":
            point = _hook_point(call, name)
            self._add(UnreadCode() if point is None else HookCall(point), call)
        elif name in _MODEL_STEPS:
            self._add(_MODEL_STEPS[name], call)
        elif name == "run" and owner.endswith("val_loop"):
            self._add(Validation(), call)
        elif name == "val" and owner.endswith("runner"):
            self._add(Validation(whole_run=True), call)
        elif name in ("train", "eval") and not call.keywords:
            self._add(ModeChange(training=name == "train"), call)


def _hook_point(call: ast.Call, name: str) -> str | None:
    """The hook point that a ``call_hook`` names."""
    first = call.args[0] if call.args else keyword(call, "fn_name")
    is_known = name == "call_hook" and isinstance(first, ast.Constant)
    return str(first.value) if is_known else None  # type: ignore[union-attr]
