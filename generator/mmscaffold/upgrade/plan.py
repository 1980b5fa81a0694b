"""What an upgrade will do: for each file its new bytes, what became of each value, its notes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mmscaffold.config.errors import ConfigError
from mmscaffold.migrate.plan import FilePlan, MigrationPlan
from mmscaffold.upgrade.goal import UpgradeGoal
from mmscaffold.upgrade.ledger import Ledger
from mmscaffold.upgrade.notes import Note


@dataclass(frozen=True)
class PlacedNote:
    """A note, and where it is told.

    Attributes:
        note: What there is to tell.
        path: The file.
        line: The line of the old file that it follows from; ``None`` is the file.
    """

    note: Note
    path: Path
    line: int | None = None


@dataclass(frozen=True)
class FileUpgrade:
    """The upgrade of one config file.

    Attributes:
        plan: Its bytes before and after, and the top-level keys that change.
        goal: What it must resolve to.
        notes: What is told at this file; a note on what a base writes is told there.
        own: The top-level keys that the file itself sets, before or after; others come of its
            bases.
    """

    plan: FilePlan
    goal: UpgradeGoal
    notes: tuple[PlacedNote, ...] = ()
    own: frozenset[str] = frozenset()

    @property
    def path(self) -> Path:
        """The file."""
        return self.plan.path

    @property
    def ledger(self) -> Ledger:
        """What became of each of its old values, those of its bases included."""
        return self.goal.ledger


@dataclass(frozen=True)
class UpgradePlan:
    """The upgrade of one run.

    Attributes:
        files: One for each config of 2.x, bases before their children.
        current: Configs that are 3.x already, or are of no generation and read by none of 2.x.
        skipped: Files that are not configs, each with the reason.
        failed: Configs that cannot be upgraded, each with the error; only where the caller asked
            to keep going. They are left as they are.
        heirs: Those of ``files`` that nobody named: they inherit from an upgraded config.
        unread_heirs: Files elsewhere that seem to inherit from one and do not resolve.
    """

    files: tuple[FileUpgrade, ...]
    current: tuple[Path, ...] = ()
    skipped: tuple[tuple[Path, str], ...] = ()
    failed: tuple[tuple[Path, ConfigError], ...] = ()
    heirs: tuple[Path, ...] = ()
    unread_heirs: tuple[tuple[Path, ConfigError], ...] = ()

    @property
    def edits(self) -> MigrationPlan:
        """The same as edits of files, for all that writes and shows these."""
        return MigrationPlan(
            tuple(file.plan for file in self.files),
            self.skipped,
            self.failed,
            self.heirs,
            self.unread_heirs,
        )

    @property
    def edited(self) -> list[FilePlan]:
        """The files that will be written."""
        return [file.plan for file in self.files if file.plan.edited]

    @property
    def notes(self) -> list[PlacedNote]:
        """Everything that there is to tell, once."""
        return [note for file in self.files for note in file.notes]
