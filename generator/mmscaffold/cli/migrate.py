"""``mmscaffold migrate``: move configs onto a project's classes, or to another length."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmscaffold.cli.choice import Choice

if TYPE_CHECKING:
    from mmscaffold.migrate import MigrationPlan
    from mmscaffold.migrate.mmengine_verification import MmengineVerification
    from mmscaffold.migrate.task import Task


@click.command("migrate")
@click.argument("configs", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--project",
    "project_dir",
    type=click.Path(path_type=Path),
    help="The project whose classes to use; by default the one that contains the configs "
    "or the current folder.",
)
@click.option("--diff", is_flag=True, help="Show what would change; write nothing.")
@click.option("--check", is_flag=True, help="Print nothing; exit with 1 if anything would change.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Write the migrated configs, and the bases they need, into this folder.",
)
@click.option(
    "--keep-going",
    is_flag=True,
    help="Migrate whatever can be migrated; list the rest, which then resolves as before.",
)
@click.option("--max-epochs", type=click.IntRange(1), metavar="N", help="Train N epochs instead.")
@click.option(
    "--max-iters", type=click.IntRange(1), metavar="N", help="Train N iterations instead."
)
@click.option(
    "--to-iters",
    is_flag=True,
    help="Count iterations instead of epochs, and train for just as long.",
)
@click.option(
    "--to-epochs",
    is_flag=True,
    help="Count epochs instead of iterations, and train for just as long.",
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
    help="With --dataset-size: how many images an iteration takes over all GPUs; by default "
    "the config's batch size, on one GPU.",
)
@click.option(
    "--only",
    "steps",
    multiple=True,
    type=Choice(["runner", "loops", "model", "hooks", "imports", "length"]),
    help="Perform only this step; repeatable.",
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="UPSTREAM=OURS",
    help="Replace one class with another, overriding the project: "
    "RetinaNet=my_project.models:MyRetinaNet. Repeatable.",
)
@click.option(
    "--verify",
    type=Choice(["resolve", "mmengine"]),
    default="resolve",
    help="With mmengine, also load every config with mmengine, before and after, in a "
    "separate process. This runs the configs.",
)
@click.option(
    "--stdin-filename",
    type=click.Path(path_type=Path),
    default=Path("stdin.py"),
    help="The path to assume for the config read from -; it decides where its bases are "
    "and which format it has.",
)
@click.option(
    "--undo",
    "undoing",
    is_flag=True,
    help="Restore the files of the last run that changed CONFIGS, by default of the last run "
    "that changed anything in the current folder. Repeated, it goes further back.",
)
@click.option(
    "--forget",
    is_flag=True,
    help="With --undo: give up the files that cannot be restored, and a damaged journal.",
)
@click.option(
    "--history", is_flag=True, help="List the runs that --undo can undo, the latest first."
)
@click.option("--format", "form", type=Choice(["text", "json"]), default="text")
@click.option(
    "--plot",
    "picture",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw the schedule of one config before and after: .png, .svg, .pdf or .html.",
)
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
    verify: str,
    stdin_filename: Path,
    undoing: bool,
    forget: bool,
    history: bool,
    form: str,
    picture: Path | None,
) -> None:
    """Rewrite CONFIGS (files or folders) so that they use a project's classes.

    A single - reads one config from standard input and writes it to standard output.

    What inherits from them elsewhere in the project would change with them: those configs are
    found, listed and migrated too. One that cannot be migrated, or sets a training length of its
    own where the length changes, is edited so that it stays as it was.

    With --max-epochs or --max-iters, everything that depends on the training length changes
    with it: the learning rate schedule, the validations, the hooks that switch stages.
    With --to-iters or --to-epochs, training counts in the other unit, and the sampler changes too.

    Every change is planned, applied and verified: each config is re-resolved and must differ
    only in what was planned. Either all files are written, or none.

    Exit codes: 0 done or nothing to do; 1 with --diff or --check if anything would change;
    2 on an error, in which case no file is changed (except with --keep-going).
    """
    from mmscaffold.cli.drawing import check_change_output, draw_change
    from mmscaffold.cli.invocation import command_line
    from mmscaffold.cli.migration_task import length_of, task_of, unit_of
    from mmscaffold.cli.past_runs import recover_and_tell, told_as_written
    from mmscaffold.cli.standard_input import standard_input

    context = click.get_current_context()
    if undoing or forget or history:
        context.exit(_look_back(configs, form, undoing=undoing, forget=forget, history=history))
    if not configs:
        raise click.UsageError("name at least one config file or folder")
    length = length_of(max_epochs, max_iters)
    unit = unit_of(to_iters, to_epochs, iters_per_epoch, dataset_size, batch_size)
    if length is not None and unit is not None:
        raise click.UsageError(
            "change either the length or the unit, and the other in a second run"
        )
    overlay = standard_input(configs, stdin_filename, output)
    if picture is not None:
        check_change_output(configs, picture)
    piped = bool(overlay)
    if piped:
        configs = tuple(overlay)
    writes = not (diff or check or piped)
    if writes:
        recover_and_tell(configs)
    task, root = task_of(configs, project_dir, length or unit, steps, mapped)
    run = _Run(configs, task, root, overlay)
    # Copies elsewhere change nothing for what inherits from the originals.
    plan = run.plan(
        keep_going=keep_going,
        with_mmengine=verify == "mmengine",
        with_heirs=output is None and not piped,
    )
    if picture is not None:
        contents = {file.path: file.after for file in plan.files}
        draw_change(configs[0], contents, overlay, picture, per_epoch=iters_per_epoch)
    if piped and not (diff or check):
        sys.stdout.buffer.write(plan.files[0].after)
        context.exit(0)
    written = run.write(output, command_line(context)) if writes else None
    with told_as_written(None if output else written):
        run.report(form, diff=diff, quiet=check, written=written, output=output)
    pending = written is None and bool(plan.edited)
    context.exit(2 if plan.failed else 1 if pending else 0)


class _Run:
    """One migration: planned, verified, written, reported."""

    def __init__(
        self, configs: tuple[Path, ...], task: Task, root: Path | None, overlay: dict[Path, bytes]
    ) -> None:
        self._configs = configs
        self._task = task
        self._root = root
        self._overlay = overlay
        self._plan: MigrationPlan
        self._mmengine: MmengineVerification | None = None

    def plan(self, *, keep_going: bool, with_mmengine: bool, with_heirs: bool) -> MigrationPlan:
        from mmscaffold.cli.progress import progress_bar
        from mmscaffold.migrate import plan_migration

        with progress_bar("Migrating") as progress:
            self._plan = plan_migration(
                self._configs,
                self._task,
                keep_going=keep_going,
                overlay=self._overlay,
                progress=progress,
                with_heirs=with_heirs,
            )
        if with_mmengine:
            from mmscaffold.migrate.mmengine_verification import verify_with_mmengine

            self._mmengine = verify_with_mmengine(self._plan)
        return self._plan

    def write(self, output: Path | None, command: str) -> list[Path]:
        from mmscaffold.migrate import write_plan
        from mmscaffold.migrate.output import copies_of
        from mmscaffold.writing import write_copies

        if output is None:
            return write_plan(self._plan, command=command)
        return write_copies(output, copies_of(self._plan))

    def report(
        self,
        form: str,
        *,
        diff: bool,
        quiet: bool,
        written: list[Path] | None,
        output: Path | None,
    ) -> None:
        from mmscaffold.cli.migration_report import print_diff, print_json, print_report

        if form == "json":
            print_json(self._plan, written=written, mmengine=self._mmengine)
        elif not quiet:
            if diff:
                print_diff(self._plan)
            print_report(
                self._plan,
                self._root,
                written=written,
                output=output,
                mmengine=self._mmengine,
                class_map=self._task.class_map,
            )


def _look_back(
    configs: tuple[Path, ...], form: str, *, undoing: bool, forget: bool, history: bool
) -> int:
    """Undo a run, or list what can be undone."""
    from mmscaffold.cli.past_runs import print_history, undo_and_tell

    if undoing and history:
        raise click.UsageError("give --undo or --history, not both")
    if forget and not undoing:
        raise click.UsageError("--forget is for --undo")
    places = configs or (Path(),)
    if undoing:
        return undo_and_tell(places, forget=forget)
    print_history(places, form)
    return 0
