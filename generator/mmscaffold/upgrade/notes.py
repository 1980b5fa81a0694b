"""What an upgrade tells: what is different now, and what only the user can decide."""

from __future__ import annotations

from dataclasses import dataclass

from mmscaffold.config.key_path import KeyPath, format_key_path

REPORTED_ONLY = frozenset({"UP102", "UP105", "UP107", "UP111"})
"""Codes of what need not be looked at in the file."""


@dataclass(frozen=True)
class Note:
    """One thing that an upgrade tells of a config.

    Attributes:
        code: ``UP1xx`` is done, but not the same; ``UP2xx`` must be decided; ``UP3xx`` cannot
            be upgraded.
        message: What is different or must be decided, in one line of at most 70 characters
            if it can be: it is written into the file.
        path: The key in the new config that it is about; ``()`` is the file.
        old: The key in the old config from which it follows.
        help: What to do, for the report.
    """

    code: str
    message: str
    path: KeyPath = ()
    old: KeyPath = ()
    help: str = ""

    @property
    def key(self) -> str:
        """The new key as people write it."""
        return format_key_path(self.path)

    @property
    def needs_decision(self) -> bool:
        """Whether only the user can settle it."""
        return self.code >= "UP2"

    @property
    def is_written(self) -> bool:
        """Whether it is written into the file, and not only reported."""
        return self.code not in REPORTED_ONLY

    @property
    def refuses(self) -> bool:
        """Whether the file must be left alone."""
        return self.code >= "UP3"
