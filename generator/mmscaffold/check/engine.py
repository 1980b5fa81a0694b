"""Run the rules over config files and folders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.check.diagnostic import Diagnostic
from mmscaffold.check.registry import Rule
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.files import config_files
from mmscaffold.config.resolver import Resolver


@dataclass
class Report:
    """What a run found, and what it could not understand.

    Attributes:
        findings: Each with its rule and the config that shows it, in order of files.
        checked: How many configs were read.
        not_understood: Files that could not be read, with the error.
    """

    findings: list[tuple[Rule, Path, Diagnostic]] = field(default_factory=list)
    checked: int = 0
    not_understood: list[tuple[Path, ConfigError]] = field(default_factory=list)


def check_paths(paths: Iterable[Path], rules: Sequence[Rule]) -> Report:
    """Check configs, and folders of them.

    Raises:
        ConfigError: If a path does not exist, a folder holds no config file, or a file
            that is named does not resolve.
    """
    report = Report()
    resolver = Resolver()
    for path in paths:
        absolute = Path(path).absolute()
        if absolute.is_dir():
            for file in config_files(absolute):
                try:
                    _check_file(file, resolver, rules, report)
                except ConfigError as error:
                    report.not_understood.append((file, error))
        else:
            _check_file(absolute, resolver, rules, report)
    return report


def _check_file(path: Path, resolver: Resolver, rules: Sequence[Rule], report: Report) -> None:
    config = resolver.resolve(path)
    report.checked += 1
    for rule in rules:
        for diagnostic in rule.check(config):
            report.findings.append((rule, config.path, diagnostic))
