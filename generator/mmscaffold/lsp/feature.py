"""What a feature is: one method of the protocol, and the function that answers it.

A feature is one short module in ``lsp/features/``; being in the folder registers it. It has

    FEATURE = Feature(types.TEXT_DOCUMENT_HOVER, hover)

where ``hover(session, params)`` gets the ``Session``, through which it asks everything, and the
parameters as ``lsprotocol.types`` has them, and returns the result as it has it, or ``None``. It
runs in the one thread that owns the session, never at the same time as another feature; it must
not start threads, write files, or keep anything of the session's beyond its return. What it
raises as a ``MmscaffoldError`` is an empty answer: half-written files are the rule in an editor.

Several modules may answer one method whose result is a list; their lists are joined.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mmscaffold.lsp.session import Session

_FOLDER = "mmscaffold.lsp.features"


@dataclass(frozen=True)
class Feature:
    """One method of the protocol, answered.

    Attributes:
        method: Such as ``textDocument/hover``; for one of our own, ``mmscaffold/...``.
        answer: Gives the result for parameters.
        options: What the server announces of it, as ``lsprotocol.types`` has it.
    """

    method: str
    answer: Callable[[Session, Any], Any]
    options: Any = None


@dataclass(frozen=True)
class Command:
    """One command that the editor may call by name, answered by a workspace edit or a value.

    Attributes:
        name: Such as ``mmscaffold.changeLength``.
        run: Gives the result for its arguments, which are JSON as the editor sent it.
    """

    name: str
    run: Callable[[Session, list[Any]], Any]


@cache
def all_features() -> tuple[Feature, ...]:
    """Every feature, in the order of their modules."""
    found = []
    for module in _modules():
        one = getattr(module, "FEATURE", None)
        found += [one] if isinstance(one, Feature) else []
    return tuple(found)


@cache
def all_commands() -> tuple[Command, ...]:
    """Every command, which modules list as ``COMMANDS``, in the order of their modules."""
    return tuple(one for module in _modules() for one in getattr(module, "COMMANDS", ()))


@cache
def _modules() -> tuple[Any, ...]:
    folder = importlib.import_module(_FOLDER)
    names = sorted(info.name for info in pkgutil.iter_modules(folder.__path__))
    return tuple(importlib.import_module(f"{_FOLDER}.{name}") for name in names)
