"""What a run of ``check`` found, and what it could not understand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Rule
from mmscaffold.errors import MmscaffoldError


@dataclass(frozen=True)
class Finding:
    """What a rule found, and the files that show it.

    Attributes:
        rule: The rule.
        diagnostic: What it found; a fault of a base is found once.
        seen_in: The configs that show it, the base itself among them; one file for code.
    """

    rule: Rule
    diagnostic: Diagnostic
    seen_in: list[Path]

    @property
    def counts(self) -> bool:
        """Whether it is more than information, and so makes the run end with 1."""
        return self.rule.severity is not Severity.INFO


@dataclass
class Report:
    """What a run found, and what it could not understand.

    Attributes:
        findings: In the order of files and lines.
        configs: The configs that were read.
        code: The files of Python code that were read.
        not_understood: Files that could not be read, with the error.
        unknown: Values that no rule could look at: where, and why.
        named_unread: How many of the files that could not be read were named one by one.
        skipped: Folders and files that were not looked at, with the reason.
    """

    findings: list[Finding] = field(default_factory=list)
    configs: list[Path] = field(default_factory=list)
    code: list[Path] = field(default_factory=list)
    not_understood: list[tuple[Path, MmscaffoldError]] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    named_unread: int = 0
    skipped: list[tuple[Path, str]] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 no findings; 1 findings; 2 a named file could not be read."""
        if self.named_unread:
            return 2
        return 1 if any(finding.counts for finding in self.findings) else 0

    def by_rule(self) -> list[tuple[Rule, int]]:
        """How many findings each rule has, most first."""
        times = Counter(finding.rule.id for finding in self.findings)
        rules = {finding.rule.id: finding.rule for finding in self.findings}
        ordered = sorted(times.items(), key=lambda one: (-one[1], one[0]))
        return [(rules[rule_id], number) for rule_id, number in ordered]
