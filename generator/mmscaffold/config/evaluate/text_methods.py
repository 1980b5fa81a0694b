"""The methods of strings that a config may call, each within the budget."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.containers import CfgList, CfgTuple
from mmscaffold.config.evaluate.values import NotEvaluatedError


def _bounded(name: str) -> Callable[[Any, Args], Any]:
    function = getattr(str, name)

    def call(target: Any, args: Args) -> Any:
        # The longest that any of these can make is width, or pieces times separator.
        pieces = args.positional[0] if args.positional else ()
        if isinstance(pieces, int):
            args.budget.charge_text(max(pieces, 0))
        elif isinstance(pieces, list | tuple):
            args.budget.charge_elements(len(pieces))
            args.budget.charge_text(
                sum(len(piece) + len(target) for piece in pieces if isinstance(piece, str))
            )
        if name == "replace":
            args.budget.charge_text((len(target) + 1) * (len(args.positional[1]) + 1))
        result = function(target, *args.positional, **args.keywords)
        if isinstance(result, list):
            args.budget.charge_elements(len(result))
            return CfgList(result)
        return CfgTuple.make(result) if isinstance(result, tuple) else result

    return call


def _format(target: str, args: Args) -> str:
    for _, field, spec, _ in string.Formatter().parse(target):
        if field and ("." in field or "__" in field):
            raise NotEvaluatedError(f"format field {field!r} reaches into an object")
        args.budget.charge_format(spec or "")
    values = [*args.positional, *args.keywords.values()]
    for value in values:
        args.budget.charge_expanded(value)
    return target.format(*args.positional, **args.keywords)


_NAMES = (
    "capitalize",
    "center",
    "count",
    "endswith",
    "find",
    "index",
    "isdigit",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "upper",
    "zfill",
)

TEXT_METHODS: dict[str, Callable[[Any, Args], Any]] = {
    **{name: _bounded(name) for name in _NAMES},
    "format": _format,
}
