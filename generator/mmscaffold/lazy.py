"""What is made when it is asked for: names of a package (PEP 562), and patterns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, AnyStr, cast


def lazy_names(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package, most of whose users need few of its modules.

    Args:
        package: Its ``__name__``.
        homes: For each name, the module of the package that has it; with ``module:name`` where it
            has another name there, and with a dotted name from the top for a module of another
            package.

    Returns:
        What Python calls for a name that the package does not have yet; it raises
        AttributeError for all but these.
    """

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        home, _, attribute = homes[name].partition(":")
        top = package.partition(".")[0]
        module = home if home.startswith(f"{top}.") else f"{package}.{home}"
        return getattr(import_module(module), attribute or name)

    return find


class LazyPattern:
    """A pattern that is compiled when its first method is asked for."""

    def __init__(self, text: Any, flags: int) -> None:
        self._given = text, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._given), name)
        # From now on it is found without us: calling it takes no longer than that of a pattern.
        setattr(self, name, found)
        return found


def lazy_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` returns, compiled when it is first used: most runs use few of them.

    Args:
        text: The pattern.
        flags: As those of ``re.compile``.

    Returns:
        What has the methods and attributes of the pattern; ``re.sub`` and its like, which want
        the pattern itself, do not take it.
    """
    return cast("re.Pattern[AnyStr]", LazyPattern(text, flags))
