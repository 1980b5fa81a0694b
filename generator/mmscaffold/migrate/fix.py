"""Fix what ``check`` finds, where that is safe: planned, applied and verified as a migration."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mmscaffold.check import Finding
from mmscaffold.config.change import MISSING, Change, overlap, value_at
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.resolve.tree import paused_collection
from mmscaffold.migrate.one_file import contradictions, identity
from mmscaffold.migrate.plan import MigrationPlan
from mmscaffold.migrate.planner import plan_selected
from mmscaffold.migrate.selection import SelectedConfig, bases_first
from mmscaffold.migrate.task import Task


def plan_fixes(findings: Iterable[Finding], configs: Iterable[Path]) -> MigrationPlan:
    """Plan the edits that fix findings; nothing is written.

    A fault is fixed in the uppermost file that shows it, unless that would change a config
    that does not; then it is fixed in each config that does.

    Args:
        findings: What was found; those without a fix are passed over.
        configs: Every config that was checked: the files that may change, and those that
            must not change with them.

    Raises:
        ConfigError: If two names of one file would need different edits.
    """
    wanted: dict[Path, list[Finding]] = {}
    for finding in findings:
        if finding.diagnostic.fix:
            for path in finding.seen_in:
                wanted.setdefault(path, []).append(finding)
    if not wanted:
        return MigrationPlan(())
    resolver = Resolver()
    with paused_collection():
        chosen = _affected(configs, wanted.keys(), resolver)
        task = Task(
            fixes={
                path: _changes(chosen[path].config, found)
                for path, found in wanted.items()
                if path in chosen
            }
        )
        plans, errors = plan_selected(
            bases_first(chosen, resolver), task, resolver, lambda done, total: None
        )
    for _, error in contradictions(plans):
        raise error
    return MigrationPlan(tuple(plans), failed=tuple(errors))


def _affected(
    configs: Iterable[Path], faulty: Iterable[Path], resolver: Resolver
) -> dict[Path, SelectedConfig]:
    """The configs that have faults, other names of them, and those that inherit from them."""
    configs = list(configs)
    found = {identity(path) for path in faulty} - {None}
    faults = {*faulty, *(path for path in configs if identity(path) in found)}
    affected = {}
    for path in configs:
        try:
            config = resolver.resolve(path)
        except ConfigError:
            # Reported already, as not understood.
            continue
        if faults.intersection(config.files):
            affected[path] = SelectedConfig(config, named=False)
    return affected


def _changes(config: ResolvedConfig, findings: Iterable[Finding]) -> tuple[Change, ...]:
    changes: dict[KeyPath, Change] = {}
    for finding in findings:
        for change in finding.diagnostic.fix:
            path = change.path
            if (
                any(overlap(path, other) for other in changes)
                or value_at(config.root, path) == change.new
                or value_at(config.root, path[:-1]) is MISSING
            ):
                # What is left over is found again by the next run.
                continue
            changes[path] = Change(path, change.new, finding.rule.id)
    return tuple(changes.values())
