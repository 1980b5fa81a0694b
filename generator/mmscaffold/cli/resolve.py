"""``mmscaffold resolve``: print configs with their bases merged in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mmscaffold.cli.choice import Choice

if TYPE_CHECKING:
    from mmscaffold.config import ResolvedConfig


@click.command("resolve")
@click.argument("configs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--get", "key", metavar="KEY", help="Print one value and where it came from.")
@click.option("--origins", is_flag=True, help="Print each value and where it was written.")
@click.option(
    "--format",
    "form",
    type=Choice(["keys", "json", "py"]),
    default="keys",
    show_default=True,
    help="One line per value, one JSON object, or one Python config without bases.",
)
def command(configs: tuple[Path, ...], key: str | None, origins: bool, form: str) -> None:
    """Print CONFIGS with their bases merged in, without running them.

    MMDetection need not be installed. --get and --origins say where values were written.
    """
    from mmscaffold.cli.text import say, visible
    from mmscaffold.config import ConfigError, Resolver

    if form != "keys" and (key is not None or origins):
        raise click.UsageError("--get and --origins can only be used with --format keys")
    for named in configs:
        if named.is_dir():
            raise ConfigError(
                "is a folder; resolve takes config files",
                where=str(named),
                hint="Name its files, such as with your shell's *.py.",
            )
    resolver = Resolver()
    resolved = [resolver.resolve(config) for config in configs]
    if form == "json":
        _print_json(configs, resolved)
        return
    for path, config in zip(configs, resolved, strict=True):
        if len(configs) > 1:
            say(f"# {visible(path)}")
        if key is not None:
            _print_value(config, key)
        elif form == "py":
            _print_python(config)
        else:
            _print_keys(config, origins=origins)


def _show(value: Any) -> str:
    from mmscaffold.config import ConfigError, Unknown
    from mmscaffold.config.edit.rendering import render
    from mmscaffold.config.evaluate.values import to_plain

    try:
        return repr(value) if isinstance(value, Unknown) else render(to_plain(value))
    except ConfigError:
        # A date of YAML, which no Python config can hold.
        return repr(value)


def _print_keys(config: ResolvedConfig, *, origins: bool) -> None:
    from mmscaffold.cli.text import say, shorten
    from mmscaffold.config import ConfigError
    from mmscaffold.config.key_path import format_key_path

    for path, value in config.leaves():
        line = f"{format_key_path(path)} = {_show(value)}"
        if origins:
            try:
                line += f"  # {shorten(config.origin(path).where)}"
            except ConfigError:
                line += "  # unknown place"
        say(line)


def _print_value(config: ResolvedConfig, key: str) -> None:
    from mmscaffold.cli.text import say, shorten

    origin = config.origin(key)
    say(_show(config.get(key)))
    places = [f"{origin.where}: {origin.text}"]
    if origin.copied_from is not None:
        places.append(f"which is {origin.written.where}: {origin.written.text}")
    places += [f"overrides {old.where}: {old.text}" for old in origin.overrode()]
    for place in places:
        say(f"  {shorten(place)}")


def _print_python(config: ResolvedConfig) -> None:
    from mmscaffold.cli.text import say
    from mmscaffold.config import Unknown
    from mmscaffold.config.edit.rendering import render_lines

    for name, value in config.to_dict().items():
        if isinstance(value, Unknown):
            say(f"# {name} = {value!r}")
        else:
            say(f"{name} = {render_lines(value)}")


def _print_json(paths: tuple[Path, ...], configs: list[ResolvedConfig]) -> None:
    from mmscaffold.cli.documents import say_document
    from mmscaffold.config import Unknown

    def default(value: object) -> object:
        if isinstance(value, Unknown):
            return {"unknown": value.reason, "where": value.where}
        return sorted(value, key=repr) if isinstance(value, set | frozenset) else str(value)

    whole = {str(path): one.to_dict() for path, one in zip(paths, configs, strict=True)}
    say_document("resolve", {"configs": whole}, default)
