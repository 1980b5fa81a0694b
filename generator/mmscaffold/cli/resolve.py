"""``mmscaffold resolve``: print a config with its bases merged in."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("resolve")
@click.argument("config", type=click.Path(path_type=Path))
@click.option("--get", "key", metavar="KEY", help="Print one value, and where it came from.")
@click.option("--origins", is_flag=True, help="Print each value with its place.")
def command(config: Path, key: str | None, origins: bool) -> None:
    """Print CONFIG with its bases merged in, without running it.

    It needs no MMDetection, and says where each value was written.
    """
    from mmscaffold.cli.text import shorten
    from mmscaffold.config import resolve
    from mmscaffold.config.errors import ConfigError
    from mmscaffold.config.rendering import render
    from mmscaffold.config.resolved import format_key_path
    from mmscaffold.config.values import Unknown, to_plain

    def show(value: object) -> str:
        return repr(value) if isinstance(value, Unknown) else render(value)

    resolved = resolve(config)
    if key is not None:
        origin = resolved.origin(key)
        click.echo(show(to_plain(resolved.get(key))))
        places = [f"{origin.where}: {origin.text}"]
        if origin.copied_from is not None:
            places.append(f"which is {origin.written.where}: {origin.written.text}")
        places += [f"instead of {old.where}: {old.text}" for old in origin.overrode()]
        for place in places:
            click.echo(f"  {shorten(place)}")
        return
    for path, value in resolved.leaves():
        line = f"{format_key_path(path)} = {show(value)}"
        if origins:
            try:
                line += f"  # {shorten(resolved.origin(path).where)}"
            except ConfigError:
                line += "  # place not known"
        click.echo(line)
