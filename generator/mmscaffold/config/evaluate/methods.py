"""Methods of a config's own containers and strings."""

from __future__ import annotations

import ast
from typing import Any

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.container_methods import METHODS
from mmscaffold.config.evaluate.containers import BaseDict, CfgDict, CfgList
from mmscaffold.config.evaluate.evaluation import Evaluation
from mmscaffold.config.evaluate.forgetting import forget, forget_content
from mmscaffold.config.evaluate.functions import as_key
from mmscaffold.config.evaluate.iterators import CfgIterator, View
from mmscaffold.config.evaluate.values import BaseVariable, NotEvaluatedError, Unknown

_CHANGING = frozenset(
    """
    add append clear difference_update discard extend insert intersection_update merge pop
    popitem remove reverse setdefault sort symmetric_difference_update update
    """.split()  # noqa: SIM905
)


def call_method(run: Evaluation, node: ast.Call, receiver: Any, name: str, args: Args) -> Any:
    """Call a method; if its outcome is not known, forget what it may have changed."""
    unknown = args.unknown or _hindrance(run, receiver, name, args)
    values = [*args.positional, *args.keywords.values()]
    if unknown is None:
        function = args.keywords.get("key")
        as_key(run, args)
        try:
            value = METHODS[type(receiver)][name](receiver, args)
        except NotEvaluatedError as error:
            unknown = run.unknown(node, str(error))
            if function is not None:
                args.keywords["key"] = function
        else:
            run.made_unknown |= isinstance(value, Unknown)
            # No config may keep a view.
            run.made_foreign |= isinstance(value, View)
            return value
    used: list[Any] = [value for value in values if isinstance(value, CfgIterator)]
    if name in _CHANGING:
        if isinstance(receiver, BaseDict):
            # mmengine's dicts are updated all the way down.
            used.append(receiver)
        else:
            forget_content(run, receiver, unknown, *values)
    if "key" in args.keywords:
        used += [receiver, args.keywords["key"]]
    forget(run, used, unknown)
    return run.derived(unknown, receiver, *values)


def _hindrance(run: Evaluation, receiver: Any, name: str, args: Args) -> Unknown | None:
    """What a method would have to know of its arguments, but cannot."""
    positional = args.positional
    if isinstance(receiver, CfgDict):
        if name in ("get", "pop", "setdefault"):
            return run.find_unknown(positional[0]) if positional else None
        if name in ("update", "merge"):
            for value in positional:
                found = run.find_unknown(value)
                if isinstance(value, Unknown | BaseVariable) or (
                    found and not isinstance(value, CfgDict)
                ):
                    return found
        return None
    if isinstance(receiver, CfgList):
        if name in ("append", "clear", "copy", "reverse"):
            return None
        if name in ("extend", "pop"):
            return _first_unknown(run, positional)
        if name == "insert":
            return _first_unknown(run, positional[:1])
        if name == "sort":
            return run.find_unknown(receiver)
    else:
        for value in args.keywords.values():
            found = run.find_unknown(value)
            if found:
                return found
    found = run.find_unknown(receiver)
    for value in positional:
        found = found or run.find_unknown(value)
    return found


def _first_unknown(run: Evaluation, values: list[Any]) -> Unknown | None:
    unknown = (value for value in values if isinstance(value, Unknown | BaseVariable))
    return run.find_unknown(next(unknown, None))
