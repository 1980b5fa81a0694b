"""``mmscaffold add``: put one component into a project."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mmscaffold.cli.choice import Choice
from mmscaffold.scaffold.kinds import KINDS

if TYPE_CHECKING:
    from mmscaffold.scaffold.add_component import Addition


@click.command("add", epilog=f"KIND is one of {', '.join(KINDS)}.")
@click.argument("kind", metavar="KIND", type=Choice(list(KINDS)), required=False)
@click.argument("name", metavar="NAME", required=False)
@click.option(
    "--base",
    metavar="CLASS",
    help="The class to derive from, as configs name it: RetinaNet, mmseg.EncoderDecoder; or "
    "package.module:Class. By default one that fits the kind.",
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
@click.option("--format", "form", type=Choice(["text", "json"]), default="text")
@click.option("--undo", is_flag=True, help="Take out what the last `mmscaffold add` added.")
def command(
    kind: str | None,
    name: str | None,
    base: str | None,
    root: Path,
    package: str | None,
    diff: bool,
    form: str,
    undo: bool,
) -> None:
    """Add the class NAME to a project: its module, registration, import and test.

    Any project built on mmengine will do. Nothing that is there is changed, beside the imports
    and `__all__` of its packages; --undo takes it all out again.

    Exit codes: 0 done; 1 with --diff; 2 on an error, in which case nothing is added.
    """
    from mmscaffold.cli.invocation import command_line
    from mmscaffold.cli.past_runs import recover_and_tell, undo_and_tell
    from mmscaffold.cli.text import remark, shorten
    from mmscaffold.scaffold.add_component import plan_addition
    from mmscaffold.scaffold.whereabouts import project_root

    context = click.get_current_context()
    root = project_root(Path(os.path.abspath(root)))  # noqa: PTH100
    if undo:
        if kind or name or base or package or diff or form != "text":
            raise click.UsageError("--undo takes nothing but --project")
        context.exit(undo_and_tell([root], forget=False, of="add"))
    if kind is None or name is None:
        raise click.UsageError("say what to add: `mmscaffold add KIND NAME`")
    if not diff:
        recover_and_tell([root])
    addition = plan_addition(root, kind, name, base, package)
    written = [] if diff else addition.write(command=command_line(context))
    if form == "json":
        _print_json(addition, root, written)
    elif diff:
        _print_diff(addition.new, addition.changed)
    if diff:
        context.exit(1)
    if form == "json":
        return
    for path in written:
        remark(f"{'added' if path in addition.new else 'extended'}: {shorten(path)}")
    _print_next_step(addition, root)


def _print_next_step(addition: Addition, root: Path) -> None:
    from mmscaffold.cli.text import remark
    from mmscaffold.scaffold.usage import advice, command_of_test, config_lines

    remark(f"A config uses {addition.component.name} by")
    for line in config_lines(addition):
        remark(f"    {line}")
    for sentence in advice(addition, root):
        remark(sentence)
    remark(f"Its test: `{command_of_test(addition, root)}`.")
    remark("`mmscaffold add --undo` takes it out again.")


def _print_json(addition: Addition, root: Path, written: list[Path]) -> None:
    from mmscaffold.cli.documents import say_document
    from mmscaffold.scaffold.usage import advice, command_of_test, config_lines

    component = addition.component
    body = {
        "kind": component.kind.name,
        "name": component.name,
        "base": component.base.dotted,
        "project": str(root),
        "package": addition.package,
        "files": [
            {"path": str(path), "new": path in addition.new}
            for path in (*addition.new, *addition.changed)
        ],
        "test": str(addition.test),
        "test_command": command_of_test(addition, root),
        "config": config_lines(addition),
        "advice": advice(addition, root),
        "written": [str(path) for path in written],
    }
    say_document("add", body)


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
