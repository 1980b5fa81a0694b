"""What a feature is: one method of the protocol, and the function that answers it.

A feature is one short module in ``lsp/features/``; being in the folder registers it. It has

    FEATURE = Feature(types.TEXT_DOCUMENT_HOVER, hover)

where ``hover(session, params)`` gets the ``Session``, through which it asks everything, and the
parameters as ``lsprotocol.types`` has them, and returns the result as it has it, or ``None``. It
runs in the one thread that owns the session, never at the same time as another feature; it must
not start threads, write files, or keep anything of the session's beyond its return. What it
raises as a ``MmscaffoldError`` is an empty answer: half-written files are the rule in an editor.

What takes seconds is returned as ``Later(function)``: the function then runs in another thread,
and must not touch the session.

Several modules may answer one method whose result is a list; their lists are joined.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from lsprotocol import types

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
class Later:
    """An answer that takes seconds, and needs nothing of the session any more.

    Attributes:
        function: Gives it.
    """

    function: Callable[[], Any]


@dataclass(frozen=True)
class Choice:
    """One answer to a question.

    Attributes:
        title: What the user sees.
        argument: The argument with which the command is then called again.
    """

    title: str
    argument: dict[str, Any]


@dataclass(frozen=True)
class Question:
    """What a command must be told first; editors that can ask better do so before they call it.

    Attributes:
        text: The question.
        choices: The answers.
    """

    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Outcome:
    """What a command leads to.

    Attributes:
        result: What the editor gets as the command's result.
        edit: An edit that the editor is asked to make, with a preview where it has one.
        label: What undoing the edit is called.
        message: What is shown to the user.
        show: A page that is opened outside the editor, where the editor cannot show the result.
        question: What must be asked before anything can be done.
    """

    result: Any = None
    edit: types.WorkspaceEdit | None = None
    label: str | None = None
    message: str | None = None
    show: str | None = None
    question: Question | None = None


@dataclass(frozen=True)
class Command:
    """One command that the editor may call by name.

    Attributes:
        name: Such as ``mmscaffold.changeLength``.
        run: Gives an ``Outcome``, or ``Later`` one, for its arguments: JSON as the editor sent it.
    """

    name: str
    run: Callable[[Session, list[Any]], Outcome | Later]


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
