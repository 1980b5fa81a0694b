"""``mmscaffold plot``: the learning rate of configs, and what happens when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmscaffold.cli import data_options

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
def command(
    configs: tuple[Path, ...],
    output: Path | None,
    iters_per_epoch: int | None,
    dataset_size: int | None,
    gpus: int | None,
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
    require("plotext") if output is None else check_output(output)
    resolver = Resolver()
    charts = []
    for path, name in zip(configs, _names(configs), strict=True):
        config = resolver.resolve(path)
        size = iters_per_epoch
        if dataset_size is not None:
            size = iterations_per_epoch(config.root, dataset_size, gpus or 1, path)
        charts.append(chart_of(config.root, path, visible(name), per_epoch=size, gpus=gpus))
    if output is None:
        _show(charts)
    else:
        write_picture(charts, output)


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
