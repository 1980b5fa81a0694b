"""Writes down the steps and calls of a ``Flow``, with the loops and branches around them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mmscaffold.check.code.flow import Flow
from mmscaffold.check.code.steps import Action, Call, Step
from mmscaffold.project.code import ClassDefinition


class Recorder:
    """Where the reading stands.

    Attributes:
        flow: What was recorded.
        pointer: Within code of others, what to point at: the call in the checked class.
        entry: Below the first method, its call that led there.
    """

    def __init__(self) -> None:
        self.flow = Flow()
        self.pointer: ast.AST | None = None
        self.entry: ast.AST | None = None
        self._loops: tuple[int, ...] = ()
        self._arms: tuple[tuple[int, int], ...] = ()
        self._tests: tuple[ast.expr, ...] = ()
        self._optional = 0
        self._deferred = 0
        self._numbers = 0
        # Blocks of `with` that a method may run, each with where it stands, until it was read.
        self._blocks: list[tuple[Callable[[], None], ast.AST | None, ast.AST | None] | None] = []

    def number(self) -> int:
        """A number for a loop or a branch."""
        self._numbers += 1
        return self._numbers

    @property
    def is_deferred(self) -> bool:
        """Whether the code is of a function or lambda that runs who knows when."""
        return self._deferred > 0

    def add(self, action: Action, node: ast.AST, owner: ClassDefinition | None) -> None:
        """Record a step; of code that runs who knows when, none."""
        if self.is_deferred:
            return
        step = Step(
            action,
            self.pointer or node,
            self._loops,
            self._optional > 0,
            owner,
            node if isinstance(node, ast.Call) and owner is not None else None,
            self._arms,
            self._tests,
        )
        self.flow.steps.append(step)

    def add_call(
        self,
        call: ast.Call,
        name: str,
        path: str,
        hook: str | None = None,
        stored: tuple[str, ...] = (),
    ) -> None:
        """Record a call."""
        self.flow.calls.append(Call(name, path, self.entry or call, hook, stored))

    @contextmanager
    def loop(self) -> Iterator[None]:
        """Read the body of a loop."""
        before, self._loops = self._loops, (*self._loops, self.number())
        try:
            yield
        finally:
            self._loops = before

    @contextmanager
    def arm(self, branch: int, arm: int, test: ast.expr | None = None) -> Iterator[None]:
        """Read one arm of a branch."""
        before = (self._arms, self._tests)
        self._arms = (*self._arms, (branch, arm))
        if test is not None:
            self._tests = (*self._tests, test)
        self._optional += 1
        try:
            yield
        finally:
            self._arms, self._tests = before
            self._optional -= 1

    @contextmanager
    def block(self) -> Iterator[None]:
        """Read a block: what ``enter_rest`` says holds until its end."""
        before = self._arms
        try:
            yield
        finally:
            self._arms = before

    def enter_rest(self, branch: int, arm: int) -> None:
        """What follows in this block is the other arm of a branch that leaves it."""
        self._arms = (*self._arms, (branch, arm))

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """Read code that is defined here and runs who knows when."""
        self._deferred += 1
        try:
            yield
        finally:
            self._deferred -= 1

    @contextmanager
    def within(self, block: Callable[[], None]) -> Iterator[Callable[[], bool]]:
        """Read the call of a context manager, which may read a block where it yields.

        Args:
            block: Reads the block.

        Yields:
            What tells whether the block was read.
        """
        depth = len(self._blocks)
        self._blocks.append((block, self.pointer, self.entry))
        try:
            yield lambda: was_read
        finally:
            was_read = self._blocks[depth] is None
            del self._blocks[depth:]

    def read_block_within(self) -> None:
        """Read the block of the innermost context manager, where this one yields."""
        # A manager may yield within another: the inner one's block holds the outer's yield.
        waiting = [number for number, one in enumerate(self._blocks) if one is not None]
        found = self._blocks[waiting[-1]] if waiting else None
        if found is None:
            return
        block, pointer, entry = found
        self._blocks[waiting[-1]] = None
        before = (self.pointer, self.entry)
        self.pointer, self.entry = pointer, entry
        try:
            block()
        finally:
            self.pointer, self.entry = before

    @contextmanager
    def method(self, call: ast.AST, *, is_first: bool, is_own: bool) -> Iterator[None]:
        """Read a method that a call leads to.

        Args:
            call: The call.
            is_first: Whether the reading begins here.
            is_own: Whether the checked class itself defines it.
        """
        before = (self.pointer, self.entry, self._optional, self._tests)
        self.entry = None if is_first else self.entry or call
        self.pointer = None if is_own else self.pointer or call
        try:
            yield
        finally:
            self.pointer, self.entry, self._optional, self._tests = before
