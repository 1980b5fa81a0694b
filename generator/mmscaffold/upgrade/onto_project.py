"""Move upgraded configs onto the classes of a project, in the same run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from mmscaffold.config.change import MISSING, Change, first_difference
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.migrate import plan_migration
from mmscaffold.project.class_map import ClassMap
from mmscaffold.upgrade.plan import FileUpgrade, UpgradePlan

# What a migration may set beside what an upgrade sets.
_NEW = ("custom_imports", "runner_type")


def onto_project(plan: UpgradePlan, paths: Iterable[Path], class_map: ClassMap) -> UpgradePlan:
    """An upgrade whose configs use a project's classes, as ``migrate`` would have them use these.

    Args:
        plan: The upgrade.
        paths: The files and folders that it was made of.
        class_map: The project's classes.

    Raises:
        ConfigError: If a config cannot be migrated.
    """
    upgraded = {file.path: file.plan.after for file in plan.files}
    migration = plan_migration(paths, class_map, overlay=upgraded, with_heirs=False)
    migrated = {one.path: one.after for one in migration.files if one.path in upgraded}
    after = Resolver({**upgraded, **migrated})
    return replace(
        plan,
        files=tuple(
            _moved(file, migrated[file.path], after) if file.path in migrated else file
            for file in plan.files
        ),
    )


def _moved(file: FileUpgrade, raw: bytes, after: Resolver) -> FileUpgrade:
    config = after.resolve(file.path)
    root = config.root
    known = {change.path[0]: change for change in file.plan.changes}
    old = dict(file.plan.old)
    for change in file.plan.changes:
        key = str(change.path[0])
        if first_difference(change.new, root.get(key, MISSING)) is not None:
            known[key] = Change((key,), root[key])
    for key in _NEW:
        if key in root and key not in known:
            known[key] = Change((key,), root[key])
            old[(key,)] = MISSING
    moved = replace(file.plan, after=raw, changes=tuple(known.values()), old=old)
    return replace(file, plan=moved, own=file.own.union(map(str, config.own)))
