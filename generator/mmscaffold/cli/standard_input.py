"""A config on standard input, for the commands that rewrite configs."""

from __future__ import annotations

import sys
from pathlib import Path

import click


def standard_input(
    configs: tuple[Path, ...], name: Path, output: Path | None
) -> dict[Path, bytes]:
    """What standard input holds, as the content of a file, if ``-`` asks for it.

    Args:
        configs: What the command was given.
        name: The path to assume for it.
        output: Where the command writes to, if it was told.

    Raises:
        click.UsageError: If it is asked for together with something else.
    """
    if configs == (Path("-"),):
        if output is not None:
            raise click.UsageError(
                "--output cannot be used with -: the result goes to standard output"
            )
        return {name.absolute(): sys.stdin.buffer.read()}
    if Path("-") in configs:
        raise click.UsageError("- cannot be combined with other configs")
    return {}
