"""``mmscaffold migrate``: move configs onto a project's classes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mmscaffold.project import Project


@click.command("migrate")
@click.argument("configs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--project",
    "project_dir",
    type=click.Path(path_type=Path),
    help="The project whose classes to use; by default the one that the configs, or the "
    "current folder, lie in.",
)
@click.option("--diff", is_flag=True, help="Show what would change; write nothing.")
@click.option("--check", is_flag=True, help="Only say whether something would change.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Write the migrated configs, and the bases they need, into this folder.",
)
@click.option("--keep-going", is_flag=True, help="Migrate what can be; list the rest.")
def command(
    configs: tuple[Path, ...],
    project_dir: Path | None,
    diff: bool,
    check: bool,
    output: Path | None,
    keep_going: bool,
) -> None:
    """Rewrite CONFIGS (files or folders) so that they use a project's classes.

    Every change is planned, made, and verified by resolving each config again: it must
    differ from before in exactly what was planned. Files are written all or none.

    Exit codes: 0 done or nothing to do; 1 with --diff or --check if something would
    change; 2 if something is wrong, and then no file is changed.
    """
    from mmscaffold.cli.migration_report import print_diff, print_report
    from mmscaffold.migrate import plan_migration, write_plan
    from mmscaffold.migrate.output import copies_of
    from mmscaffold.migrate.write import write_copies

    project = _project(project_dir, configs)
    plan = plan_migration(configs, project.class_map, keep_going=keep_going)
    context = click.get_current_context()
    if diff or check:
        if diff:
            print_diff(plan)
            print_report(plan, project, written=None)
        context.exit(2 if plan.failed else 1 if plan.edited else 0)
    written = write_plan(plan) if output is None else write_copies(output, copies_of(plan))
    print_report(plan, project, written=written, output=output)
    context.exit(2 if plan.failed else 0)


def _project(project_dir: Path | None, configs: tuple[Path, ...]) -> Project:
    from mmscaffold.project import find_project, load_project

    if project_dir is not None:
        return load_project(project_dir)
    folders = [path.resolve() if path.is_dir() else path.resolve().parent for path in configs]
    return find_project([*folders, Path.cwd()])
