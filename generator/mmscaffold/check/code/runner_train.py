"""What a Runner's own ``train()`` does, and in which order."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from mmscaffold.check.code.classes import ClassView, Code
from mmscaffold.check.code.flow_reader import flow_of
from mmscaffold.check.code.steps import Call
from mmscaffold.check.code.syntax import Function, assigned_value
from mmscaffold.facts.base_classes import RUNNER

BUILD_LOOP = "build_train_loop"


@dataclass(frozen=True)
class OwnTrain:
    """A ``train()`` that does not leave the work to mmengine's.

    Attributes:
        view: The Runner.
        function: The method.
        calls: Its calls, with those of the methods that it calls.
    """

    view: ClassView
    function: Function
    calls: list[Call]

    def find(self, *names: str) -> int | None:
        """Where the first call of some name, or of a hook's name, stands."""
        return next(
            (
                index
                for index, call in enumerate(self.calls)
                if call.hook in names or (call.name in names and _is_own(call))
            ),
            None,
        )

    @property
    def run(self) -> int | None:
        """Where the train loop runs."""
        return next(
            (
                index
                for index, call in enumerate(self.calls)
                if call.path in ("self.train_loop.run", "self._train_loop.run")
            ),
            None,
        )

    @property
    def keeps_loop(self) -> bool:
        """Whether any method of the class sets ``self._train_loop``, to more than ``None``."""
        return any(
            not (isinstance(value := assigned_value(node, "_train_loop"), ast.Constant))
            or value.value is not None
            for _, _, node in self.view.assigned.get("_train_loop", ())
        )

    @property
    def reads_property(self) -> bool:
        """Whether it reads ``self.train_loop``, which builds the loop and keeps it."""
        return any(
            isinstance(node, ast.Attribute) and node.attr == "train_loop"
            for node in ast.walk(self.function)
        )

    @property
    def is_opaque(self) -> bool:
        """Whether it hands itself, or the work, to code that was not read."""
        known = self.view.code.table.methods(RUNNER)
        for call in self.calls:
            if call.path == f"self.{call.name}" and call.name not in known:
                if self.view.method(call.name) is None:
                    return True
            elif isinstance(call.node, ast.Call) and any(
                isinstance(one, ast.Name) and one.id == "self" for one in call.node.args
            ):
                return True
        return not self.view.is_understood


def own_trains(code: Code) -> Iterator[OwnTrain]:
    """Every ``train()`` of a checked Runner that does not call mmengine's."""
    for view in code.of_kind(RUNNER):
        function = view.own_methods.get("train")
        if function is None:
            continue
        calls = flow_of(view, "train").calls
        if not any(call.path == "super.train" for call in calls):
            yield OwnTrain(view, function, calls)


def _is_own(call: Call) -> bool:
    """Whether a call is one of a method of the Runner or of its optimizer wrapper."""
    return call.path in (
        f"self.{call.name}",
        f"super.{call.name}",
        f"self.optim_wrapper.{call.name}",
    )
