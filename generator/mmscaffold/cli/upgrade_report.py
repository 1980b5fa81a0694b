"""What ``mmscaffold upgrade`` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mmscaffold.cli.documents import say_document
from mmscaffold.cli.text import count, remark, say, shorten, skipped_lines
from mmscaffold.config.change import MISSING
from mmscaffold.upgrade.ledger import Fate
from mmscaffold.upgrade.plan import FileUpgrade, PlacedNote, UpgradePlan

if TYPE_CHECKING:
    from mmscaffold.cli.documents.shapes import Note, Upgrade, UpgradedFile
    from mmscaffold.migrate.mmengine_verification import MmengineVerification

_SHOWN = 10


def print_report(
    plan: UpgradePlan,
    *,
    written: list[Path] | None,
    output: Path | None = None,
    mmengine: MmengineVerification | None = None,
    failures: list[tuple[Path, str, str]] | None = None,
) -> None:
    """Print what changes where, what is different now, and what is left to decide.

    Args:
        plan: The upgrade.
        written: The files that were written; ``None`` if none was meant to be.
        output: The folder that copies went to, if they did.
        mmengine: What mmengine made of it, if it was run.
        failures: What mmdet 3 could not build, if it was run: file, key, reason.
    """
    for line in _file_lines(plan.files):
        remark(line)
    _print_notes("different now", [one for one in plan.notes if not one.note.needs_decision])
    _print_notes("decide", [one for one in plan.notes if one.note.needs_decision])
    for line in _dropped_lines(plan.files):
        remark(line)
    for line in skipped_lines(plan.skipped):
        remark(line)
    if plan.heirs:
        remark(
            f"{count(len(plan.heirs), 'config')} elsewhere inherited from these: upgraded, too."
        )
    for path, error in plan.unread_heirs:
        say(
            f"note: {shorten(path)} seems to inherit from one of these, and could not be "
            f"resolved: {error}"
        )
    for _, error in plan.failed:
        say(f"not upgraded: {error}", fg="red")
    if plan.current:
        remark(f"{count(len(plan.current), 'config')}: nothing to do.")
    for line in _proof_lines(plan, mmengine):
        remark(line)
    for path, key, reason in failures or ():
        say(f"not built: {shorten(path)}: {key}: {reason}", fg="red")
    if failures == []:
        remark("mmdet 3 builds all that they name.")
    if written is None:
        remark("Nothing was written.")
    else:
        place = "" if output is None else f" to {output}"
        remark(f"{count(len(written), 'file')} written{place}.")


def _file_lines(files: Iterable[FileUpgrade]) -> Iterator[str]:
    """The files by what changes in them, many with the same changes together."""
    groups: dict[str, list[Path]] = {}
    for file in files:
        if file.plan.edited:
            groups.setdefault(_keys(file), []).append(file.path)
    for keys, paths in groups.items():
        for path in paths[:_SHOWN]:
            yield shorten(path)
        if len(paths) > _SHOWN:
            yield f"... and {len(paths) - _SHOWN} more"
        yield f"  {keys}"


def _keys(file: FileUpgrade) -> str:
    """The keys that change in the file itself; what changes in its bases is told there."""
    own = [change for change in file.plan.changes if change.key in file.own]
    gone = [change.key for change in own if change.new is MISSING]
    new = [change.key for change in own if change.new is not MISSING]
    if not own:
        return count(file.plan.changed_lines, "line")
    if not gone:
        return ", ".join(new)
    return f"{', '.join(gone)} -> {', '.join(new) or '(gone)'}"


def _print_notes(title: str, notes: list[PlacedNote]) -> None:
    if not notes:
        return
    say(f"{title}:")
    groups: dict[tuple[str, str], list[PlacedNote]] = {}
    for one in notes:
        groups.setdefault((one.note.code, one.note.message), []).append(one)
    for (code, message), placed in groups.items():
        say(f"  {code} {message}")
        for one in placed[:3]:
            line = "" if one.line is None else f":{one.line}"
            key = f" ({one.note.key})" if one.note.path else ""
            say(f"    {shorten(one.path)}{line}{key}")
        if len(placed) > 3:
            say(f"    ... and {len(placed) - 3} more")
        if placed[0].note.help:
            say(f"    {placed[0].note.help}")


def _dropped_lines(files: Iterable[FileUpgrade]) -> Iterator[str]:
    reasons: dict[str, Counter[str]] = {}
    for file in files:
        for entry in file.ledger.entries:
            if entry.fate is Fate.DROPPED and entry.reason is not None:
                name = ".".join(str(key) for key in entry.path if isinstance(key, str))
                reasons.setdefault(entry.reason.value, Counter())[name] += 1
    if reasons:
        yield "dropped:"
    for reason, keys in reasons.items():
        shown = ", ".join(keys_shown(keys))
        yield f"  {reason}: {shown}"


def keys_shown(keys: Counter[str]) -> list[str]:
    """The commonest keys, and how many more there are."""
    names = [name for name, _ in keys.most_common(_SHOWN)]
    return names if len(keys) <= _SHOWN else [*names, f"... and {len(keys) - _SHOWN} more"]


def _proof_lines(plan: UpgradePlan, mmengine: MmengineVerification | None) -> Iterator[str]:
    if plan.files:
        yield (
            f"Proven: {count(len(plan.files), 'config')} re-resolved to what the rules make of "
            f"{'it' if len(plan.files) == 1 else 'them'}; every old value is accounted for."
        )
    if mmengine is not None:
        yield f"mmengine loads {count(mmengine.agreed, 'config')} exactly as planned."
        for path, reason in mmengine.unreadable:
            yield (
                f"mmengine can load neither the old nor the new config: {shorten(path)}: {reason}"
            )
    elif plan.files:
        yield "Not proven: that mmengine loads them (--verify=mmengine)."


def print_json(
    plan: UpgradePlan,
    *,
    written: list[Path] | None,
    mmengine: MmengineVerification | None = None,
    failures: list[tuple[Path, str, str]] | None = None,
) -> None:
    """Print the same for machines, as one JSON object."""
    document: Upgrade = {
        "files": [_as_json(file) for file in plan.files],
        "notes": [_note_as_json(one) for one in plan.notes],
        "current": [str(path) for path in plan.current],
        "skipped": [{"path": str(path), "reason": reason} for path, reason in plan.skipped],
        "failed": [{"path": str(path), "error": str(error)} for path, error in plan.failed],
        "heirs": [str(path) for path in plan.heirs],
        "unread_heirs": [
            {"path": str(path), "error": str(error)} for path, error in plan.unread_heirs
        ],
        "proof": {
            "resolved": len(plan.files),
            "mmengine": None if mmengine is None else mmengine.agreed,
            "not_built": [
                {"path": str(path), "key": key, "reason": reason}
                for path, key, reason in failures or ()
            ],
        },
        "written": [str(path) for path in written or []],
    }
    say_document("upgrade", document, default=str)


def _as_json(file: FileUpgrade) -> UpgradedFile:
    return {
        "path": str(file.path),
        "edited": file.plan.edited,
        "changed_lines": file.plan.changed_lines,
        "changes": [
            {"key": change.key, "new": None if change.new is MISSING else change.new}
            for change in file.plan.changes
        ],
        "ledger": file.ledger.counts(),
        "notes": [one.note.code for one in file.notes],
    }


def _note_as_json(placed: PlacedNote) -> Note:
    note = placed.note
    return {
        "code": note.code,
        "path": str(placed.path),
        "line": placed.line,
        "key": note.key,
        "message": note.message,
        "help": note.help,
    }
