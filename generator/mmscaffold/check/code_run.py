"""What a run over code found, apart from what runs it: most runs have no code at all."""

from __future__ import annotations

from pathlib import Path

from mmscaffold.check.diagnostic import Diagnostic
from mmscaffold.check.rule import Rule
from mmscaffold.errors import MmscaffoldError


class CodeRun:
    """What the rules found in some code.

    Attributes:
        found: Every finding: the rule, and what it found.
        read: The files that were read.
        marked: The contents of those that have comments for us.
        failed: The files that could not be read, with the error.
        unknown: Classes of named files that no rule could look at: where, and why.
    """

    def __init__(self) -> None:
        self.found: list[tuple[Rule, Diagnostic]] = []
        self.read: list[Path] = []
        self.marked: dict[Path, bytes] = {}
        self.failed: list[tuple[Path, MmscaffoldError]] = []
        self.unknown: dict[str, str] = {}
