"""What the rules over loops share: faults that a class has of its own, and where to point."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from mmscaffold.check.code.classes import ClassView, own_function
from mmscaffold.check.code.flow import Flow
from mmscaffold.check.code.flow_reader import flow_of
from mmscaffold.check.code.steps import TRAIN_STEP, Advance, Assignment, DataPass, Step
from mmscaffold.check.code.syntax import Function, attribute_path, call_to, calls_super, names_in
from mmscaffold.check.diagnostic import Diagnostic
from mmscaffold.facts.runner import COUNTED, COUNTERS
from mmscaffold.project.code import ClassDefinition

RESUME_HINT = (
    " Loop while it is below its maximum, not over range(...): a resumed run starts at the "
    "counter that Runner.resume assigns, not at 0."
)
"""What to add to advice on a counter where a loop does not look at it."""

# Of what `max_epochs * len(self.dataloader)` is made, as people write it.
_WHOLE_PASSES = {"self", "_max_iters", "max_epochs", "_max_epochs", "len", "dataloader", "int"}


@dataclass(frozen=True)
class Fault:
    """A fault of a class.

    Attributes:
        key: What is wrong; a class does not get the blame for a fault of its base.
        node: Where.
        message: As in a diagnostic.
        hint: As in a diagnostic.
    """

    key: str
    node: ast.AST
    message: str
    hint: str


def own_faults(
    views: Iterable[ClassView], find: Callable[[ClassView], Iterator[Fault]]
) -> Iterator[Diagnostic]:
    """The faults of classes, less those that they inherit from others that are checked.

    Args:
        views: The classes.
        find: Yields the faults of a class, inherited or not.
    """
    for view in views:
        found = list(find(view))
        if not found:
            continue
        bases = [
            view.code.view(definition)
            for definition in view.own_lineage[1:]
            if definition.module.path in view.code.checked
        ]
        inherited = {fault.key for base in bases for fault in find(base)}
        for fault in found:
            if fault.key not in inherited:
                yield view.found(fault.node, fault.message, fault.hint)


def training_flow(view: ClassView) -> Flow | None:
    """What a train loop does; ``None`` if it is not a train loop, or takes no training steps."""
    if not view.is_train_loop:
        return None
    flow = flow_of(view)
    return flow if flow.trains else None


def node_of(view: ClassView, *methods: str) -> ast.AST:
    """The first of some methods that the class itself defines, or the class."""
    own = view.own_methods
    return next((own[name] for name in methods if name in own), view.node)


def train_step_loops(flow: Flow) -> tuple[int, ...]:
    """The loops around the first step of training."""
    return flow.loops_around(TRAIN_STEP)


def own_functions(view: ClassView, flow: Flow) -> Iterator[Function]:
    """The methods that the class itself defines and that a flow runs."""
    for function in view.own_methods.values():
        if (view.definition.dotted, function.name) in flow.methods:
            yield function


def starts_over(view: ClassView, flow: Flow) -> bool:
    """Whether a loop over epochs or batches begins at 0 each time, wherever a resumed run is.

    Such as ``for epoch in range(self.max_epochs)``: a counter that advances within it does not
    shorten it.
    """
    known = view.code.package.classes
    outer = len({step.loops[0] for step in flow.all(TRAIN_STEP) if step.loops})
    ranges = [
        node
        for dotted, name in flow.methods
        if dotted in known and (function := own_function(known[dotted], name)) is not None
        for node in ast.walk(function)
        if isinstance(node, ast.For) and call_to(node.iter, "range") is not None
    ]
    counted = {"max_epochs", "_max_epochs", "max_iters", "_max_iters"}
    return bool(outer) and any(
        names_in(node.iter) & counted and not names_in(node.iter) & {*COUNTERS, *COUNTED}
        for node in ranges
    )


def epoch_taken_from_iterations(flow: Flow) -> Step | None:
    """Where ``_epoch`` is what ``_iter`` makes, once that has counted the batch.

    With the last batch of an epoch, ``self._iter // len(self.dataloader)`` is the next one.
    """
    batches = train_step_loops(flow)
    counted = flow.first(Advance("_iter"))
    for step in flow.all(Assignment("_epoch")):
        action = step.action
        value = action.value if isinstance(action, Assignment) else None
        if (
            counted is None
            or step.loops != batches
            or flow.position(step) < flow.position(counted)
        ):
            continue
        if value is not None and any(_is_passes(node) for node in ast.walk(value)):
            return step
    return None


def _is_passes(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div | ast.FloorDiv)
        and attribute_path(node.left).rpartition(".")[2] in {"_iter", "iter"}
        and "dataloader" in names_in(node.right)
    )


def repeats(flow: Flow) -> bool:
    """Whether it goes through its data again and again: a loop of one shot has no more to ask."""
    passes = {step.loops[-1] for step in flow.all(DataPass)}
    return any(loop not in passes for loop in train_step_loops(flow))


def sets_its_own_length(view: ClassView) -> bool:
    """Whether it sets ``_max_iters`` to something other than whole passes."""
    return any(
        not names_in(node) <= _WHOLE_PASSES or _computes_otherwise(node)
        for _, _, node in view.assigned.get("_max_iters", ())
    )


def _computes_otherwise(node: ast.AST) -> bool:
    """Whether an assignment does more than multiply: ``len(self.dataloader) // 2``."""
    return any(
        (isinstance(one, ast.BinOp | ast.AugAssign) and not isinstance(one.op, ast.Mult))
        or (isinstance(one, ast.Constant) and isinstance(one.value, int))
        for one in ast.walk(node)
    )


def hook_is_repeated(step: Step, other: Step) -> bool:
    """Whether two steps of one kind happen in the same round of the same loop."""
    return step.loops == other.loops and not step.excludes(other)


def upstream_constructor(view: ClassView) -> str | None:
    """The class of mmengine or mmdet whose ``__init__`` runs when a loop is built.

    Follows ``super().__init__``, ``super(X, self).__init__`` and ``X.__init__(self)``
    through the code that was read. ``None`` if none runs.
    """
    known = view.code.package.classes
    lineage = view.lineage
    index = 0
    while index < len(lineage):
        dotted = lineage[index]
        index += 1
        if dotted not in known:
            if view.code.table.defines(dotted, "__init__"):
                return dotted
            continue
        init = own_function(known[dotted], "__init__")
        if init is None:
            continue
        call = calls_super(init, "__init__")
        if call is None:
            return None
        index = max(index, _next_class(view, known[dotted], call, index))
    return None


def _next_class(view: ClassView, here: ClassDefinition, call: ast.Call, default: int) -> int:
    """Where in the lineage a call of another ``__init__`` begins to look for it."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    is_super = isinstance(owner, ast.Call)
    if is_super and not owner.args:  # type: ignore[attr-defined]
        return default
    named = here.module.dotted(owner.args[0] if is_super else owner)  # type: ignore[attr-defined]
    dotted = view.code.table.canonical(view.code.package.canonical(named or ""))
    if dotted not in view.lineage:
        return default
    # super(X, self) looks behind X, X.__init__(self) at X.
    return view.lineage.index(dotted) + is_super
