"""``mmscaffold report``: a page about a tree of configs."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.html",
    help="The page to write.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True),
    metavar="OLD_TREE",
    help="Show what changed in each config since this older tree.",
)
@click.option(
    "--migrate",
    "migrates",
    is_flag=True,
    help="Show what `mmscaffold migrate` would change; nothing is written.",
)
@click.option("--max-epochs", type=click.IntRange(min=1), metavar="N", help="With --migrate.")
@click.option("--max-iters", type=click.IntRange(min=1), metavar="N", help="With --migrate.")
def command(
    paths: tuple[Path, ...],
    output: Path,
    against: Path | None,
    migrates: bool,
    max_epochs: int | None,
    max_iters: int | None,
) -> None:
    """Write one page of HTML about the configs in PATHS.

    It shows what each trains and its schedule, where each value was written, who inherits from
    whom and what would change with a base, and what `mmscaffold check` finds. It needs no network:
    open it from disk. Nothing is run.
    """
    from mmscaffold.check import load_settings
    from mmscaffold.cli.progress import progress_bar
    from mmscaffold.cli.text import count, say, shorten
    from mmscaffold.config import ConfigError
    from mmscaffold.report import compare_with_plan, compare_with_tree, gather, page

    if output.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"the page must end in .html, not {output.name!r}")
    if against is not None and migrates:
        raise click.UsageError("--against and --migrate show changes both: give one")
    if (max_epochs or max_iters) and not migrates:
        raise click.UsageError("--max-epochs and --max-iters are for --migrate")
    planned = _planned(paths, max_epochs, max_iters) if migrates else None
    with progress_bar("Reading") as progress:
        contents = gather(paths, load_settings(paths[0], (), ()), progress)
    comparison = None
    if planned is not None:
        comparison = compare_with_plan(contents, planned)
    elif against is not None:
        comparison = compare_with_tree(contents, against)
    text = page(contents, f"Configs in {contents.root.name}", comparison)
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}", where=str(output)) from error
    failed = f", {len(contents.failed)} could not be read" if contents.failed else ""
    changed = "" if comparison is None else f", {len(comparison.changed)} changed"
    say(
        f"{shorten(output)} written: {count(len(contents.configs), 'config')}{failed}{changed}, "
        f"{count(len(contents.found), 'finding')}."
    )


def _planned(
    paths: tuple[Path, ...], max_epochs: int | None, max_iters: int | None
) -> dict[Path, bytes]:
    """What a migration would write."""
    from mmscaffold.cli.migration_task import length_of, task_of
    from mmscaffold.migrate import plan_migration

    task, _ = task_of(paths, None, length_of(max_epochs, max_iters), (), ())
    plan = plan_migration(paths, task, keep_going=True)
    return {file.path: file.after for file in plan.files}
