"""What a migration will do: for each file its new bytes and the changes they cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mmscaffold.config.change import Change
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.key_path import KeyPath
from mmscaffold.migrate.line_diff import changed_lines, lines_of, unified_diff


@dataclass(frozen=True)
class FilePlan:
    """The plan for one config file.

    Attributes:
        path: The file.
        before: Its bytes now.
        after: Its bytes after the migration.
        changes: How its resolved config will differ, bases included.
        notes: What was left alone, and why.
        bases: The bytes of every file it inherits from, as they are now.
        old: What each key that changes holds now, for people; ``MISSING`` if nothing.
        declined: The upstream classes that it names, from which classes of the project derive
            that do not replace them by themselves.
        left_alone: Of a base: what of it was left alone, and what to do; which need not be told
            where the configs that inherit from it are migrated.
    """

    path: Path
    before: bytes
    after: bytes
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()
    bases: Mapping[Path, bytes] = field(default_factory=dict)
    old: Mapping[KeyPath, Any] = field(default_factory=dict)
    declined: frozenset[str] = frozenset()
    left_alone: str = ""

    @property
    def edited(self) -> bool:
        """Whether the file itself is to be written."""
        return self.before != self.after

    @property
    def changed_lines(self) -> int:
        """How many lines the edits touch: the larger of those taken out and put in."""
        return changed_lines(*self._lines())

    def diff(self, relative_to: Path | None = None) -> str:
        """A unified diff of the file's text."""
        name = str(self.path)
        if relative_to is not None and self.path.is_relative_to(relative_to):
            name = str(self.path.relative_to(relative_to))
        return unified_diff(*self._lines(), name.lstrip("/"))

    def _lines(self) -> tuple[list[str], list[str]]:
        return lines_of(self.before.decode("utf-8")), lines_of(self.after.decode("utf-8"))


def with_bases_told(files: Sequence[FilePlan]) -> list[FilePlan]:
    """The plans of a run; where it has nothing but bases, with notes on why they were left alone.

    Args:
        files: The plans.
    """
    if not all(file.left_alone for file in files):
        return list(files)
    return [
        file if file.edited else replace(file, notes=(*file.notes, file.left_alone))
        for file in files
    ]


@dataclass(frozen=True)
class MigrationPlan:
    """The plan for one run.

    Attributes:
        files: One plan for each config, bases before their children.
        skipped: Files that are not configs to migrate, each with the reason.
        failed: Configs that cannot be migrated, each with the error; only where the
            caller asked to keep going. They resolve as before.
        heirs: Those of ``files`` that nobody named: they inherit from an edited config, and
            would change with it.
        unread_heirs: Files elsewhere that seem to inherit from a config of the run and do not
            resolve, each with the error.
    """

    files: tuple[FilePlan, ...]
    skipped: tuple[tuple[Path, str], ...] = ()
    failed: tuple[tuple[Path, ConfigError], ...] = ()
    heirs: tuple[Path, ...] = ()
    unread_heirs: tuple[tuple[Path, ConfigError], ...] = ()

    @property
    def edited(self) -> list[FilePlan]:
        """The files that will be written."""
        return [file for file in self.files if file.edited]
