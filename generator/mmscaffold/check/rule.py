"""What a rule is: what it looks for, the page that explains it, the examples that prove it."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.lazy import lazy_pattern

# A file, or several by name, of which the first is checked.
Code = str | Mapping[str, str]
# What ``page`` has besides its first paragraphs, in this order.
HEADINGS = (
    "Why it matters",
    "Symptoms",
    "Before -> after",
    "Fix safety",
    "Source in mmengine",
)
# What a rule looks at; the engine itself sees to the last kind.
CONFIG, CODE, ENGINE = "config", "code", "engine"
IGNORE_MARK = b"mmscaffold: ignore"
"""What a file has in it, if it has comments that suppress findings."""
_KINDS = {"config_rules": CONFIG, "code_rules": CODE}
_FILES = {CONFIG: "config.py", CODE: "module.py", ENGINE: "config.py"}
_HEADING = lazy_pattern(r"^## (.+)$", re.MULTILINE)


class Spot(NamedTuple):
    """Where a finding stands in an example; all numbers count from 1, columns in characters.

    Attributes:
        line: The line on which the expression begins.
        column: Its first column.
        end_column: The column right after its last character.
        end_line: The line on which it ends; by default the one on which it begins.
        file: The file, where it is not the first of the example.
    """

    line: int
    column: int
    end_column: int
    end_line: int | None = None
    file: str = ""

    def __str__(self) -> str:
        return f"{self.file}{':' if self.file else ''}{self.line}:{self.column}"


class ExampleFinding(NamedTuple):
    """One finding in an example: its place, and its message with file names as in the example."""

    at: Spot
    message: str


class Valid(NamedTuple):
    """An example in which a rule must find nothing.

    Attributes:
        code: The file; or several by name, of which the first is checked. Indented as it stands
            in the rule's module: what all lines have in common is taken away.
        because: Why there is nothing to find, where that needs explaining.
    """

    code: Code
    because: str = ""


class Invalid(NamedTuple):
    """An example in which a rule must find something: there, that, and nothing else.

    Attributes:
        code: As that of ``Valid``.
        at: Where it is found.
        message: What is said, word for word.
        also: What else is found, in the order of places.
        fixed: What ``--fix`` makes of the first file, or of all that it changes, by name. Without
            it, the rule must not offer a fix.
        after: What a person would write instead, where ``--fix`` does nothing: the files that
            differ, by name, or the first one. The rule must find nothing in it.
        because: Why that is found, where it takes a word.
    """

    code: Code
    at: Spot
    message: str
    also: Sequence[ExampleFinding] = ()
    fixed: Code | None = None
    after: Code | None = None
    because: str = ""

    @property
    def found(self) -> list[ExampleFinding]:
        """All that must be found."""
        return [ExampleFinding(self.at, self.message), *self.also]


def files(code: Code, name: str) -> dict[str, str]:
    """The files of an example by name, as they are written to disk.

    Args:
        code: One file, or several by name.
        name: What one file alone is called.
    """
    named = {name: code} if isinstance(code, str) else code
    return {name: dedented(text) for name, text in named.items()}


def dedented(text: str) -> str:
    """The text of a file, as it was meant when it was written into a rule's module."""
    # Only tests and pages look at examples, and its six patterns take a hundredth of the start.
    import textwrap

    text = textwrap.dedent(text).strip("\n")
    return f"{text}\n" if text else ""


@dataclass(frozen=True)
class Rule:
    """One rule; the docstring of its module is its page.

    Attributes:
        id: Such as ``MMS101``.
        severity: Of all its findings.
        check: Yields its findings in a ``ConfigView`` or in ``Code``.
        valid: Examples in which it must find nothing.
        invalid: Examples in which it must find something.
        since: The first version of mmscaffold that has it.
    """

    id: str
    severity: Severity
    check: Callable[[Any], Iterator[Diagnostic]]
    valid: Sequence[Valid]
    invalid: Sequence[Invalid]
    since: str = "0.1.0"

    @cached_property
    def name(self) -> str:
        """What it finds, in a few words joined by hyphens: the name of its module."""
        return self.check.__module__.rpartition(".")[2].replace("_", "-")

    @cached_property
    def kind(self) -> str:
        """``config``, ``code`` or ``engine``: what it looks at."""
        return _KINDS.get(self.check.__module__.split(".")[-2], ENGINE)

    @cached_property
    def page(self) -> str:
        """What it finds, why that matters and how to fix it, as its module says it."""
        return inspect.getdoc(sys.modules[self.check.__module__]) or ""

    @cached_property
    def sections(self) -> dict[str, str]:
        """The page by heading; what comes before the first is "What it finds"."""
        parts = _HEADING.split(f"## What it finds\n{self.page}")[1:]
        return {parts[i].strip(): parts[i + 1].strip() for i in range(0, len(parts), 2)}

    @cached_property
    def summary(self) -> str:
        """The first sentence of the page, on one line, without its full stop."""
        return " ".join(self.page.partition("\n\n")[0].split()).rstrip(".")

    @cached_property
    def fixable(self) -> bool:
        """Whether ``--fix`` fixes some of its findings: an example shows it."""
        return any(example.fixed is not None for example in self.invalid)

    def files(self, code: Code) -> dict[str, str]:
        """The files of one of its examples, by name; the first is checked."""
        return files(code, _FILES[self.kind])

    def changed_files(self, example: Invalid) -> dict[str, str]:
        """What ``fixed``, or else ``after``, of an example says, by name."""
        changed = example.after if example.fixed is None else example.fixed
        return files(changed or {}, next(iter(self.files(example.code))))
