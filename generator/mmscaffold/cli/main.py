"""The ``mmscaffold`` command; subcommands are imported when they are called."""

from __future__ import annotations

import errno
import importlib
import io
import os
import sys
from typing import Any

import click

import mmscaffold
from mmscaffold.cli.colour import chosen_colour
from mmscaffold.cli.loudness import add_loudness, is_verbose
from mmscaffold.cli.text import say, shorten, visible
from mmscaffold.errors import MmscaffoldError, did_you_mean

_FULL = (errno.ENOSPC, errno.EDQUOT)  # of a disk, and of what one may use of it
_COMMANDS = {
    "add": "Add a loop, a model, a metric or any other component to a project.",
    "check": "Find what makes epochs, ETA and learning rates go wrong.",
    "diagnose": "Read the log of a run that went wrong, and name the likely causes.",
    "explain": "Show the page of a rule.",
    "info": "Print the versions that a bug report needs.",
    "lsp": "Serve an editor: findings, hover, completion and more as one types.",
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
        add_loudness(command)
        return command

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        # Here, for what is wrong with the words themselves is told in colours, too.
        return super().make_context(*args, color=chosen_colour(), **extra)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            meant = did_you_mean(name.lower(), _COMMANDS)
            ctx.fail(f"there is no command {visible(name)!r}. {meant}".rstrip())
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
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
        except Exception:
            if is_verbose():
                import traceback

                say(traceback.format_exc(), err=True)
            raise


def _one_place(error: MmscaffoldError) -> str:
    """An error as text; the name of a file is one line, whatever is in it."""
    text = str(error)
    return text if error.where is None else visible(error.where) + text[len(error.where) :]


def _print_version(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        click.echo(f"mmscaffold, version {mmscaffold.__version__}")
        context.exit()


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version; `mmscaffold info` prints those of all that matters.",
)
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
        if isinstance(error, OSError) and error.errno in _FULL:
            # What is left to print must not fail once more when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            what = error.filename or "the output"
            click.echo(f"error: {what}: cannot be written: {error.strerror}", err=True)
            sys.exit(2)
        from mmscaffold.cli.fault import fault_report

        click.echo(fault_report(error), err=True)
        sys.exit(3)
