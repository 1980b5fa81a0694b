"""What a method does when it runs: its steps and calls, in the order of the text.

That is the order in which they happen but for branches: enough to say what is missing, what
comes twice and what comes too early.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mmscaffold.check.code.steps import TRAIN_STEP, Action, Call, Step, UnreadCode


@dataclass
class Flow:
    """What a method does, with all that it calls of its own class.

    Attributes:
        steps: Its actions, in the order of the text.
        calls: Every call, in the order of the text, inner ones first. Those in functions and
            lambdas that are defined on the way are among them, which may run at any time.
        methods: The methods that were read: the class that defines each, and its name.
        names: Every name and attribute in the code that was read.
        compared: Those of them that a condition looks at.
    """

    steps: list[Step] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    methods: set[tuple[str, str]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    compared: set[str] = field(default_factory=set)
    _found: dict[tuple[Action | type[Action], ...], tuple[int, list[Step]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _by_loop: dict[int, list[Step]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _in_loops: int = field(default=0, init=False, repr=False, compare=False)

    def all(self, *kinds: Action | type[Action]) -> list[Step]:
        """The steps of some kinds."""
        # Rules ask for the same kinds once for each loop; a method may have thousands.
        number, found = self._found.get(kinds, (0, []))
        if number < len(self.steps):
            found = [*found, *(step for step in self.steps[number:] if step.is_a(*kinds))]
            self._found[kinds] = (len(self.steps), found)
        return list(found)

    def first(self, kind: Action | type[Action]) -> Step | None:
        """The first step of a kind."""
        return next(iter(self.all(kind)), None)

    def has(self, *kinds: Action | type[Action]) -> bool:
        """Whether there is a step of one of these kinds."""
        return bool(self.all(*kinds))

    def position(self, step: Step) -> int:
        """Where a step stands."""
        return next(index for index, one in enumerate(self.steps) if one is step)

    @property
    def trains(self) -> bool:
        """Whether it takes steps of training: a search loop does not."""
        return self.has(TRAIN_STEP)

    @property
    def is_opaque(self) -> bool:
        """Whether code runs that was not read and that could do anything."""
        return self.has(UnreadCode)

    def loops_around(self, kind: Action) -> tuple[int, ...]:
        """The loops around the first step of a kind."""
        step = self.first(kind)
        return step.loops if step is not None else ()

    def in_loop(self, loop: int) -> Iterator[Step]:
        """The steps within a loop, at any depth."""
        for step in self.steps[self._in_loops :]:
            for one in step.loops:
                self._by_loop.setdefault(one, []).append(step)
        self._in_loops = len(self.steps)
        return iter(self._by_loop.get(loop, ()))
