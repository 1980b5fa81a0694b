"""The names that one config file sets and reads, from its syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from weakref import WeakKeyDictionary

from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.config.text.syntax_nodes import syntax_nodes


class ConfigNames:
    """The names of one classic or pure-Python file.

    Args:
        parsed: The file.
    """

    def __init__(self, parsed: ParsedSource) -> None:
        # What is known of a file must not keep the file alive.
        self._body = parsed.tree.body
        self._text = parsed.text

    @cached_property
    def read(self) -> frozenset[str]:
        """Every name that is read anywhere in the file, changed in place or deleted."""
        return frozenset().union(*self._read_by)

    def reads(self, name: str) -> bool:
        """Whether a name is one of those.

        Args:
            name: One that the file sets at its top level.
        """
        # In ASCII, no name is written in two ways, and lines end as Python counts them.
        if not self._text.isascii() or "\r" in self._text:
            return name in self.read
        # What is written once is only set.
        if self._text.count(name) < 2:
            return False
        lines = [number for number, line in enumerate(self._text.split("\n"), 1) if name in line]
        end = 1
        for statement in self._body:
            # From where the one before ends: decorators stand above, and `;` between two.
            start, end = end, statement.end_lineno or statement.lineno
            if any(start <= line <= end for line in lines) and name in names_read(statement):
                return True
        return False

    @cached_property
    def _read_by(self) -> list[frozenset[str]]:
        return [names_read(statement) for statement in self._body]

    @classmethod
    def of(cls, parsed: ParsedSource) -> ConfigNames:
        """The names of a file, which many rules ask for, and each config that inherits it."""
        found = _known.get(parsed)
        if found is None:
            found = _known[parsed] = cls(parsed)
        return found

    def dead_assignments(self) -> Iterator[tuple[ast.Assign, ast.Name, ast.Assign]]:
        """Assignments at the top level whose value is replaced before anything reads it.

        Yields:
            The first assignment, its name, and the one that replaces it.
        """
        pending: dict[str, tuple[ast.Assign, ast.Name]] = {}
        for statement, read in zip(self._body, self._read_by, strict=True):
            for name in read & pending.keys():
                del pending[name]
            if not isinstance(statement, ast.Assign):
                # What a loop or a condition sets may not have been set.
                for name in names_set(statement):
                    pending.pop(name, None)
                continue
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    if target.id in pending:
                        yield *pending[target.id], statement
                    pending[target.id] = (statement, target)


_known: WeakKeyDictionary[ParsedSource, ConfigNames] = WeakKeyDictionary()


def is_read(config: ResolvedConfig, key: str) -> bool:
    """Whether a key is a variable: the file that sets it reads it, or a file takes it of a base.

    Args:
        config: A config.
        key: A key of its top level.
    """
    files = (config.origin(key).parsed, config.parsed)
    return any(
        not isinstance(file, ParsedSource)
        or key in ConfigNames.of(file).read
        or f"_base_.{key}" in file.source.text
        for file in files
    )


def names_read(node: ast.AST) -> frozenset[str]:
    """The names that are read, deleted or changed in place somewhere below a node."""
    found = set()
    for inner in syntax_nodes(node):
        if isinstance(inner, ast.Name):
            if type(inner.ctx) is not ast.Store:
                found.add(inner.id)
        elif isinstance(inner, ast.AugAssign) and isinstance(inner.target, ast.Name):
            found.add(inner.target.id)
    return frozenset(found)


def names_set(node: ast.AST) -> frozenset[str]:
    """The names that are set somewhere below a node."""
    return frozenset(
        inner.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    )
