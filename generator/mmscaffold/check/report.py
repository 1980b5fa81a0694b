"""What a run of ``check`` found, and what it could not understand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Rule
from mmscaffold.config.errors import ConfigSyntaxError, RefusedError
from mmscaffold.errors import MmscaffoldError
from mmscaffold.facts.packages import DISTRIBUTIONS


class Finding(NamedTuple):
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
        legacy: How many of the configs were written for MMDetection 2.x.
        baseless: The configs with a base in a package that is not installed, by its name.
        sources: For each package of the family that was asked for, where its classes were read.
        data: For each annotation file that was found, what was read of it.
    """

    findings: list[Finding] = field(default_factory=list)
    configs: list[Path] = field(default_factory=list)
    code: list[Path] = field(default_factory=list)
    not_understood: list[tuple[Path, MmscaffoldError]] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    named_unread: int = 0
    skipped: list[tuple[Path, str]] = field(default_factory=list)
    legacy: int = 0
    baseless: Mapping[Path, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        """0 no findings; 1 findings; 2 a named file could not be read, or a config not parsed."""
        torn = any(isinstance(error, ConfigSyntaxError) for _, error in self.not_understood)
        if self.named_unread or torn:
            return 2
        return 1 if any(finding.counts for finding in self.findings) else 0

    def remedy(self, message: str) -> str | None:
        """What to do about a fault, where mmengine would refuse the config as well."""
        errors = (error for _, error in self.not_understood if error.message == message)
        return next((one.hint for one in errors if isinstance(one, RefusedError)), None)

    @property
    def faults(self) -> list[tuple[str, str, int]]:
        """Why files could not be read, each fault once.

        With the place and the fault, how many other files it takes along.
        """
        found: dict[tuple[str, str], set[Path]] = {}
        for path, error in self.not_understood:
            found.setdefault((error.where or str(path), error.message), set()).add(path)
        return [
            (where, message, sum(not where.startswith(str(path)) for path in paths))
            for (where, message), paths in found.items()
        ]

    def by_rule(self) -> list[tuple[Rule, int]]:
        """How many findings each rule has, most first."""
        times = Counter(finding.rule.id for finding in self.findings)
        rules = {finding.rule.id: finding.rule for finding in self.findings}
        ordered = sorted(times.items(), key=lambda one: (-one[1], one[0]))
        return [(rules[rule_id], number) for rule_id, number in ordered]


def base_remedy(package: str) -> str:
    """What to do about bases in a package that is not installed.

    Args:
        package: Its name, as ``Report.baseless`` has it.
    """
    name = DISTRIBUTIONS.get(package, package)
    return (
        f"Install {name} where mmscaffold runs (`pip install {name}`); in a pre-commit hook, "
        f"write additional_dependencies: [{name}], or use the hook with language: system."
    )
