"""``mmscaffold plot``: the learning rate of configs, and what happens when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mmscaffold.cli import data_options
from mmscaffold.cli.choice import Choice

if TYPE_CHECKING:
    from mmscaffold.pictures.chart import Chart


@click.command("plot")
@click.argument("configs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a picture: .png, .svg, .pdf or .html. Without it, a chart in the terminal.",
)
@click.option(
    "--iters-per-epoch",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many iterations an epoch has.",
)
@data_options.dataset_size
@data_options.gpus
@click.option(
    "--format",
    "form",
    type=Choice(["text", "json"]),
    default="text",
    help="json prints the curves as numbers, instead of a chart in the terminal.",
)
def command(
    configs: tuple[Path, ...],
    output: Path | None,
    iters_per_epoch: int | None,
    dataset_size: int | None,
    gpus: int | None,
    form: str,
) -> None:
    """Draw the learning rate of CONFIGS at every iteration, over each other.

    Warm-ups, milestones, validations, checkpoints and stage switches are marked. Neither torch
    nor MMDetection is needed; configs of MMDetection 2.x are drawn, too.
    """
    from mmscaffold.cli.drawing import (
        chart_of,
        check_output,
        iterations_per_epoch,
        require,
        write_picture,
    )
    from mmscaffold.cli.text import visible
    from mmscaffold.config import Resolver

    if iters_per_epoch is not None and dataset_size is not None:
        raise click.UsageError("--iters-per-epoch and --dataset-size say the same: give one")
    if output is not None:
        check_output(output)
    elif form == "text":
        require("plotext")
    resolver = Resolver()
    charts = []
    for path, name in zip(configs, _names(configs), strict=True):
        config = resolver.resolve(path)
        size = iters_per_epoch
        if dataset_size is not None:
            size = iterations_per_epoch(config.root, dataset_size, gpus or 1, path)
        charts.append(chart_of(config.root, path, visible(name), per_epoch=size, gpus=gpus))
    if output is not None:
        write_picture(charts, output)
    if form == "json":
        _print_json(configs, charts, output)
    elif output is None:
        _show(charts)


def _names(configs: tuple[Path, ...]) -> list[str]:
    """The names of files; with their folders where two have the same."""
    names = [path.name for path in configs]
    return [path.name if names.count(path.name) == 1 else str(path) for path in configs]


def _show(charts: list[Chart]) -> None:
    import shutil

    from mmscaffold.cli.colour import colours_output
    from mmscaffold.cli.text import visible
    from mmscaffold.pictures.terminal import text_chart

    size = shutil.get_terminal_size((100, 30))
    colour = colours_output()
    text = text_chart(charts, min(size.columns, 120), min(size.lines - 6, 25), colour=colour)
    click.echo(text if colour else "\n".join(visible(line) for line in text.split("\n")))


def _print_json(paths: tuple[Path, ...], charts: list[Chart], picture: Path | None) -> None:
    from mmscaffold.cli.documents import say_document

    configs = [_as_json(path, chart) for path, chart in zip(paths, charts, strict=True)]
    absolute = None if picture is None else str(picture.absolute())
    say_document("plot", {"configs": configs, "picture": absolute})


def _as_json(path: Path, chart: Chart) -> dict[str, Any]:
    from mmscaffold.pictures.reduction import points

    lines = []
    for line in chart.lines:
        at, values = points(line.curve)
        of = {"parameter": line.parameter, "group": line.group}
        lines.append({**of, "iterations": at, "values": values})
    return {
        "path": str(path.absolute()),
        "unit": chart.unit.value,
        "iterations": chart.iterations,
        "iterations_per_epoch": chart.per_epoch,
        "is_guess": chart.is_guess,
        "lines": lines,
        "marks": [
            {"iteration": one.iteration, "kind": one.kind, "text": one.text} for one in chart.marks
        ],
        "spans": [{"start": one.start, "stop": one.stop, "text": one.text} for one in chart.spans],
        "breaks": [{"iteration": one.iteration, "reason": str(one)} for one in chart.breaks],
        "left_out": list(chart.left_out),
    }
