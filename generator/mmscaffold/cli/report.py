"""``mmscaffold report``: a page about a tree of configs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmscaffold.cli.choice import Choice

if TYPE_CHECKING:
    from mmscaffold.report.comparison import Comparison
    from mmscaffold.report.contents import Contents


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
@click.option(
    "--upgrade",
    "upgrades",
    is_flag=True,
    help="Show what `mmscaffold upgrade` would make of configs of 2.x; nothing is written.",
)
@click.option("--with-bases", is_flag=True, help="With --upgrade: also bases that were not named.")
@click.option("--max-epochs", type=click.IntRange(min=1), metavar="N", help="With --migrate.")
@click.option("--max-iters", type=click.IntRange(min=1), metavar="N", help="With --migrate.")
@click.option("--format", "form", type=Choice(["text", "json"]), default="text")
def command(
    paths: tuple[Path, ...],
    output: Path,
    against: Path | None,
    migrates: bool,
    upgrades: bool,
    with_bases: bool,
    max_epochs: int | None,
    max_iters: int | None,
    form: str,
) -> None:
    """Write one page of HTML about the configs in PATHS.

    It shows what each trains and its schedule, where each value was written, who inherits from
    whom and what would change with a base, and what `mmscaffold check` finds. It needs no network:
    open it from disk. Nothing is run.
    """
    from mmscaffold.check import load_settings
    from mmscaffold.cli.drawing import check_page, write_page
    from mmscaffold.cli.planned_changes import planned_migration, planned_upgrade
    from mmscaffold.cli.progress import progress_bar
    from mmscaffold.cli.text import count, say, shorten
    from mmscaffold.report import compare_with_plan, compare_with_tree, gather, page

    check_page(output)
    if (against is not None) + migrates + upgrades > 1:
        raise click.UsageError("--against, --migrate and --upgrade all show changes: give one")
    if (max_epochs or max_iters) and not migrates:
        raise click.UsageError("--max-epochs and --max-iters are for --migrate")
    if with_bases and not upgrades:
        raise click.UsageError("--with-bases is for --upgrade")
    planned = None
    if migrates:
        planned = planned_migration(paths, max_epochs, max_iters)
    elif upgrades:
        planned = planned_upgrade(paths, with_bases=with_bases)
    with progress_bar("Reading") as progress:
        contents = gather(paths, load_settings(paths[0], (), ()), progress)
    comparison = None
    if planned is not None:
        comparison = compare_with_plan(contents, planned)
    elif against is not None:
        comparison = compare_with_tree(contents, against)
    text = page(contents, f"Configs in {contents.root.name}", comparison)
    write_page(text, output)
    if form == "json":
        _print_json(output, contents, comparison)
        return
    failed = f", {len(contents.failed)} could not be read" if contents.failed else ""
    changed = "" if comparison is None else f", {len(comparison.changed)} changed"
    if planned is not None and planned.failed:
        changed += f", {len(planned.failed)} cannot be {'migrated' if migrates else 'upgraded'}"
    say(
        f"{shorten(output)} written: {count(len(contents.configs), 'config')}{failed}{changed}, "
        f"{count(len(contents.found), 'finding')}."
    )


def _print_json(output: Path, contents: Contents, comparison: Comparison | None) -> None:
    from mmscaffold.cli.documents import say_document

    files = contents.values.files

    def failed(pairs: Iterable[tuple[int, str]]) -> list[dict[str, str]]:
        return [{"path": str(files[number]), "error": text} for number, text in pairs]

    changed = None if comparison is None else comparison.changed
    body = {
        "page": str(output.absolute()),
        "configs": [str(files[one.file]) for one in contents.configs],
        "findings": len(contents.found),
        "failed": failed(contents.failed),
        "changed": None if changed is None else [str(files[one.file]) for one in changed],
        "not_changed": None if comparison is None else failed(comparison.failed),
    }
    say_document("report", body)
