"""What a migration or an upgrade would do to a tree, as the page shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.migrate.plan import FilePlan


@dataclass(frozen=True)
class PlannedNote:
    """Something that there is to tell of a file that would be written.

    Attributes:
        message: What is different or was left alone, or must be decided.
        path: The file.
        code: Such as ``UP203``; empty where notes have none.
        line: Of the file as it is, from 1.
        key: The key that it is about, as people write it.
        help: What to do.
        needs_decision: Whether only people can settle it.
    """

    message: str
    path: Path
    code: str = ""
    line: int | None = None
    key: str = ""
    help: str = ""
    needs_decision: bool = False


@dataclass(frozen=True)
class Fates:
    """What became of the old keys of one config, each with all in it.

    Attributes:
        targets: For each key that was moved or renamed, the keys where its value is now.
        reasons: For each key, what to say where its value is nowhere to be found.
    """

    targets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    def of(self, key: str) -> Iterator[str]:
        """Where the value of a key may be now, the likeliest place first."""
        for prefix in _prefixes(key):
            for target in self.targets.get(prefix, ()):
                yield target + key[len(prefix) :]

    def reason(self, key: str) -> str:
        """Why a key is gone; empty if nobody says."""
        return next((self.reasons[one] for one in _prefixes(key) if one in self.reasons), "")


@dataclass(frozen=True)
class Planned:
    """A plan for a tree.

    Attributes:
        title: What is planned, for people.
        files: The files that it looked at, whether they would be written or not.
        notes: What there is to tell of them.
        failed: Files that are left as they are, each with the error.
        fates: For each config whose keys move, what becomes of them.
    """

    title: str
    files: Sequence[FilePlan]
    notes: Sequence[PlannedNote] = ()
    failed: Sequence[tuple[Path, str]] = ()
    fates: Mapping[Path, Fates] = field(default_factory=dict)

    @property
    def contents(self) -> dict[Path, bytes]:
        """What each file would hold."""
        return {file.path: file.after for file in self.files}


def _prefixes(key: str) -> Iterator[str]:
    """A key, and all that it lies in: ``a.b[0]``, ``a.b``, ``a``."""
    yield key
    for end in range(len(key) - 1, 0, -1):
        if key[end] in ".[":
            yield key[:end]
