"""``mmscaffold migrate``: move configs onto a project's classes, or to another length."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mmscaffold.migrate.task import NewLength, NewUnit, Task
    from mmscaffold.project import Project


@click.command("migrate")
@click.argument("configs", nargs=-1, type=click.Path(path_type=Path))
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
@click.option("--max-epochs", type=click.IntRange(1), metavar="N", help="Train N epochs instead.")
@click.option(
    "--max-iters", type=click.IntRange(1), metavar="N", help="Train N iterations instead."
)
@click.option(
    "--to-iters", is_flag=True, help="Train by iterations instead of by epochs, just as long."
)
@click.option(
    "--to-epochs", is_flag=True, help="Train by epochs instead of by iterations, just as long."
)
@click.option(
    "--iters-per-epoch",
    type=click.IntRange(1),
    metavar="N",
    help="How many iterations one epoch has, for --to-iters and --to-epochs.",
)
@click.option(
    "--dataset-size",
    type=click.IntRange(1),
    metavar="N",
    help="Instead of --iters-per-epoch: how many images the dataset has.",
)
@click.option(
    "--batch-size",
    type=click.IntRange(1),
    metavar="N",
    help="With --dataset-size: images in an iteration over all GPUs; by default the "
    "config's batch size, on one GPU.",
)
@click.option(
    "--only",
    "steps",
    multiple=True,
    type=click.Choice(["runner", "loops", "model", "hooks", "imports", "length"]),
    help="Make this step alone; repeatable.",
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="UPSTREAM=OURS",
    help="Replace one class by another, whatever the project says: "
    "RetinaNet=my_project.models:MyRetinaNet. Repeatable.",
)
@click.option(
    "--undo", "undoing", is_flag=True, help="Put the files of the last run back as they were."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(
    configs: tuple[Path, ...],
    project_dir: Path | None,
    diff: bool,
    check: bool,
    output: Path | None,
    keep_going: bool,
    max_epochs: int | None,
    max_iters: int | None,
    to_iters: bool,
    to_epochs: bool,
    iters_per_epoch: int | None,
    dataset_size: int | None,
    batch_size: int | None,
    steps: tuple[str, ...],
    mapped: tuple[str, ...],
    undoing: bool,
    form: str,
) -> None:
    """Rewrite CONFIGS (files or folders) so that they use a project's classes.

    With --max-epochs or --max-iters everything that hangs on the length of the training
    moves along: the learning rate schedule, the validations, the hooks that switch stages.
    With --to-iters or --to-epochs it counts in the other unit, and the sampler changes too.

    Every change is planned, made, and verified by resolving each config again: it must
    differ from before in exactly what was planned. Files are written all or none.

    Exit codes: 0 done or nothing to do; 1 with --diff or --check if something would
    change; 2 if something is wrong, and then no file is changed.
    """
    from mmscaffold.cli.migration_report import print_diff, print_json, print_report
    from mmscaffold.migrate import plan_migration, write_plan
    from mmscaffold.migrate.output import copies_of
    from mmscaffold.migrate.write import write_copies

    context = click.get_current_context()
    if undoing:
        if configs:
            raise click.UsageError("--undo takes no configs: it undoes the last run whole")
        context.exit(_undo())
    if not configs:
        raise click.UsageError("name a config file, or a folder of them")
    if not (diff or check):
        _recover()
    length = _length(max_epochs, max_iters)
    unit = _unit(to_iters, to_epochs, iters_per_epoch, dataset_size, batch_size)
    if length is not None and unit is not None:
        raise click.UsageError("change the length or the unit; the other in a second run")
    task, root = _task(configs, project_dir, length or unit, steps, mapped)
    plan = plan_migration(configs, task, keep_going=keep_going)
    written: list[Path] | None = None
    if not (diff or check):
        written = write_plan(plan) if output is None else write_copies(output, copies_of(plan))
    if form == "json":
        print_json(plan, written=written)
    elif not check:
        if diff:
            print_diff(plan)
        print_report(plan, root, written=written, output=output)
    pending = written is None and bool(plan.edited)
    context.exit(2 if plan.failed else 1 if pending else 0)


def _recover() -> None:
    from mmscaffold.cli.text import count, shorten
    from mmscaffold.migrate import recover_interrupted

    restored = recover_interrupted()
    if restored is None:
        return
    click.echo(
        f"An earlier run was interrupted: {count(len(restored.files), 'file')} put back.", err=True
    )
    for path in restored.left:
        click.echo(f"left alone, it changed since: {shorten(path)}", err=True)


def _undo() -> int:
    from mmscaffold.cli.text import count, shorten
    from mmscaffold.migrate import undo

    restored = undo()
    if restored is None:
        click.echo("No run to undo.")
        return 0
    for path in restored.files:
        click.echo(f"restored: {shorten(path)}")
    for path in restored.left:
        click.echo(f"left alone, it changed since: {shorten(path)}")
    click.echo(f"{count(len(restored.files), 'file')} as before the last run.")
    return 1 if restored.left else 0


def _length(max_epochs: int | None, max_iters: int | None) -> NewLength | None:
    from mmscaffold.migrate.task import NewLength
    from mmscaffold.schedule.training_length import Unit

    if max_epochs is not None and max_iters is not None:
        raise click.UsageError("give --max-epochs or --max-iters, not both")
    if max_epochs is not None:
        return NewLength(Unit.EPOCHS, max_epochs)
    return None if max_iters is None else NewLength(Unit.ITERATIONS, max_iters)


def _unit(
    to_iters: bool,
    to_epochs: bool,
    iters_per_epoch: int | None,
    dataset_size: int | None,
    batch_size: int | None,
) -> NewUnit | None:
    from mmscaffold.migrate.task import NewUnit
    from mmscaffold.schedule.training_length import Unit

    if not (to_iters or to_epochs):
        if iters_per_epoch or dataset_size or batch_size:
            raise click.UsageError(
                "--iters-per-epoch, --dataset-size and --batch-size are for --to-iters and "
                "--to-epochs"
            )
        return None
    if to_iters and to_epochs:
        raise click.UsageError("give --to-iters or --to-epochs, not both")
    if iters_per_epoch and (dataset_size or batch_size):
        raise click.UsageError("give --iters-per-epoch or --dataset-size, not both")
    unit = Unit.ITERATIONS if to_iters else Unit.EPOCHS
    return NewUnit(unit, iters_per_epoch, dataset_size, batch_size)


def _task(
    configs: tuple[Path, ...],
    project_dir: Path | None,
    length: NewLength | NewUnit | None,
    only: tuple[str, ...],
    mapped: tuple[str, ...],
) -> tuple[Task, Path | None]:
    """What is asked for, and the project whose classes are meant."""
    from mmscaffold.migrate.task import ALL_STEPS, Step, Task
    from mmscaffold.project import ProjectError

    steps = frozenset(Step(step) for step in only) or ALL_STEPS
    if Step.LENGTH in steps and only and length is None:
        raise click.UsageError(
            "--only length needs --max-epochs, --max-iters, --to-iters or --to-epochs"
        )
    needless = length is not None and project_dir is None and not mapped
    try:
        project = _project(project_dir, configs, mapped)
    except ProjectError:
        # Another length needs no project.
        if not needless or (only and steps != {Step.LENGTH}):
            raise
        return Task(None, length, frozenset({Step.LENGTH})), None
    shown = None if steps == {Step.LENGTH} else project.root
    return Task(project.class_map, length, steps), shown


def _project(
    project_dir: Path | None, configs: tuple[Path, ...], mapped: tuple[str, ...]
) -> Project:
    from mmscaffold.project import find_project, load_project

    if project_dir is not None:
        return load_project(project_dir, mapped)
    folders = [path.resolve() if path.is_dir() else path.resolve().parent for path in configs]
    return find_project([*folders, Path.cwd()], mapped)
