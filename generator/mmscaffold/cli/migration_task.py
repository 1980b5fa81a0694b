"""The task that the options of ``mmscaffold migrate`` describe."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from mmscaffold.migrate.task import NewLength, NewUnit, Task
    from mmscaffold.project import Project


def task_of(
    configs: tuple[Path, ...],
    project_dir: Path | None,
    length: NewLength | NewUnit | None,
    only: tuple[str, ...],
    mapped: tuple[str, ...],
) -> tuple[Task, Path | None]:
    """The task that the options describe, and the project whose classes to use.

    Raises:
        ProjectError: If the configs' classes must change and no project is found.
        click.UsageError: If the options contradict each other.
    """
    from mmscaffold.migrate.selection import refuse_unsuitable
    from mmscaffold.migrate.task import ALL_STEPS, Step, Task
    from mmscaffold.project import ProjectError
    from mmscaffold.project.named_nowhere import refuse_unknown_names

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
            # A project would not help with a script, or a config of 2.x.
            refuse_unsuitable(configs)
            raise
        return Task(None, length, frozenset({Step.LENGTH})), None
    if steps != {Step.LENGTH}:
        refuse_unknown_names(project, mapped)
    shown = None if steps == {Step.LENGTH} else project.root
    return Task(project.class_map, length, steps), shown


def length_of(max_epochs: int | None, max_iters: int | None) -> NewLength | None:
    """The new length, if one is given.

    Raises:
        click.UsageError: If both units are given.
    """
    from mmscaffold.facts.units import Unit
    from mmscaffold.migrate.task import NewLength

    if max_epochs is not None and max_iters is not None:
        raise click.UsageError("give --max-epochs or --max-iters, not both")
    if max_epochs is not None:
        return NewLength(Unit.EPOCHS, max_epochs)
    return None if max_iters is None else NewLength(Unit.ITERATIONS, max_iters)


def unit_of(
    to_iters: bool,
    to_epochs: bool,
    iters_per_epoch: int | None,
    dataset_size: int | None,
    batch_size: int | None,
) -> NewUnit | None:
    """The new unit, if one is given.

    Raises:
        click.UsageError: If the options contradict each other.
    """
    from mmscaffold.facts.units import Unit
    from mmscaffold.migrate.task import NewUnit

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


def _project(
    project_dir: Path | None, configs: tuple[Path, ...], mapped: tuple[str, ...]
) -> Project:
    from mmscaffold.project import find_project, load_project

    if project_dir is not None:
        return load_project(project_dir, mapped)
    # Unlike Path.resolve, it ends with links that lead to each other, too.
    real = [Path(os.path.realpath(path)) for path in configs]
    folders = [path if path.is_dir() else path.parent for path in real]
    return find_project([*folders, Path.cwd()], mapped)
