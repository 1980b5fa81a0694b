"""The methods of strings that a config may call, each within the budget."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.budget import Budget
from mmscaffold.config.evaluate.containers import CfgList, CfgTuple
from mmscaffold.config.evaluate.iterators import CfgIterator
from mmscaffold.config.evaluate.values import NotEvaluatedError

_FROM_THE_RIGHT = frozenset({"rfind", "rpartition", "rsplit"})
_COMPARED_PER_STEP = 1024  # characters


def _bounded(name: str) -> Callable[[Any, Args], Any]:
    function = getattr(str, name)

    def call(target: Any, args: Args) -> Any:
        budget = args.budget
        budget.charge_text(len(target))
        first = args.positional[0] if args.positional else ()
        if isinstance(first, int):
            # A width: of ljust, zfill and the like.
            budget.charge_text(max(first, 0))
        if name in _FROM_THE_RIGHT and isinstance(first, str):
            # Python compares at every place, there.
            budget.charge_steps(len(target) * len(first) // _COMPARED_PER_STEP)
        if name == "replace":
            old, new = args.positional[:2]
            budget.charge_text((target.count(old) + 1) * (len(new) + 1))
        elif name in {"rsplit", "split", "splitlines"}:
            budget.charge_elements(len(target) // 2)
        elif name == "join":
            args.positional[0] = _pieces(target, first, budget)
        result = function(target, *args.positional, **args.keywords)
        if isinstance(result, list):
            return CfgList(result)
        return CfgTuple.make(result) if isinstance(result, tuple) else result

    return call


def _pieces(separator: str, pieces: Any, budget: Budget) -> Any:
    """What is joined, once it is paid for; an iterator is read for it."""
    if not hasattr(pieces, "__iter__"):
        return pieces
    if not hasattr(pieces, "__len__"):
        pieces = list(pieces)
    budget.charge_elements(len(pieces))
    budget.charge_text(len(separator) * len(pieces))
    budget.charge_text(sum(len(piece) for piece in pieces if isinstance(piece, str)))
    return pieces


class _BoundedFormatter(string.Formatter):
    """``str.format``, each field of which is paid for before it is made.

    By then the fields in its spec are filled in: ``{0:{1}}`` has its width.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        if "." in field_name or "__" in field_name:
            raise NotEvaluatedError(f"format field {field_name!r} reaches into an object")
        return super().get_field(field_name, args, kwargs)

    def convert_field(self, value: Any, conversion: Any) -> Any:
        if isinstance(value, CfgIterator):
            raise NotEvaluatedError("the text of an iterator is not known")
        self._budget.charge_expanded(value)
        return super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        self._budget.charge_format(format_spec)
        self._budget.charge_expanded(value)
        return format(value, format_spec)


def _format(target: str, args: Args) -> str:
    args.budget.charge_text(len(target))
    return _BoundedFormatter(args.budget).vformat(target, args.positional, args.keywords)


_NAMES = (
    "capitalize",
    "casefold",
    "center",
    "count",
    "endswith",
    "find",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isspace",
    "isupper",
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
