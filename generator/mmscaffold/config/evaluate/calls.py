"""The builtins that a config may call: those that real configs use, and no more.

Everything here is pure Python data work. A callable that is missing from these tables
makes an ``Unknown``; nothing else is ever called.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.asking import (
    get_attribute,
    has_attribute,
    is_callable,
    is_instance,
    type_of,
)
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgSet, CfgTuple
from mmscaffold.config.evaluate.iterators import UNORDERED, CfgIterator, View, is_unordered
from mmscaffold.config.evaluate.operators import BINARY
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.evaluate.values import FunctionValue, NotEvaluatedError


def make_dict(args: Args) -> CfgDict:
    """``dict(...)``."""
    if not args.positional:
        return CfgDict.make(args.keywords, args.origins)
    result = CfgDict()
    update_shallow(result, args)
    return result


def update_shallow(target: CfgDict, args: Args) -> None:
    """``dict.update(...)``: whole values replace each other."""
    for argument in args.positional:
        target.update(argument)
    for key, value in args.keywords.items():
        target.put(key, value, args.origins.get(key))


def _elements(args: Args) -> tuple[list[Any], list[Origin | None] | None]:
    if not args.positional:
        return [], []
    (iterable,) = args.positional
    if isinstance(iterable, View):
        # Pairs are made for it, with the origins of both.
        args.budget.charge_elements(3 * len(iterable))
    if hasattr(iterable, "__len__"):
        args.budget.charge_elements(len(iterable))
    if is_unordered(iterable):
        raise NotEvaluatedError(UNORDERED)
    origins = list(iterable.origins) if isinstance(iterable, CfgList | CfgTuple) else None
    return list(iterable), origins


def _make_list(args: Args) -> CfgList:
    return CfgList(*_elements(args))


def _make_tuple(args: Args) -> CfgTuple:
    return CfgTuple.make(*_elements(args))


def _round(args: Args) -> Any:
    number, digits = (*args.positional, args.keywords.get("ndigits"))[:2]
    if isinstance(number, int) and isinstance(digits, int) and digits < 0:
        # Python computes 10 to that power; four bits hold a digit.
        args.budget.charge_integer(-digits * 4)
    return round(*args.positional, **args.keywords)


def _make_range(args: Args) -> range:
    result = range(*args.positional)
    try:
        length = len(result)
    except OverflowError:
        length = 2**62
    # A range is lazy, but whatever reads it costs a step per number.
    if length > 10_000:
        args.budget.charge_elements(length)
    return result


def plain(function: Callable[..., Any]) -> Callable[[Args], Any]:
    """A function that is called as it is, once its arguments are paid for."""

    def call(args: Args) -> Any:
        for value in args.positional:
            if isinstance(value, list | tuple | dict | set | range):
                args.budget.charge_elements(len(value))
        return function(*args.positional, **args.keywords)

    return call


def _sorted(args: Args) -> CfgList:
    return CfgList(_keyed(sorted)(args))


def _make_set(args: Args) -> CfgSet:
    return CfgSet(plain(set)(args))


def _keyed(function: Callable[..., Any]) -> Callable[[Args], Any]:
    """A function with ``key=``, which may be a function of the config."""
    call = plain(function)

    def apply(args: Args) -> Any:
        key = args.keywords.get("key")
        if isinstance(key, FunctionValue):
            raise NotEvaluatedError("a function is passed as an argument that is not called here")
        if key is None and any(args.find_unknown(value) for value in args.positional):
            raise NotEvaluatedError("it orders what is not known")
        return call(args)

    return apply


def _iterator(function: Callable[..., Iterable[Any]]) -> Callable[[Args], CfgIterator]:
    """Read as Python's own: once, without a length or an index."""
    call = plain(function)

    def make(args: Args) -> CfgIterator:
        if any(is_unordered(value) for value in args.positional):
            raise NotEvaluatedError(UNORDERED)
        return CfgIterator(
            (CfgTuple.make(item) if type(item) is tuple else item for item in call(args)),
            tuple(args.positional),
        )

    return make


def text_of(function: Callable[..., Any]) -> Callable[[Args], Any]:
    """The same for one that reads or makes text."""

    def call(args: Args) -> Any:
        for value in args.positional:
            if isinstance(value, str):
                args.budget.charge_text(len(value))
            elif isinstance(value, list | tuple | dict):
                args.budget.charge_elements(len(value))
        result = function(*args.positional, **args.keywords)
        if isinstance(result, int):
            args.budget.charge_integer(result.bit_length())
        return result

    return call


def _make_text(args: Args) -> str:
    for value in args.positional:
        if isinstance(value, CfgIterator):
            raise NotEvaluatedError("the text of an iterator is not known")
        args.budget.charge_expanded(value)
    return str(*args.positional, **args.keywords)


def _represent(args: Args) -> str:
    for value in args.positional:
        if isinstance(value, CfgIterator):
            raise NotEvaluatedError("the text of an iterator is not known")
        args.budget.charge_expanded(value)
    return repr(*args.positional)


def _sum(args: Args) -> Any:
    values, start = (*args.positional, args.keywords.get("start", 0))[:2]
    total = start
    for value in values:
        args.budget.charge_steps(1)
        total = BINARY[ast.Add](total, value, args.budget)
    return total


def _power(args: Args) -> Any:
    if len(args.positional) != 2 or args.keywords:
        raise NotEvaluatedError("pow is evaluated for two numbers")
    base, exponent = args.positional
    return BINARY[ast.Pow](base, exponent, args.budget)


def _format(args: Args) -> str:
    value, spec = (*args.positional, "")[:2]
    if isinstance(value, CfgIterator):
        raise NotEvaluatedError("the text of an iterator is not known")
    args.budget.charge_expanded(value)
    if isinstance(spec, str):
        args.budget.charge_format(spec)
    return format(*args.positional)


def from_keys(args: Args) -> CfgDict:
    """``dict.fromkeys(...)``: the same value under each key."""
    keys, value = (*args.positional, None)[:2]
    if is_unordered(keys):
        raise NotEvaluatedError(UNORDERED)
    if args.keywords or len(args.positional) > 2:
        raise TypeError("fromkeys() takes one or two positional arguments")
    made = CfgDict()
    for key in keys:
        args.budget.charge_elements(1)
        args.budget.charge_key(key)
        made.put(key, value, args.origins.get(1))
    return made


def _divmod(args: Args) -> CfgTuple:
    left, right = args.positional
    if isinstance(left, int) and isinstance(right, int):
        args.budget.charge_product(left, right)
    return CfgTuple.make(divmod(left, right))


FUNCTIONS: dict[str, Callable[[Args], Any]] = {
    "abs": plain(abs),
    "bin": plain(bin),
    "chr": plain(chr),
    "all": plain(all),
    "any": plain(any),
    "bool": plain(bool),
    "dict": make_dict,
    "dict.fromkeys": from_keys,
    "divmod": _divmod,
    "callable": is_callable,
    "enumerate": _iterator(enumerate),
    "float": plain(float),
    "format": _format,
    "frozenset": plain(frozenset),
    "getattr": get_attribute,
    "hasattr": has_attribute,
    "int": text_of(int),
    "isinstance": is_instance,
    "len": plain(len),
    "list": _make_list,
    "hex": plain(hex),
    "max": _keyed(max),
    "min": _keyed(min),
    "oct": plain(oct),
    "ord": plain(ord),
    "pow": _power,
    "range": _make_range,
    "repr": _represent,
    "reversed": _iterator(reversed),
    "round": _round,
    "set": _make_set,
    "sorted": _sorted,
    "str": _make_text,
    "sum": _sum,
    "tuple": _make_tuple,
    "type": type_of,
    "zip": _iterator(zip),
}

READ_LATER = frozenset({"filter", "map"})
"""Builtins that call a function when what they yield is read."""

AS_STATEMENTS = frozenset({"delattr", "setattr"})
"""Builtins that do what an assignment or ``del`` does."""

# These do not look into what they are given.
SHALLOW = frozenset(
    """
    bool callable enumerate getattr hasattr isinstance len list max min reversed
    sorted tuple type zip copy.copy copy.deepcopy
    """.split()  # noqa: SIM905
)
