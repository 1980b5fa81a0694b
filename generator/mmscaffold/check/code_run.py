"""What a run over code found, apart from what runs it: most runs have no code at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.check.diagnostic import Diagnostic
from mmscaffold.check.rule import Rule
from mmscaffold.errors import MmscaffoldError


@dataclass
class CodeRun:
    """What the rules found in some code.

    Attributes:
        found: Every finding: the rule, and what it found.
        read: The files that were read.
        marked: The contents of those that have comments for us.
        failed: The files that could not be read, with the error.
        unknown: Classes of named files that no rule could look at: where, and why.
    """

    found: list[tuple[Rule, Diagnostic]] = field(default_factory=list)
    read: list[Path] = field(default_factory=list)
    marked: dict[Path, bytes] = field(default_factory=dict)
    failed: list[tuple[Path, MmscaffoldError]] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
