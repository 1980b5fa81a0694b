"""Names of a package that are looked up when they are asked for (PEP 562)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


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
