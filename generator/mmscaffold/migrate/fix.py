"""Fix what ``check`` finds, where that is safe: planned, applied and verified as a migration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mmscaffold.check import Finding, Settings, check_paths
from mmscaffold.config.change import MISSING, Change, overlap, value_at
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.resolve.tree import paused_collection
from mmscaffold.migrate.heirs import Heirs, find_heirs
from mmscaffold.migrate.one_file import contradictions, identity
from mmscaffold.migrate.plan import MigrationPlan
from mmscaffold.migrate.planner import plan_selected
from mmscaffold.migrate.selection import SelectedConfig, bases_first
from mmscaffold.migrate.task import Task


def plan_fixes(
    findings: Iterable[Finding],
    configs: Iterable[Path],
    paths: Iterable[Path] | None = None,
    settings: Settings | None = None,
    overlay: Mapping[Path, bytes] | None = None,
) -> MigrationPlan:
    """Plan the edits that fix findings; nothing is written.

    A fault is fixed in the uppermost file that shows it, unless that would change a config
    that does not; then it is fixed in each config that does. What inherits from these configs
    elsewhere in the project is looked at, too: it may only change by what is found in it.

    Args:
        findings: What was found; those without a fix are passed over.
        configs: Every config that was checked: the files that may change, and those that
            must not change with them.
        paths: The files and folders that were checked; they tell where to look for heirs. By
            default the folders of the configs.
        settings: Which rules may be ignored in which files.
        overlay: Contents that stand in for those on disk, by absolute path.

    Raises:
        ConfigError: If two names of one file would need different edits.
    """
    configs = list(configs)
    fixable = [finding for finding in findings if finding.diagnostic.fix]
    if not fixable:
        return MigrationPlan(())
    wanted = _by_config(fixable)
    resolver = Resolver(overlay)
    with paused_collection():
        chosen = _affected(configs, wanted.keys(), resolver)
        if paths is None:
            paths = dict.fromkeys(path.parent for path in configs)
        heirs = find_heirs(paths, chosen, resolver, told=configs)
        for path, found in _faults_of(heirs, fixable, settings, overlay).items():
            wanted.setdefault(path, found)
        for path, config in heirs.configs.items():
            chosen[path] = SelectedConfig(config, named=False, is_heir=True)
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
    return MigrationPlan(
        tuple(plans),
        failed=tuple(errors),
        heirs=tuple(plan.path for plan in plans if plan.path in heirs.configs),
        unread_heirs=tuple(heirs.unread),
    )


def _by_config(findings: Iterable[Finding]) -> dict[Path, list[Finding]]:
    found: dict[Path, list[Finding]] = {}
    for finding in findings:
        for path in finding.seen_in:
            found.setdefault(path, []).append(finding)
    return found


def _faults_of(
    heirs: Heirs,
    fixable: Iterable[Finding],
    settings: Settings | None,
    overlay: Mapping[Path, bytes] | None,
) -> dict[Path, list[Finding]]:
    """What the rules whose findings are fixed find in the heirs."""
    if not heirs.configs:
        return {}
    rules = {finding.rule.id: finding.rule for finding in fixable}
    same = settings or Settings(())
    report = check_paths(
        list(heirs.configs),
        Settings(tuple(rules.values()), same.root, same.per_file),
        overlay=overlay,
    )
    return _by_config(finding for finding in report.findings if finding.diagnostic.fix)


def _affected(
    configs: list[Path], faulty: Iterable[Path], resolver: Resolver
) -> dict[Path, SelectedConfig]:
    """The configs that have faults, other names of them, and those that inherit from them."""
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
