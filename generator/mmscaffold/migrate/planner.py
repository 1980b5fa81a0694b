"""Plan a migration: the edits of each file, each proven by resolving again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.config.resolve.tree import paused_collection
from mmscaffold.migrate.heirs import Heirs, find_heirs
from mmscaffold.migrate.one_file import contradictions
from mmscaffold.migrate.plan import FilePlan, MigrationPlan, with_bases_told
from mmscaffold.migrate.selection import SelectedConfig, Selection, bases_first, select
from mmscaffold.migrate.task import Task
from mmscaffold.migrate.tree_planner import TreePlanner
from mmscaffold.project.class_map import ClassMap

Progress = Callable[[int, int], None]


def plan_migration(
    paths: Iterable[Path],
    task: Task | ClassMap,
    *,
    keep_going: bool = False,
    overlay: Mapping[Path, bytes] | None = None,
    progress: Progress | None = None,
    with_heirs: bool = True,
) -> MigrationPlan:
    """Plan how configs move onto a project's classes, or to another length; nothing is written.

    Args:
        paths: Config files, and folders of them. In a folder, a class is changed where it is
            defined; a file without a whole model and training loop (a base) gets no new keys.
        task: What to do; a class map alone means: move onto its classes.
        keep_going: Plan what can be planned and list the rest in ``failed``. What is listed
            there resolves as before, whatever becomes of its bases.
        overlay: Contents that stand in for those on disk, by absolute path.
        progress: Called at every step with how many are done, and how many there are so far.
        with_heirs: Also plan the configs elsewhere in the project that inherit from an edited
            one and would change with it. What cannot be migrated, or has a training length of
            its own where the length changes, is edited so that it stays as it was.

    Raises:
        ConfigError: If a file cannot be read or migrated and ``keep_going`` is off; if two
            names of one file would need different edits.
    """
    if isinstance(task, ClassMap):
        task = Task(task)
    paths = list(paths)
    with paused_collection():
        resolver = Resolver(overlay)
        show = progress or _silent
        # Each config is resolved once before, and once after.
        selection = select(
            paths, resolver, lambda done, total: show(done, 2 * total), keep_going=keep_going
        )
        failed = list(selection.failed)
        if failed and not keep_going:
            raise _with_count(failed)
        heirs = _heirs(paths, selection, resolver) if with_heirs else Heirs()
        planner = TreePlanner(resolver, task, _together(selection, heirs, resolver), show)
        planner.plan_all()
        files, errors = planner.results()
    if errors and not keep_going:
        raise errors[0][1]
    for _, error in contradictions(files):
        raise error
    return MigrationPlan(
        tuple(with_bases_told(files)),
        tuple(selection.skipped),
        (*failed, *errors),
        tuple(file.path for file in files if file.path in heirs.configs),
        tuple(heirs.unread),
    )


def _heirs(paths: Iterable[Path], selection: Selection, resolver: Resolver) -> Heirs:
    told = [path for path, _ in (*selection.failed, *selection.skipped)]
    chosen = [one.config.path for one in selection.configs]
    return find_heirs(paths, chosen, resolver, told)


def _together(selection: Selection, heirs: Heirs, resolver: Resolver) -> list[SelectedConfig]:
    """The configs of a run and their heirs, bases first."""
    if not heirs.configs:
        return selection.configs
    chosen = {one.config.path: one for one in selection.configs}
    for path, config in heirs.configs.items():
        chosen[path] = SelectedConfig(config, named=False, is_heir=True)
    return bases_first(chosen, resolver)


def _silent(done: int, total: int) -> None:
    """Tell no one."""


def plan_selected(
    configs: list[SelectedConfig], task: Task, before: Resolver, progress: Progress = _silent
) -> tuple[list[FilePlan], list[tuple[Path, ConfigError]]]:
    """Plan configs that are resolved already.

    Args:
        configs: The configs, bases before the configs that inherit from them.
        task: What to do.
        before: What resolved them.
        progress: Called at every step with how many are done, and how many there are so far.

    Returns:
        The plans, and the configs that cannot be changed, with the error of each.
    """
    planner = TreePlanner(before, task, configs, progress)
    planner.plan_all()
    return planner.results()


def _with_count(failed: list[tuple[Path, ConfigError]]) -> ConfigError:
    first = failed[0][1]
    if len(failed) > 1:
        files = "file" if len(failed) == 2 else "files"
        first.hint = (
            f"{first.hint or ''} {len(failed) - 1} more {files} could not be read either; "
            "--keep-going migrates the rest."
        ).strip()
    return first
