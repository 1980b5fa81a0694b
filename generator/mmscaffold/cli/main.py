"""The ``mmscaffold`` command; subcommands are imported when they are called."""

from __future__ import annotations

import importlib
import io
import os
import sys
from typing import Any

import click

import mmscaffold
from mmscaffold.cli.text import say, shorten, visible
from mmscaffold.errors import MmscaffoldError

_COMMANDS = {
    "add": "Add a loop, a model, a metric or any other component to a project.",
    "check": "Find what makes epochs, ETA and learning rates go wrong.",
    "diagnose": "Read the log of a run that went wrong, and name the likely causes.",
    "explain": "Show the page of a rule.",
    "migrate": "Move configs onto a project's Runner, loops and models.",
    "new": "Start a project from the template.",
    "plot": "Draw the learning rate of configs, and what happens when.",
    "report": "Write a page about a tree of configs.",
    "resolve": "Print a config with its bases merged in.",
    "update": "Bring a project to the template of this version.",
    "upgrade": "Rewrite configs of MMDetection 2.x for 3.x.",
}


class _LazyGroup(click.Group):
    """Imports a subcommand only when it is called, so that start-up stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"mmscaffold.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MmscaffoldError as error:
            say(f"error: {shorten(_one_place(error))}", err=True)
            ctx.exit(2)
        except OSError as error:
            if not isinstance(error.filename, str):
                raise
            # A name on the command line that no file can have, or a folder that is closed to us.
            say(f"error: {visible(shorten(error.filename))}: {error.strerror}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(130)


def _one_place(error: MmscaffoldError) -> str:
    """An error as text; the name of a file is one line, whatever is in it."""
    text = str(error)
    return text if error.where is None else visible(error.where) + text[len(error.where) :]


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(mmscaffold.__version__, prog_name="mmscaffold")
def group() -> None:
    """Start, migrate and check MMDetection projects that count their epochs correctly."""


def main() -> None:
    """Run the command line; whatever ends it, people read a sentence and not a traceback.

    Exit codes beside those of the commands: 3 for a fault of mmscaffold itself, 130 for Ctrl-C.
    """
    # Names of files, and values of configs, may hold what the terminal cannot show.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        group(prog_name="mmscaffold")
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads our output has left (`mmscaffold ... | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
    except Exception as error:
        from mmscaffold.cli.fault import fault_report

        click.echo(fault_report(error), err=True)
        sys.exit(3)
