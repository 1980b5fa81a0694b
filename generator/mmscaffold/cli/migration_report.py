"""What ``mmscaffold migrate`` prints."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mmscaffold.cli.documents import say_document
from mmscaffold.cli.loudness import is_quiet
from mmscaffold.cli.text import count, remark, say, shorten, skipped_lines, visible_lines
from mmscaffold.config.change import MISSING, Change
from mmscaffold.config.edit.rendering import render
from mmscaffold.migrate import FilePlan, MigrationPlan
from mmscaffold.project import ClassMap
from mmscaffold.project.registered import table_text

if TYPE_CHECKING:
    from mmscaffold.cli.documents.shapes import Migrate, MigratedFile
    from mmscaffold.migrate.mmengine_verification import MmengineVerification

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}
_FILES_SHOWN = 10


def print_diff(plan: MigrationPlan) -> None:
    """Print a unified diff of every file that would change, coloured on a terminal."""
    for file in plan.edited:
        for line in file.diff(Path.cwd()).splitlines():
            header = line.startswith(("+++", "---"))
            # A diff that goes to `patch` is true to the byte.
            shown = visible_lines(line) if sys.stdout.isatty() else line
            click.secho(shown, fg=None if header else _COLOURS.get(line[:1]), bold=header)


def print_report(
    plan: MigrationPlan,
    project: Path | None,
    *,
    written: list[Path] | None,
    output: Path | None = None,
    mmengine: MmengineVerification | None = None,
    class_map: ClassMap | None = None,
) -> None:
    """Print what changes where, what was verified, and what was left alone.

    Args:
        plan: The migration.
        project: The folder of the project whose classes the configs now use, if any.
        written: The files that were written; ``None`` if none was meant to be.
        output: The folder that copies went to, if they did.
        mmengine: What mmengine made of it, if it was run.
        class_map: The classes that were used, and those that were not.
    """
    verified = "resolved" if mmengine is None else "resolved, loaded by mmengine"
    if is_quiet():
        pass
    elif sys.stdout.isatty():
        _print_table(plan, verified)
    else:
        for changes, files in _by_changes(plan.edited).items():
            for line in _shortened(shorten(file.path) for file in files):
                say(line)
            for change in changes:
                say(f"  {change}")
        for changes, files in _unsaid(plan).items():
            for line in _shortened(f"{shorten(file.path)} (through its bases)" for file in files):
                say(line)
            for change in changes:
                say(f"  {change}")
    notes = Counter(note for file in plan.files for note in file.notes)
    for note, times in notes.items():
        say(f"note: {shorten(note)}" + ("" if times == 1 else f" (in {times} configs)"))
    if class_map is not None:
        _print_declined(plan, class_map)
    for line in skipped_lines(plan.skipped):
        remark(line)
    for line in heir_lines(plan):
        say(f"note: {line}")
    for _, error in plan.failed:
        say(f"not migrated: {error}", fg="red")
    changed = len(plan.edited)
    remark(
        f"Verified: {count(len(plan.files), 'config')} re-resolved; "
        f"{'it differs' if len(plan.files) == 1 else 'they differ'} only in the changes above "
        f"({changed} edited, {len(plan.files) - changed} unchanged)."
    )
    if plan.edited:
        lines = sum(file.changed_lines for file in plan.edited)
        remark(f"{count(lines, 'line')} changed in {count(changed, 'file')}.")
    if mmengine is not None:
        remark(f"mmengine loads {count(mmengine.agreed, 'config')} exactly as planned.")
        for path, reason in mmengine.unreadable:
            say(f"mmengine can load neither the old nor the new config: {shorten(path)}: {reason}")
    if project is not None:
        remark(f"The classes are those of {shorten(project)}.")
    if written is None:
        remark("Nothing was written.")
    else:
        place = "" if output is None else f" to {output}"
        remark(f"{count(len(written), 'file')} written{place}.")


def _print_declined(plan: MigrationPlan, class_map: ClassMap) -> None:
    """Print what to paste so that classes replace others that do not do so by themselves."""
    names = sorted({name for file in plan.files for name in file.declined})
    if not names:
        return
    declined = {name: class_map.declined[name] for name in names}
    why = {one.name: one.reason for found in declined.values() for one in found}
    choices = {name: [one.name for one in found] for name, found in declined.items()}
    say("To have them replaced all the same, paste what is right into pyproject.toml:")
    say(table_text(choices, why))


def heir_lines(plan: MigrationPlan) -> Iterator[str]:
    """What to say about configs elsewhere that inherit from those of a run."""
    plans = {file.path: file for file in plan.files}
    kept = [path for path in plan.heirs if path in plans and not plans[path].changes]
    changed = [path for path in plan.heirs if path not in kept]
    for paths, singular, plural in (
        (changed, "so it changed too", "so they changed too"),
        (kept, "and stays as it was", "and stay as they were"),
    ):
        if paths:
            names = ", ".join(_shortened(shorten(path) for path in paths))
            verb, then = ("inherits", singular) if len(paths) == 1 else ("inherit", plural)
            number = count(len(paths), "config")
            yield f"{number} elsewhere {verb} from an edited one, {then}: {names}"
    for path, error in plan.unread_heirs:
        yield (
            f"{shorten(path)} seems to inherit from one of these, and could not be "
            f"resolved: {error}"
        )


def _print_table(plan: MigrationPlan, verified: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("Files", "Changes", "Lines", "Verified")
    for changes, files in _by_changes(plan.edited).items():
        names = "\n".join(_shortened(shorten(file.path) for file in files))
        lines = sum(file.changed_lines for file in files)
        changed = Text(visible_lines("\n".join(changes)))
        table.add_row(Text(names, "bold"), changed, str(lines), verified)
    for changes, files in _unsaid(plan).items():
        names = "\n".join(_shortened(shorten(file.path) for file in files))
        changed = Text(visible_lines("\n".join(changes)))
        table.add_row(Text(f"{names}\n(through bases)", "bold"), changed, "0", verified)
    if table.row_count:
        Console().print(table)


def print_json(
    plan: MigrationPlan,
    *,
    written: list[Path] | None,
    mmengine: MmengineVerification | None = None,
) -> None:
    """Print the same for machines, as one JSON object."""

    def show(value: Any) -> Any:
        return None if value is MISSING else value

    files: list[MigratedFile] = [
        {
            "path": str(file.path),
            "edited": file.edited,
            "changed_lines": file.changed_lines,
            "changes": [
                {
                    "key": change.key,
                    "old": show(file.old[change.path]),
                    "new": show(change.new),
                    "why": change.why,
                }
                for change in file.changes
            ],
            "notes": list(file.notes),
        }
        for file in plan.files
    ]
    report: Migrate = {
        "files": files,
        "skipped": [{"path": str(path), "reason": reason} for path, reason in plan.skipped],
        "failed": [{"path": str(path), "error": str(error)} for path, error in plan.failed],
        "heirs": [str(path) for path in plan.heirs],
        "unread_heirs": [
            {"path": str(path), "error": str(error)} for path, error in plan.unread_heirs
        ],
        "mmengine": None
        if mmengine is None
        else {
            "agreed": mmengine.agreed,
            "unreadable": [
                {"path": str(path), "reason": reason} for path, reason in mmengine.unreadable
            ],
        },
        "written": [str(path) for path in written or []],
    }
    say_document("migrate", report, default=str)


def _line(file: FilePlan, change: Change) -> str:
    """A change as ``key: old -> new``."""
    old, new = (
        repr(value) if value is MISSING else render(value)
        for value in (file.old[change.path], change.new)
    )
    return f"{change.key}: {old} -> {new}"


def _by_changes(files: Iterable[FilePlan]) -> dict[tuple[str, ...], list[FilePlan]]:
    groups: dict[tuple[str, ...], list[FilePlan]] = {}
    for file in files:
        groups.setdefault(tuple(_line(file, change) for change in file.changes), []).append(file)
    return groups


def _unsaid(plan: MigrationPlan) -> dict[tuple[str, ...], list[FilePlan]]:
    """Files that are not edited, by what changes in them and in none that is (``2 * epochs``)."""
    said = {_line(file, change) for file in plan.edited for change in file.changes}
    groups: dict[tuple[str, ...], list[FilePlan]] = {}
    for file in plan.files:
        lines = () if file.edited else tuple(_line(file, change) for change in file.changes)
        unsaid = tuple(line for line in lines if line not in said)
        if unsaid:
            groups.setdefault(unsaid, []).append(file)
    return groups


def _shortened(names: Iterable[str]) -> list[str]:
    names = list(names)
    if len(names) <= _FILES_SHOWN:
        return names
    return [*names[:_FILES_SHOWN], f"... and {len(names) - _FILES_SHOWN} more"]
