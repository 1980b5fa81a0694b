"""Functions of the standard library that only compute on their arguments."""

from __future__ import annotations

import math
import posixpath
from collections.abc import Callable
from typing import Any

from mmscaffold.config.evaluate.arguments import Args
from mmscaffold.config.evaluate.calls import plain, text_of
from mmscaffold.config.evaluate.copies import deep_copy, shallow_copy
from mmscaffold.config.evaluate.values import BUILTIN, FunctionValue


def _deepcopy(args: Args) -> Any:
    args.budget.charge_copied(args.positional[0])
    return deep_copy(args.positional[0], {})


def _copy(args: Args) -> Any:
    return shallow_copy(args.positional[0])


_MATH = (
    *("ceil", "cos", "degrees", "exp", "fabs", "floor", "isfinite", "isinf", "isnan", "log"),
    *("log10", "log1p", "log2", "radians", "sin", "sqrt", "tan", "trunc"),
)

LIBRARY: dict[str, Callable[[Args], Any]] = {
    "copy.copy": _copy,
    "copy.deepcopy": _deepcopy,
    "os.path.basename": text_of(posixpath.basename),
    "os.path.dirname": text_of(posixpath.dirname),
    "os.path.join": text_of(posixpath.join),
    "os.path.splitext": text_of(posixpath.splitext),
    **{f"math.{name}": plain(getattr(math, name)) for name in _MATH},
}

CONSTANTS: dict[str, float] = {
    f"math.{name}": getattr(math, name) for name in ("e", "inf", "nan", "pi", "tau")
}
"""Values of the standard library that are the same everywhere."""


def library_function(full: str) -> FunctionValue:
    """One of ``LIBRARY``; like ``len``, those of ``math`` are written in C, and kept."""
    return FunctionValue(full, BUILTIN if full.startswith("math.") else "a library function")
