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
def command(paths: tuple[Path, ...], output: Path) -> None:
    """Write one page of HTML about the configs in PATHS.

    It shows what each trains and its schedule, where each value was written, who inherits from
    whom and what would change with a base, and what `mmscaffold check` finds. It needs no network:
    open it from disk. Nothing is run.
    """
    from mmscaffold.check import load_settings
    from mmscaffold.cli.progress import progress_bar
    from mmscaffold.cli.text import count, say, shorten
    from mmscaffold.config import ConfigError
    from mmscaffold.report import gather, page

    if output.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"the page must end in .html, not {output.name!r}")
    with progress_bar("Reading") as progress:
        contents = gather(paths, load_settings(paths[0], (), ()), progress)
    text = page(contents, f"{contents.root.name}: configs")
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}", where=str(output)) from error
    failed = f", {len(contents.failed)} could not be read" if contents.failed else ""
    say(
        f"{shorten(output)} written: {count(len(contents.configs), 'config')}{failed}, "
        f"{count(len(contents.found), 'finding')}."
    )
