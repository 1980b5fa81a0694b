"""Check one file as an editor has it, with what is known of the files around it kept."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from mmscaffold.check.blame import Blame
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.engine import not_ignored
from mmscaffold.check.ignores import Ignores
from mmscaffold.check.known_code import KnownCode
from mmscaffold.check.report import Finding
from mmscaffold.check.rule import CODE, CONFIG, IGNORE_MARK
from mmscaffold.check.settings import Settings
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.text.disk import standing_in


def check_open_config(
    config: ResolvedConfig, resolver: Resolver, known_code: KnownCode, settings: Settings
) -> list[Finding]:
    """What ``check`` tells of one config at a place in that file itself.

    Args:
        config: The config.
        resolver: What resolved it, and its bases.
        known_code: Reads the code around it.
        settings: Which rules run, and where.
    """
    rules = settings.of_kind(CONFIG)
    found = {
        (rule.id, str(one.place), one.message): Finding(rule, one, [config.path])
        for rule, one in Blame(rules, resolver, known_code).found(ConfigView(config, known_code))
    }
    raw = {path: resolver.source(path).raw for path in config.files}
    return _told(list(found.values()), raw, config.path, settings)


def check_open_code(
    path: Path,
    settings: Settings,
    trees: Mapping[Path, ast.Module],
    buffers: Mapping[Path, bytes],
) -> list[Finding]:
    """What ``check`` tells of one file of code at a place in that file itself.

    Args:
        path: The file.
        settings: Which rules run, and where.
        trees: The syntax of files that were parsed already; it must have those of ``buffers``.
        buffers: Contents that stand in for those of files.
    """
    from mmscaffold.check.run_code import run_code

    with standing_in(buffers):
        run = run_code([path], settings.of_kind(CODE), [path], (), trees)
    found = [Finding(rule, one, [one.place.path]) for rule, one in run.found]
    return _told(found, run.marked, path, settings)


def _told(
    found: list[Finding], files: Mapping[Path, bytes], path: Path, settings: Settings
) -> list[Finding]:
    marked = {file: raw for file, raw in files.items() if IGNORE_MARK in raw}
    wanted = [one for one in found if not settings.is_ignored(one.rule, _place(one))]
    kept = not_ignored(wanted, Ignores(marked), settings)
    return sorted((one for one in kept if _place(one) == path), key=_order)


def _place(finding: Finding) -> Path:
    return finding.diagnostic.place.path


def _order(finding: Finding) -> tuple[tuple[Path, int, int], str]:
    return finding.diagnostic.place.start, finding.rule.id
