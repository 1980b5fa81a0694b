"""Write one file until it resolves to its goal, over its bases as they are planned."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmscaffold.config.change import MISSING, first_difference
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.containers import CfgDict, origin_of
from mmscaffold.config.key_path import format_key_path
from mmscaffold.config.resolve.bases import base_file, base_names
from mmscaffold.config.resolve.merge import merge
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.text.source import ParsedSource, Source
from mmscaffold.facts.runner import KNOWN_KEYS
from mmscaffold.upgrade.bases import Twin, without_scope
from mmscaffold.upgrade.forms.file_text import READ, FileText, Needed
from mmscaffold.upgrade.forms.imports import bound_names, telling_import, without_idle_imports
from mmscaffold.upgrade.forms.old_text import OldText
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.trees.own_part import own_part
from mmscaffold.upgrade.trees.seen_values import SeenValues
from mmscaffold.upgrade.trees.variables import variables_after

_ATTEMPTS = 6
_NOTHING: Mapping[str, Mapping[str, Any]] = {"randomness": {"seed": None}, "env_cfg": {}}
"""What says nothing where the Runner takes a dict apart, and fails over ``None``."""


@dataclass(frozen=True)
class Written:
    """A file as it is planned.

    Attributes:
        raw: Its new bytes.
        notes: What there is to tell of the way in which it was written.
    """

    raw: bytes
    notes: tuple[Note, ...]


class FileUpgrader:
    """Writes files; what comes out as planned is laid over the old ones.

    Args:
        after: Resolves the files as they are planned so far.
        seen: What is known of values that files share.
    """

    def __init__(self, after: Resolver, seen: SeenValues | None = None) -> None:
        self._after = after
        self._seen = seen or SeenValues()
        # Only official bases bring a _scope_ along, to their heirs as well.
        self._has_twins = False

    def write(
        self,
        config: ResolvedConfig,
        goal: CfgDict,
        notes: tuple[Note, ...] = (),
        twins: Mapping[Path, Twin] | None = None,
        inherited: CfgDict | None = None,
    ) -> Written:
        """The bytes with which a file resolves to its goal.

        Values are copied as far as that goes. A key that does not come out as planned is written
        as a literal, and at last at the end of the file.

        Args:
            config: The file as it is.
            goal: What it must resolve to.
            notes: What is written into it as comments.
            twins: What takes the place of some of its bases.
            inherited: What its old bases alone would have to resolve to. If it is given, only
                what differs from that is written, and the twins decide on the rest.

        Raises:
            ConfigError: If no form of writing it comes out so.
        """
        twins = twins or {}
        below = self.joined_bases(config, twins)
        old = OldText(config)
        runner = CfgDict()
        for key, value in goal.items():
            if key in READ:
                runner.put(key, value, origin_of(goal, key))
        if inherited is None:
            # A child cannot take a key of its bases back; to the Runner, None is mostly no key.
            for key in below:
                if key in KNOWN_KEYS and key not in runner:
                    nothing = CfgDict(_NOTHING[key]) if key in _NOTHING else None
                    runner.put(key, nothing, None)
        if inherited is not None:
            # What no twin has anything about would be lost.
            known = [key for key in inherited if key in below or key not in KNOWN_KEYS]
            inherited = CfgDict({key: inherited[key] for key in known})
        values = own_part(runner, below if inherited is None else inherited, old, self._seen)
        if inherited is not None:
            over = CfgDict({key: value for key, value in below.items() if key in READ})
            runner = merge(values, over)
        names = [key for key in goal if key not in READ and key in config.own]
        kept = frozenset(_kept_names(old))
        scalars = [name for name in kept if not isinstance(config.own.get(name), dict)]
        after = variables_after(old, values, [*names, *scalars])
        text = FileText(
            old, Needed(values, below, after, kept, notes, _names_of_bases(old, twins))
        )
        goal_of_file = _Wanted(runner, kept.union(below), self._seen, self._has_twins)
        attempt = _Attempt(self._after, config, text, goal_of_file)
        raw = attempt.until_it_holds([*values, *names])
        self._refuse_import(config.path)
        return Written(raw, tuple(text.notes))

    def _refuse_import(self, path: Path) -> None:
        """Refuse a file that still needs an import; mmengine would not see its bases and keys."""
        resolved = self._after.resolve(path)
        statement = telling_import(resolved.python)
        if statement is None:
            return
        self._after.uncover(path)
        names = ", ".join(sorted(bound_names(statement)))
        raise ConfigError(
            f"cannot be upgraded: it still needs the import of {names}, for which mmengine takes "
            "the file for the pure Python style [UP302]",
            where=f"{path}:{statement.lineno}",
            hint="Write what it is used for as values, and remove it.",
        )

    def joined_bases(self, config: ResolvedConfig, twins: Mapping[Path, Twin]) -> CfgDict:
        """What the bases of a file have, as they are planned so far.

        Args:
            config: The file.
            twins: What takes the place of some of its bases.
        """
        self._has_twins = self._has_twins or bool(twins)
        joined = CfgDict()
        for base in config.bases:
            file = twins[base].file if base in twins else base
            joined.update(self._after.resolve(file).root)
        return without_scope(joined) if self._has_twins else joined


def _names_of_bases(old: OldText, twins: Mapping[Path, Twin]) -> dict[int, str]:
    """What to write for the expressions that name bases which give way to their twins."""
    found = {}
    for name, node in base_names(old.parsed) if twins else ():
        file = base_file(name, old.parsed, node)
        if isinstance(file, Path) and file in twins:
            found[id(node)] = twins[file].name
    return found


@dataclass(frozen=True)
class _Wanted:
    """What must come out of a file.

    Attributes:
        values: The keys that the Runner reads.
        kept: Names of 2.x that may stay as variables.
        seen: What is known of values that files share.
        has_scope: Whether bases may bring a ``_scope_`` along, which is none of its own.
    """

    values: CfgDict
    kept: frozenset[str]
    seen: SeenValues
    has_scope: bool

    def differing(self, root: CfgDict) -> tuple[list[str], str]:
        """The keys of the Runner that differ, and the first place where they do."""
        actual = without_scope(root) if self.has_scope else root
        wanted = self.values
        bad, first = [], ""
        for key in [*wanted, *(key for key in actual if key in READ and key not in wanted)]:
            is_left = key in self.kept and key not in KNOWN_KEYS
            if key not in wanted and (is_left or actual[key] is None):
                continue
            one, other = actual.get(key, MISSING), wanted.get(key, MISSING)
            if self.seen.are_same(one, other):
                continue
            bad.append(key)
            found = first_difference(one, other) or ()
            first = first or format_key_path((key, *found))
        return bad, first


def _shared_line(parsed: ParsedSource) -> int:
    """The first line on which a statement begins where another ended; 0 if there is none."""
    pairs = itertools.pairwise(parsed.tree.body)
    return next((two.lineno for one, two in pairs if one.end_lineno == two.lineno), 0)


class _Attempt:
    """Writes a file again until it resolves as wanted.

    Args:
        after: Resolves the files as they are planned so far.
        config: The file as it is.
        text: Writes it.
        wanted: What must come out.
    """

    def __init__(
        self, after: Resolver, config: ResolvedConfig, text: FileText, wanted: _Wanted
    ) -> None:
        self._after = after
        self._path = config.path
        self._text = text
        self._wanted = wanted
        self._raw = b""
        self._reason = ""
        self._shared_line = _shared_line(config.python)
        # What the statement sets that did not resolve, where that is known.
        self._blamed = ""

    def until_it_holds(self, keys: list[str]) -> bytes:
        """The first bytes that come out as wanted.

        Args:
            keys: What the file says: all that can be written in another way.

        Raises:
            ConfigError: If none do.
        """
        plain: frozenset[str] = frozenset()
        at_end: frozenset[str] = frozenset()
        for _ in range(_ATTEMPTS):
            bad = self._try(plain, at_end)
            if bad is None:
                # It does not resolve at all, and does not say because of which key.
                plain, at_end = self._least_plain(keys, at_end)
                bad = self._try(plain, at_end) or []
            if not bad and not self._reason:
                return self._raw
            if plain.issuperset(bad):
                at_end = at_end.union(bad or keys)
            plain = plain.union(bad)
        self._after.uncover(self._path)
        if self._shared_line:
            raise ConfigError(
                f"cannot be upgraded: line {self._shared_line} holds several statements",
                where=f"{self._path}:{self._shared_line}",
                hint="Write each on a line of its own, then try again.",
            )
        raise ConfigError(
            f"cannot be upgraded: {self._reason} would not come out as planned",
            where=str(self._path),
            hint="Write that key as a plain dict(...) in this file, then try again.",
        )

    def _least_plain(
        self, keys: list[str], at_end: frozenset[str]
    ) -> tuple[frozenset[str], frozenset[str]]:
        """As few keys as must be written as literals for the file to resolve."""
        blamed: frozenset[str] = frozenset()
        while self._blamed in keys and self._blamed not in blamed:
            blamed = blamed.union([self._blamed])
            if self._try(blamed, at_end) is not None:
                return blamed, at_end
        plain = frozenset(keys)
        if self._try(plain, at_end) is None:
            return plain, plain
        # By halves: few keys are to blame, of many.
        pending = [keys]
        while pending:
            some = pending.pop()
            if self._try(plain.difference(some), at_end) is not None:
                plain = plain.difference(some)
            elif len(some) > 1:
                middle = len(some) // 2
                pending += [some[middle:], some[:middle]]
        return plain, at_end

    def _try(self, plain: frozenset[str], at_end: frozenset[str]) -> list[str] | None:
        """Write the file so; name the keys that differ, or ``None`` if it does not resolve."""
        try:
            self._raw = without_idle_imports(self._path, self._text.write(plain, at_end))
            self._after.overlay(self._path, self._raw)
            resolved = self._after.resolve(self._path)
        except ConfigError as error:
            self._reason = error.message
            self._blamed = _name_set_at(self._path, self._raw, error.where or "")
            return None
        bad, self._reason = self._wanted.differing(resolved.root)
        return bad


def _name_set_at(path: Path, raw: bytes, where: str) -> str:
    """The name that a statement of a file sets, by its place; empty if it is not known.

    Args:
        path: The file.
        raw: Its bytes.
        where: The place of an error, which may lie in another file.
    """
    line = where.removeprefix(f"{path}:").partition(":")[0]
    if not line.isdecimal():
        return ""
    try:
        tree = ParsedSource(Source(path, raw)).tree
    except ConfigError:
        return ""
    for one in tree.body:
        if isinstance(one, ast.Assign) and one.lineno <= int(line) <= (one.end_lineno or 0):
            target = one.targets[0]
            return target.id if isinstance(target, ast.Name) else ""
    return ""


def _kept_names(old: OldText) -> Iterator[str]:
    """Keys of 2.x that stay as variables: a statement that stays reads them, or sets them, too."""
    for one in old.statements:
        if not one.roots <= READ:
            yield from one.roots & READ & old.config.own.keys()
    names = {name for one in old.statements for name in one.roots if name in READ}
    for name in names:
        for reader in old.readers(name):
            value = old.config.own.get(name)
            if not reader.roots <= READ or not isinstance(value, dict | list):
                yield name
                break
