"""``mmscaffold info``: what a bug report should say of the environment."""

from __future__ import annotations

import click

from mmscaffold.cli.choice import Choice


@click.command("info")
@click.option("--format", "form", type=Choice(["text", "json"]), default="text")
def command(form: str) -> None:
    """Print the versions that a bug report needs.

    Nothing is imported: what is printed of MMDetection, mmengine, mmcv and torch is what their
    installers wrote down.
    """
    from mmscaffold.cli.documents import say_document
    from mmscaffold.cli.environment import environment
    from mmscaffold.cli.text import say, shorten

    found = environment()
    if form == "json":
        say_document("info", {"environment": found})
        return
    width = max(map(len, found))
    for name, version in found.items():
        say(f"{name:{width}}  {shorten(version or 'not installed')}")
