"""``mmscaffold diagnose``: read the log of a run that went wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmscaffold.cli.choice import Choice
from mmscaffold.cli.documents import say_document
from mmscaffold.cli.text import say, shorten, visible

if TYPE_CHECKING:
    from mmscaffold.diagnose import Diagnosis


@click.command("diagnose")
@click.argument(
    "paths", nargs=-1, required=True, metavar="LOG...", type=click.Path(path_type=Path)
)
@click.option("--format", "form", type=Choice(["text", "json"]), default="text")
@click.option(
    "--plot",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Draw the run over what its config plans: .png, .svg, .pdf or .html.",
)
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.html",
    help="Write a page: the run over what its config plans, the lines of the log, the causes.",
)
@click.option(
    "--follow",
    "follows",
    is_flag=True,
    help="Watch a training that still runs, and tell each new symptom at once (needs watchfiles).",
)
@click.option(
    "--fail-fast",
    is_flag=True,
    help="With --follow: end with exit code 1 at the first symptom that is more than a note.",
)
def command(
    paths: tuple[Path, ...],
    form: str,
    plot: Path | None,
    report_file: Path | None,
    follows: bool,
    fail_fast: bool,
) -> None:
    """Say what went wrong in a training run, and why.

    LOG is the .log file that mmengine writes, its vis_data/scalars.json, or a work folder:
    its newest run, with those that it resumed. Several logs are read as one
    resumed run, in that order. The config is read from the log or from a file beside it; nothing
    is run.

    Each symptom comes with the lines that show it, and each cause with the rules by which
    `mmscaffold check` finds it in code and configs.

    With --follow, LOG is a .log file or a work folder, of which it is the log that is written to;
    it need not be there yet.

    Exit codes: 0 nothing wrong; 1 something found; 2 no such file, not an mmengine log, or lines
    that could not be understood.
    """
    from mmscaffold.cli.diagnosis_text import diagnosis_as_json, show_diagnosis
    from mmscaffold.cli.drawing import check_output, check_page
    from mmscaffold.diagnose import diagnose

    if fail_fast and not follows:
        raise click.UsageError("--fail-fast needs --follow")
    if plot is not None:
        check_output(plot)
    if report_file is not None:
        check_page(report_file)
        if plot is not None and plot.absolute() == report_file.absolute():
            raise click.UsageError("--plot and --report name the same file")
    if follows:
        from mmscaffold.cli.following import follow

        if len(paths) > 1:
            raise click.UsageError("--follow watches one log or work folder: give one")
        diagnosis = follow(paths[0], fail_fast=fail_fast, form=form)
    else:
        diagnosis = diagnose(list(paths))
    notes = [] if plot is None else _draw(diagnosis, plot)
    if report_file is not None:
        _write_page(diagnosis, report_file)
    if form == "json" and not follows:
        say_document("diagnose", diagnosis_as_json(diagnosis))
    elif form == "text":
        if not follows:
            show_diagnosis(diagnosis)
        if plot is not None:
            say(f"Plot: {shorten(plot)}")
            for note in notes:
                say(f"  {note}")
        if report_file is not None:
            say(f"Report: {shorten(report_file)}")
    click.get_current_context().exit(diagnosis.exit_code)


def _write_page(diagnosis: Diagnosis, path: Path) -> None:
    from mmscaffold.cli.drawing import write_page
    from mmscaffold.report import run_page

    write_page(run_page(diagnosis), path)


def _draw(diagnosis: Diagnosis, path: Path) -> list[str]:
    """Draw what was seen; where it parts from what was planned, in words."""
    from mmscaffold.diagnose.picture import run_picture
    from mmscaffold.errors import MmscaffoldError
    from mmscaffold.pictures.panel_drawing import draw_panels

    picture = run_picture(diagnosis)
    try:
        draw_panels(picture, path)
    except OSError as error:
        where = visible(str(path))
        raise MmscaffoldError(
            f"cannot be written: {error.strerror or error}", where=where
        ) from error
    return list(picture.notes)
