"""The command line of a run, to be shown again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
from click.core import ParameterSource


def command_line(context: click.Context) -> str:
    """What was typed, without the program's name: ``migrate configs --max-epochs 24``."""
    return shlex.join([context.info_name or "", *_words(context)])


def _words(context: click.Context) -> Iterator[str]:
    for parameter in context.command.params:
        name = parameter.name or ""
        if context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        if not parameter.expose_value:
            # How much was said is nobody's concern later.
            continue
        value = context.params.get(name)
        values = value if isinstance(value, tuple) else (value,)
        for one in values:
            if isinstance(parameter, click.Option):
                yield parameter.opts[-1]
                if parameter.is_flag:
                    continue
            yield str(one)
