"""Which files a classic config names in ``_base_``."""

from __future__ import annotations

import ast
import os
from pathlib import Path

from mmscaffold.config.budget import Budget
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.expressions import Expressions
from mmscaffold.config.source import ParsedSource
from mmscaffold.config.values import CfgDict, Unknown


def base_assignment(tree: ast.Module) -> ast.Assign | None:
    """The statement that sets ``_base_``: the first one counts, as in mmengine."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]
            if isinstance(target, ast.Name) and target.id == "_base_":
                return statement
    return None


def base_paths(parsed: ParsedSource) -> list[tuple[Path, ast.expr]]:
    """The absolute paths of a config's bases, each with the expression that names it.

    Raises:
        ConfigError: If ``_base_`` is no string or list of strings.
    """
    statement = base_assignment(parsed.tree)
    if statement is None:
        return []
    # mmengine evaluates the expression by itself: the config's own names do not exist yet.
    evaluator = Expressions(parsed, CfgDict(), Budget())
    try:
        value = evaluator.evaluate(statement.value)
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        NameError,
        TypeError,
        ValueError,
    ) as error:
        raise ConfigError(
            f"_base_ cannot be evaluated: {error}",
            where=parsed.where(statement.value),
            hint="mmengine evaluates _base_ before anything else of the file.",
        ) from None
    names = list(value) if isinstance(value, list | tuple) else [value]
    slots = getattr(value, "slots", None) or [None] * len(names)
    result = []
    for name, slot in zip(names, slots, strict=True):
        node = slot.node if slot else statement.value
        if isinstance(name, Unknown) or not isinstance(name, str):
            raise ConfigError("_base_ must be a path or a list of paths", where=parsed.where(node))
        if "::" in name:
            raise ConfigError(
                f"the base {name!r} lies in another package, which is not read yet",
                where=parsed.where(node),
                hint="Copy that config beside this one and name its path.",
            )
        joined = os.path.join(parsed.path.parent, name)  # noqa: PTH118
        result.append((Path(os.path.abspath(joined)), node))  # noqa: PTH100
    return result
