"""What a Runner's own ``train()`` does, and in which order."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from mmscaffold.check.code.classes import RUNNER, ClassView, Code, Function
from mmscaffold.check.code.runner_code import CallStep, calls_in_order

BUILD_LOOP = "build_train_loop"


@dataclass(frozen=True)
class OwnTrain:
    """A ``train()`` that does not leave the work to mmengine's.

    Attributes:
        view: The Runner.
        function: The method.
        steps: Its calls, with those of the methods that it calls.
    """

    view: ClassView
    function: Function
    steps: list[CallStep]

    def find(self, *names: str) -> int | None:
        """Where the first step of some name, or of a hook's name, stands."""
        return next(
            (
                index
                for index, step in enumerate(self.steps)
                if step.hook in names or (step.name in names and _is_own(step))
            ),
            None,
        )

    @property
    def run(self) -> int | None:
        """Where the train loop runs."""
        return next(
            (
                index
                for index, step in enumerate(self.steps)
                if step.path in ("self.train_loop.run", "self._train_loop.run")
            ),
            None,
        )

    @property
    def keeps_loop(self) -> bool:
        """Whether ``self._train_loop`` is set by any method of the class."""
        return "_train_loop" in self.view.assigned

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
        for step in self.steps:
            if step.path == f"self.{step.name}" and step.name not in known:
                if self.view.method(step.name) is None:
                    return True
            elif isinstance(step.node, ast.Call) and any(
                isinstance(one, ast.Name) and one.id == "self" for one in step.node.args
            ):
                return True
        return not self.view.is_understood


def own_trains(code: Code) -> Iterator[OwnTrain]:
    """Every ``train()`` of a checked Runner that does not call mmengine's."""
    for view in code.of_kind(RUNNER):
        function = view.own_methods.get("train")
        if function is None:
            continue
        steps = calls_in_order(view, "train")
        if not any(step.path == "super.train" for step in steps):
            yield OwnTrain(view, function, steps)


def _is_own(step: CallStep) -> bool:
    """Whether a step is a method of the Runner or of its optimizer wrapper."""
    return step.path in (
        f"self.{step.name}",
        f"super.{step.name}",
        f"self.optim_wrapper.{step.name}",
    )
