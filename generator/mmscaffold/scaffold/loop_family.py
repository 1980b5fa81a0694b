"""Which loop of mmengine a class is, so that its test can run it under the Runner."""

from __future__ import annotations

import ast

from mmscaffold.facts.loops import EVALUATION_LOOPS, TRAIN_LOOPS
from mmscaffold.scaffold.ancestry import Ancestry

_FAMILIES = (*TRAIN_LOOPS, *EVALUATION_LOOPS.values())
# What the Runner passes, and what the test of a loop writes into its config.
_GIVEN = frozenset({"self", "runner", "dataloader", "evaluator", "max_epochs", "max_iters"})


def loop_family(ancestry: Ancestry, base: str) -> str | None:
    """The loop of mmengine that a class derives from, if it can be built like that one.

    Args:
        ancestry: What the project's classes derive from.
        base: The class, by a dotted name.

    Returns:
        ``EpochBasedTrainLoop``, ``IterBasedTrainLoop``, ``ValLoop`` or ``TestLoop``; ``None``
        for any other class, and for one whose constructor wants more arguments.
    """
    code = ancestry.code
    for one in ancestry.of(base):
        if one in code.classes and not _needs_no_more(code.classes[one].node):
            return None
        name = one.rpartition(".")[2]
        if one.startswith("mmengine.") and name in _FAMILIES:
            return name
        if one not in code.classes and not one.startswith("mmengine."):
            return None
    return None


def _needs_no_more(node: ast.ClassDef) -> bool:
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and method.name == "__init__":
            taken = method.args
            positional = [*taken.posonlyargs, *taken.args]
            required = positional[: len(positional) - len(taken.defaults)]
            required += [
                one
                for one, default in zip(taken.kwonlyargs, taken.kw_defaults, strict=True)
                if default is None
            ]
            return {one.arg for one in required} <= _GIVEN
    return True
