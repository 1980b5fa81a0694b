"""``-q`` and ``-v``: how much every command says beside what it was asked for."""

from __future__ import annotations

import click

_QUIET = "mmscaffold.quiet"
_VERBOSE = "mmscaffold.verbose"


def add_loudness(command: click.Command) -> None:
    """Give a command the options ``-q`` and ``-v``, unless it has them."""
    have = {name for parameter in command.params for name in parameter.opts}
    if "--quiet" not in have:
        command.params += [
            _option("-q", "--quiet", _QUIET, "Print only what was asked for, and what is wrong."),
            _option("-v", "--verbose", _VERBOSE, _HELP_VERBOSE.get(command.name, _TRACEBACK)),
        ]


_TRACEBACK = "If mmscaffold itself fails, show where, call by call."
_HELP_VERBOSE: dict[str | None, str] = {
    "check": "Say where the classes of packages were read, and which annotation files.",
}


def _option(short: str, long: str, key: str, text: str) -> click.Option:
    def remember(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
        context.meta[key] = value

    return click.Option(
        [short, long], is_flag=True, expose_value=False, callback=remember, help=text
    )


def is_quiet() -> bool:
    """Whether ``-q`` was given."""
    return _was_given(_QUIET)


def is_verbose() -> bool:
    """Whether ``-v`` was given."""
    return _was_given(_VERBOSE)


def _was_given(key: str) -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(key))
