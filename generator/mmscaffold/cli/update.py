"""``mmscaffold update``: bring a project to the template of this version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmscaffold.cli.choice import Choice

if TYPE_CHECKING:
    from mmscaffold.scaffold.update_project import Update


@click.command("update")
@click.argument(
    "project",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
)
@click.option("--diff", is_flag=True, help="Show what would change; write nothing.")
@click.option(
    "--to", metavar="TAG", help="The tag of the template; by default that of this version."
)
@click.option(
    "--trust",
    is_flag=True,
    help="Let the migrations of a template that is not mmscaffold's own run commands.",
)
@click.option("--format", "form", type=Choice(["text", "json"]), default="text")
def command(project: Path, diff: bool, to: str | None, trust: bool, form: str) -> None:
    """Bring a project to the template of this version of mmscaffold.

    Your answers and your edits are kept; where both sides changed the same lines, git's
    conflict markers show both. The project must be in git, without uncommitted changes.

    Exit codes: 0 done, or nothing to do; 1 changes pending with --diff, or conflicts to
    settle; 2 on an error, in which case nothing is written.
    """
    from mmscaffold.cli.text import count, remark, say, shorten
    from mmscaffold.scaffold.update_project import plan_update

    context = click.get_current_context()
    update = plan_update(project.absolute(), to, trust=trust)
    if not diff:
        update.write()
    if form == "json":
        _print_json(update, is_written=not diff)
        context.exit(int(bool(update.files and (diff or update.conflicts))))
    if not update.files:
        remark(f"{shorten(update.root)} is at {update.after}: nothing changes.")
        return
    if diff:
        say(update.patch.decode("utf-8", "replace").rstrip("\n"))
    for name in update.files:
        mark = "conflict" if name in update.conflicts else "changes" if diff else "changed"
        remark(f"{mark}: {name}", err=diff)
    what = f"{update.before} to {update.after}, {count(len(update.files), 'file')}"
    remark(f"would go from {what}" if diff else f"brought from {what}", err=diff)
    if update.conflicts:
        say("Settle the conflicts between the markers, and commit.", err=diff)
    if diff or update.conflicts:
        context.exit(1)


def _print_json(update: Update, *, is_written: bool) -> None:
    from mmscaffold.cli.documents import say_document

    files = [str(update.top / name) for name in update.files]
    body = {
        "project": str(update.root),
        "before": update.before,
        "after": update.after,
        "files": files,
        "conflicts": [str(update.top / name) for name in update.conflicts],
        "patch": update.patch.decode("utf-8", "replace"),
        "written": files if is_written else [],
    }
    say_document("update", body)
