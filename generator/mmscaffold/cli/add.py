"""``mmscaffold add``: put one component into a project."""

from __future__ import annotations

import os
from pathlib import Path

import click

from mmscaffold.scaffold.component import KINDS


@click.command("add")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("name")
@click.option(
    "--base",
    required=True,
    metavar="CLASS",
    help="The class to derive from: EpochBasedTrainLoop, or package.module:Class.",
)
@click.option(
    "--project",
    "root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help="The project's folder, or one in it; the current one by default.",
)
@click.option("--package", help="The project's package, if it has several.")
@click.option("--diff", is_flag=True, help="Show what would be added; write nothing.")
def command(kind: str, name: str, base: str, root: Path, package: str | None, diff: bool) -> None:
    """Add the class NAME to a project: its module, registration, import and test.

    Any project built on mmengine will do. Nothing that is there is changed, beside the imports
    and `__all__` of its packages; `mmscaffold migrate --undo` takes it all out again.

    Exit codes: 0 done; 1 with --diff; 2 on an error, in which case nothing is added.
    """
    from mmscaffold.cli.invocation import command_line
    from mmscaffold.cli.past_runs import recover_and_tell
    from mmscaffold.cli.text import say, shorten
    from mmscaffold.scaffold.add_component import plan_addition, project_root

    root = project_root(Path(os.path.abspath(root)))  # noqa: PTH100
    if not diff:
        recover_and_tell([root])
    addition = plan_addition(root, kind, name, base, package)
    if diff:
        _print_diff(addition.new, addition.changed)
        click.get_current_context().exit(1)
    for path in addition.write(command=command_line(click.get_current_context())):
        say(f"{'added' if path in addition.new else 'extended'}: {shorten(path)}")


def _print_diff(new: dict[Path, bytes], changed: dict[Path, bytes]) -> None:
    import difflib

    from mmscaffold.cli.text import say, shorten

    for path, raw in {**new, **changed}.items():
        before = path.read_text(encoding="utf-8") if path in changed else ""
        lines = difflib.unified_diff(
            before.splitlines(),
            raw.decode().splitlines(),
            shorten(path),
            shorten(path),
            lineterm="",
        )
        for line in lines:
            say(line)
