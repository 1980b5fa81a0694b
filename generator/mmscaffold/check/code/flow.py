"""What a loop does when it runs, as a list of steps: methods and ``super()`` written out.

The steps are in the order of the text, which is the order in which they happen but for
branches. That is enough to say what is missing, what comes twice and what comes too early.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from mmscaffold.check.code.classes import ClassView
from mmscaffold.project.code import ClassDefinition


@dataclass(frozen=True)
class Step:
    """One thing that a loop does.

    Attributes:
        what: ``hook:before_train``, ``advance:_epoch``, ``reset:_iter`` (to 0, or by ``-=``),
            ``train_step``,
            ``validate``, ``train_mode``, ``eval_mode``, ``stoppable`` (the loop around it
            reads ``stop_training``), ``dataloader`` (the loop around it goes through the
            dataloader), ``part`` (through a part of it), ``loop_variable:_epoch``,
            ``break``, ``return``, or ``opaque`` (foreign code runs).
        node: Where the checked code says so; where it calls what does so, for code of others.
        loops: The loops around it, outermost first.
        optional: Whether it stands below an ``if`` or ``try``.
        amount: How much a counter advances, where that is known.
        owner: The class whose code says so; ``None`` for mmengine's.
        call: The call itself, where it is one and its code was read.
        arms: The branches that it stands in: number of the ``if``, number of its arm.
        tests: The conditions around it, in the method that says so.
    """

    what: str
    node: ast.AST
    loops: tuple[int, ...] = ()
    optional: bool = False
    amount: int | None = 1
    owner: ClassDefinition | None = None
    call: ast.Call | None = None
    arms: tuple[tuple[int, int], ...] = ()
    tests: tuple[ast.expr, ...] = ()

    def excludes(self, other: Step) -> bool:
        """Whether only one of two steps can happen: they are in other arms of one ``if``."""
        arms = dict(self.arms)
        return any(arms.get(number, arm) != arm for number, arm in other.arms)


@dataclass
class Flow:
    """The steps of a loop.

    Attributes:
        steps: In the order of the text.
        methods: The methods that were read: the class that defines each, and its name.
        names: Every name and attribute in the code that was read.
        compared: Those of them that a condition looks at.
    """

    steps: list[Step] = field(default_factory=list)
    methods: set[tuple[str, str]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    compared: set[str] = field(default_factory=set)

    def all(self, *what: str) -> list[Step]:
        """The steps of some kinds."""
        return [step for step in self.steps if step.what in what]

    def first(self, what: str) -> Step | None:
        """The first step of a kind."""
        return next((step for step in self.steps if step.what == what), None)

    def has(self, *what: str) -> bool:
        """Whether there is a step of one of these kinds."""
        return any(step.what in what for step in self.steps)

    def position(self, step: Step) -> int:
        """Where a step stands."""
        return next(index for index, one in enumerate(self.steps) if one is step)

    @property
    def trains(self) -> bool:
        """Whether it takes steps of training: a search loop does not."""
        return self.has("train_step")

    @property
    def is_opaque(self) -> bool:
        """Whether code runs that was not read and that could do anything."""
        return self.has("opaque")

    def loops_around(self, what: str) -> tuple[int, ...]:
        """The loops around the first step of a kind."""
        step = self.first(what)
        return step.loops if step is not None else ()

    def in_loop(self, loop: int) -> Iterator[Step]:
        """The steps within a loop, at any depth."""
        return (step for step in self.steps if loop in step.loops)


def flow_of(view: ClassView, method: str = "run") -> Flow:
    """The steps of a method of a loop, with all that it calls of its own class.

    Args:
        view: The class.
        method: Where to begin.
    """
    # Reading methods is a module of its own, which needs what is defined here.
    from mmscaffold.check.code.flow_reader import read_flow

    known = view.code.flows
    key = (view.definition.dotted, method)
    if key not in known:
        known[key] = read_flow(view, method)
    found: Flow = known[key]
    return found
