"""Which rules run, and where: ``[tool.mmscaffold.check]`` and the command line."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmscaffold.check.known_data import DataSettings
from mmscaffold.check.registry import all_rules, rules_like, rules_of_kind
from mmscaffold.check.rule import Rule
from mmscaffold.errors import MmscaffoldError, did_you_mean
from mmscaffold.project.table import TABLE, find_table

_TABLE = f"{TABLE}.check"
_KEYS = ("select", "ignore", "per-file-ignores")


@dataclass(frozen=True)
class Settings:
    """Which rules run, and where.

    Attributes:
        given: The rules to run; ``None`` for all there are, which are then loaded by kind.
        root: The folder that patterns of files count from.
        per_file: For patterns of files, the ids of rules that stay silent there.
        data: What the user says of the data that configs train on.
    """

    given: tuple[Rule, ...] | None
    root: Path = field(default_factory=Path.cwd)
    per_file: Mapping[str, frozenset[str]] = field(default_factory=dict)
    data: DataSettings = field(default_factory=DataSettings)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules to run."""
        return all_rules() if self.given is None else self.given

    def of_kind(self, kind: str) -> tuple[Rule, ...]:
        """The rules to run of one kind, as ``Rule.kind`` says it."""
        if self.given is None:
            return rules_of_kind(kind)
        return tuple(rule for rule in self.given if rule.kind == kind)

    def is_ignored(self, rule: Rule, path: Path) -> bool:
        """Whether a rule stays silent in a file."""
        if not self.per_file:
            return False
        inside = path.is_relative_to(self.root)
        name = (path.relative_to(self.root) if inside else path).as_posix()
        return any(
            rule.id in ids
            and (fnmatch.fnmatch(name, pattern) or fnmatch.fnmatch(path.name, pattern))
            for pattern, ids in self.per_file.items()
        )


def load_settings(
    start: Path,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    data: DataSettings | None = None,
) -> Settings:
    """Read the settings of the project around a path.

    Args:
        start: Where to look for a ``pyproject.toml`` with a ``[tool.mmscaffold]`` table, and
            in every folder above.
        select: Rules, or beginnings of their ids, to run instead of those of the project.
        ignore: Rules to skip, in addition to those of the project.
        data: What the user says of the data.

    Raises:
        MmscaffoldError: If the table is wrong, or there is no such rule.
    """
    file, table = _table(start)
    for key in table:
        if key not in _KEYS:
            raise MmscaffoldError(
                f"unknown key {key!r} in [{_TABLE}]",
                where=str(file),
                hint=did_you_mean(key, _KEYS) or f"Known: {', '.join(_KEYS)}.",
            )
    chosen = _ids(select or _texts(file, table, "select"), file)
    dropped = _ids([*ignore, *_texts(file, table, "ignore")], file)
    rules = None
    if chosen or dropped:
        rules = tuple(
            rule
            for rule in all_rules()
            if (not chosen or rule.id in chosen) and rule.id not in dropped
        )
    per_file = table.get("per-file-ignores", {})
    if not isinstance(per_file, dict):
        raise MmscaffoldError(f"per-file-ignores in [{_TABLE}] must be a table", where=str(file))
    patterns = {
        pattern: frozenset(_ids(_texts(file, per_file, pattern), file)) for pattern in per_file
    }
    root = file.parent if file else Path.cwd()
    return Settings(rules, root, patterns, data or DataSettings())


def _table(start: Path) -> tuple[Path | None, dict[str, Any]]:
    found = find_table(start)
    if found is None:
        return None, {}
    table = found.values.get("check", {})
    if not isinstance(table, dict):
        raise MmscaffoldError(f"{_TABLE} must be a table", where=str(found.file))
    return found.file, table


def _texts(file: Path | None, table: Mapping[str, Any], key: str) -> list[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise MmscaffoldError(
            f"{key} = {value!r} in [{_TABLE}] must be a list of rules",
            where=str(file),
            hint=f'Write {key} = ["MMS104"].',
        )
    return value


def _ids(prefixes: Sequence[str], file: Path | None) -> set[str]:
    found: set[str] = set()
    for prefix in prefixes:
        try:
            found |= {rule.id for rule in rules_like(prefix)}
        except MmscaffoldError as error:
            error.where = error.where or (str(file) if file else None)
            raise
    return found
