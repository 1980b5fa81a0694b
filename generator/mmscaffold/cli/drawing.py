"""What the commands that draw share: what they need, what they refuse, what they write."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mmscaffold.pictures.chart import Chart


def require(library: str, extra: str = "plot") -> None:
    """Refuse to go on without a library of an extra.

    Args:
        library: By the name that it is imported by.
        extra: What brings it.

    Raises:
        UsageError: If it is not installed.
    """
    if importlib.util.find_spec(library) is None:
        raise click.UsageError(
            f'this needs {library}: install it with `pip install "mmscaffold[{extra}]"`'
        )


def check_output(path: Path) -> None:
    """Refuse a picture that cannot be drawn, before any work is done.

    Raises:
        UsageError: If its ending says nothing that can be drawn, or matplotlib is missing.
    """
    require("matplotlib")
    from mmscaffold.pictures.style import FORMATS

    if path.suffix.lower() not in FORMATS:
        raise click.UsageError(f"a picture must end in {', '.join(FORMATS)}, not {path.name!r}")


def check_page(path: Path) -> None:
    """Refuse a page that cannot be made, before any work is done.

    Raises:
        UsageError: If its ending is not that of a page, or jinja2 is missing.
    """
    if path.suffix.lower() not in (".html", ".htm"):
        raise click.UsageError(f"the page must end in .html, not {path.name!r}")
    require("jinja2", "report")


def write_page(text: str, path: Path) -> None:
    """Write a page.

    Raises:
        ConfigError: If the file cannot be written.
    """
    from mmscaffold.config import ConfigError

    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}", where=str(path)) from error


def chart_of(
    config: Mapping[str, Any],
    path: Path,
    name: str,
    *,
    per_epoch: int | None = None,
    gpus: int | None = None,
) -> Chart:
    """The chart of a config.

    Args:
        config: A resolved config.
        path: Its file.
        name: What to call it.
        per_epoch: Iterations of an epoch.
        gpus: Processes that train at once.

    Raises:
        ConfigError: If what it would show is not known.
    """
    from mmscaffold.config import ConfigError
    from mmscaffold.pictures.chart import schedule_chart
    from mmscaffold.schedule.curves import NotKnownError

    try:
        return schedule_chart(config, name, per_epoch=per_epoch, gpus=gpus)
    except NotKnownError as error:
        raise ConfigError(
            f"cannot be drawn: {error}",
            where=str(path),
            hint="`mmscaffold resolve --origins` shows where each value comes from.",
        ) from error


def write_picture(charts: Sequence[Chart], path: Path) -> None:
    """Draw charts over each other, and say so.

    Raises:
        ConfigError: If the file cannot be written.
    """
    from mmscaffold.cli.text import say, visible
    from mmscaffold.config import ConfigError
    from mmscaffold.pictures.drawing import draw

    try:
        draw(charts, path)
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}", where=str(path)) from error
    say(f"{visible(str(path))} written.", err=True)


def check_change_output(configs: Sequence[Path], path: Path) -> None:
    """Refuse a picture of a change that cannot be drawn, before any work is done.

    Args:
        configs: What changes.
        path: Where the picture goes.

    Raises:
        UsageError: If it is not a single config; else as ``check_output``.
    """
    if len(configs) != 1 or configs[0].is_dir():
        raise click.UsageError("--plot draws a single config: name one file")
    check_output(path)


def draw_change(
    config: Path,
    planned: Mapping[Path, bytes],
    overlay: Mapping[Path, bytes],
    path: Path,
    *,
    per_epoch: int | None = None,
) -> None:
    """Draw the schedule of a config as it is, and as it is planned.

    Args:
        config: The file.
        planned: What files would hold, by absolute path.
        overlay: What they hold now, where that is not what lies on disk.
        path: Where the picture goes.
        per_epoch: Iterations of an epoch.

    Raises:
        ConfigError: If what it would show is not known, or the picture cannot be written.
    """
    from mmscaffold.config import Resolver

    states = ((overlay, "before"), ({**overlay, **planned}, "after"))
    charts = [
        chart_of(
            Resolver(files).resolve(config).root,
            config,
            f"{config.name} {word}",
            per_epoch=per_epoch,
        )
        for files, word in states
    ]
    write_picture(charts, path)


def iterations_per_epoch(config: Mapping[str, Any], samples: int, gpus: int, path: Path) -> int:
    """How many batches a data set makes, by the batch size of the config.

    Args:
        config: A resolved config, of mmengine or of 2.x.
        samples: Of the training set, each counted once.
        gpus: Processes that train at once.
        path: Its file.

    Raises:
        ConfigError: If the batch size is not known, or how often an epoch shows each sample.
    """
    from mmscaffold.config import ConfigError
    from mmscaffold.schedule.data import EpochLengthError, epoch_length

    try:
        return epoch_length(config, samples, gpus)
    except EpochLengthError as error:
        hint = "Say how many iterations an epoch has: --iters-per-epoch."
        raise ConfigError(str(error), where=str(path), hint=hint) from error
