"""The options of several commands that say how much data there is, each with one help."""

from __future__ import annotations

import click

dataset_size = click.option(
    "--dataset-size",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many samples the training set has, each counted once; with the batch size of the "
    "config and --gpus.",
)

gpus = click.option(
    "--gpus", type=click.IntRange(min=1), metavar="N", help="How many processes train at once."
)
