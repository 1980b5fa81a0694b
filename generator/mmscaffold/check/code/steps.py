"""What a method does, as small objects: the actions that rules ask about.

An action says what happens; a ``Step`` adds where it stands in the code. Actions of one kind
are equal if they concern the same thing, so that ``flow.first(HookCall("before_train"))``
finds a step, and ``flow.all(Validation)`` finds those of a whole kind.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from mmscaffold.project.code import ClassDefinition


@dataclass(frozen=True)
class Action:
    """One thing that code does."""


@dataclass(frozen=True)
class HookCall(Action):
    """A call of a hook point: ``runner.call_hook("before_train")``.

    Attributes:
        point: The hook point, ``before_train``.
    """

    point: str


@dataclass(frozen=True)
class CounterAction(Action):
    """Something that happens to a counter of the loop.

    Attributes:
        counter: ``_epoch`` or ``_iter``.
    """

    counter: str


@dataclass(frozen=True)
class Advance(CounterAction):
    """A counter goes up.

    Attributes:
        amount: By how much; ``None`` if the code does not tell. Not compared.
    """

    amount: int | None = field(default=1, compare=False)


@dataclass(frozen=True)
class Reset(CounterAction):
    """A counter is set to 0, or goes down."""


@dataclass(frozen=True)
class Assignment(CounterAction):
    """A counter gets some other value.

    Attributes:
        value: What the code assigns. Not compared.
    """

    value: ast.expr | None = field(default=None, compare=False)


@dataclass(frozen=True)
class LoopVariable(CounterAction):
    """A counter is the variable of a ``for``."""


@dataclass(frozen=True)
class ModelStep(Action):
    """One step of the model.

    Attributes:
        mode: ``train`` (``train_step``, ``update_params``), ``val`` or ``test``.
    """

    mode: str


@dataclass(frozen=True)
class ModeChange(Action):
    """The model is put into a mode.

    Attributes:
        training: Whether by ``model.train()``; otherwise by ``model.eval()``.
    """

    training: bool


@dataclass(frozen=True)
class Validation(Action):
    """A validation runs.

    Attributes:
        whole_run: Whether by ``runner.val()``, which is a run with all its hooks, rather
            than by ``runner.val_loop.run()``.
    """

    whole_run: bool = False


@dataclass(frozen=True)
class StopCheck(Action):
    """The loop around it reads ``stop_training``."""


@dataclass(frozen=True)
class DataPass(Action):
    """The loop around it goes through the dataloader.

    Attributes:
        whole: Whether through all of it.
    """

    whole: bool = True


@dataclass(frozen=True)
class Break(Action):
    """The loop around it ends."""


@dataclass(frozen=True)
class Return(Action):
    """The method ends.

    Attributes:
        has_value: Whether it returns something.
    """

    has_value: bool = True


@dataclass(frozen=True)
class UnreadCode(Action):
    """Code runs that was not read, and that could do anything."""


TRAIN_STEP = ModelStep("train")


@dataclass(frozen=True)
class Step:
    """One action, and where it stands.

    Attributes:
        action: What happens.
        node: Where the checked class says so; where it calls what does so, for code of others.
        loops: The loops around it, outermost first.
        optional: Whether it stands below an ``if`` or ``try``.
        owner: The class whose code says so; ``None`` for mmengine's.
        call: The call itself, where it is one and its code was read.
        arms: The branches that it stands in: number of the ``if``, number of its arm.
        tests: The conditions around it, in the method that says so.
    """

    action: Action
    node: ast.AST
    loops: tuple[int, ...] = ()
    optional: bool = False
    owner: ClassDefinition | None = None
    call: ast.Call | None = None
    arms: tuple[tuple[int, int], ...] = ()
    tests: tuple[ast.expr, ...] = ()

    @property
    def amount(self) -> int | None:
        """How much a counter advances, where that is known."""
        return self.action.amount if isinstance(self.action, Advance) else None

    def is_a(self, *kinds: Action | type[Action]) -> bool:
        """Whether its action is one of some actions, or of some kinds of them."""
        return any(
            isinstance(self.action, kind) if isinstance(kind, type) else self.action == kind
            for kind in kinds
        )

    def excludes(self, other: Step) -> bool:
        """Whether only one of two steps can happen: they are in other arms of one ``if``."""
        arms = dict(self.arms)
        return any(arms.get(number, arm) != arm for number, arm in other.arms)


@dataclass(frozen=True)
class Call:
    """One call, whatever it does.

    Attributes:
        name: The last name: ``run`` of ``self.train_loop.run()``.
        path: All of it: ``self.train_loop.run``; ``super.train`` for a ``super().train()``
            whose code was not read.
        node: The call; below other methods, the call in the first method that led there.
        hook: The hook point that ``call_hook`` calls.
        stored: Where its value goes: ``self._train_loop``.
    """

    name: str
    path: str
    node: ast.AST
    hook: str | None = None
    stored: tuple[str, ...] = ()
