"""The page of a tree of configs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmscaffold.report.comparison import Comparison
from mmscaffold.report.contents import ConfigEntry, Contents
from mmscaffold.report.shell import rendered
from mmscaffold.report.thumbnail import HEIGHT, WIDTH, Thumbnail


def page(contents: Contents, title: str, comparison: Comparison | None = None) -> str:
    """The page, as HTML.

    Whatever comes from configs is in one block of packed JSON, in letters and digits only; the
    page shows it as text.

    Args:
        contents: What to show.
        title: What to call it.
        comparison: What is different from another state of the configs.
    """
    return rendered(
        "page.html.jinja",
        styles=("page.css",),
        scripts=(
            "data.js",
            "tree.js",
            "table.js",
            "details.js",
            "bases.js",
            "findings.js",
            "plan.js",
            "changes.js",
            "main.js",
        ),
        data=data_of(contents, comparison),
        title=title,
    )


def data_of(contents: Contents, comparison: Comparison | None = None) -> dict[str, Any]:
    """What the page shows, as JSON: tables of numbers that point to each other."""
    values = contents.values
    keys, texts, places, replaced = [], [], [], {}
    for number, (key, text, place, over) in enumerate(values.entries):
        keys.append(key)
        texts.append(text)
        places.append(place)
        if over:
            replaced[number] = over
    return {
        "files": [_name(path, contents.root) for path in values.files],
        "keys": values.keys,
        "texts": values.texts,
        "places": [number for place in values.places for number in place],
        "entries": {"keys": keys, "texts": texts, "places": places, "replaced": replaced},
        "bases": contents.bases,
        "configs": [_config(one) for one in contents.configs],
        "found": [
            {
                "rule": one.rule[0],
                "name": one.rule[1],
                "severity": one.severity,
                "message": one.message,
                "hint": one.hint,
                "file": one.file,
                "line": one.line,
                "first": one.first,
                "excerpt": one.excerpt,
                "seen": one.seen_in,
            }
            for one in contents.found
        ],
        "failed": contents.failed,
        "changes": None if comparison is None else _changes(comparison),
        "size": [WIDTH, HEIGHT],
    }


def _config(config: ConfigEntry) -> dict[str, Any]:
    summary, drawn = config.summary, config.thumbnail
    return {
        "file": config.file,
        "model": summary.model,
        "data": summary.data,
        "length": summary.length,
        "batch": summary.batch,
        "rate": summary.rate,
        "optimizer": summary.optimizer,
        "loop": summary.loop,
        "hooks": summary.hooks,
        "old": summary.is_legacy,
        **_picture(drawn),
        "runs": _runs(config.entries),
    }


def _picture(drawn: Thumbnail) -> dict[str, Any]:
    return {
        "line": drawn.line,
        "milestones": drawn.milestones,
        "switches": drawn.switches,
        "schedule": drawn.text,
    }


def _changes(comparison: Comparison) -> dict[str, Any]:
    return {
        "title": comparison.title,
        "changed": [
            {
                "file": one.file,
                "pairs": one.pairs,
                "before": _picture(one.before),
                "after": _picture(one.after),
            }
            for one in comparison.changed
        ],
        "same": comparison.same,
        "added": comparison.added,
        "gone": comparison.gone,
        "failed": comparison.failed,
        "diffs": comparison.diffs,
        "notes": [
            {
                "code": note.code,
                "message": note.message,
                "help": note.help,
                "decide": note.needs_decision,
                "file": file,
                "line": note.line,
                "key": note.key,
            }
            for file, note in comparison.notes
        ],
    }


def _runs(numbers: tuple[int, ...]) -> list[int]:
    """Numbers as stretches of consecutive ones: the first of each, and how many there are."""
    found: list[int] = []
    for number in numbers:
        if found and found[-2] + found[-1] == number:
            found[-1] += 1
        else:
            found += [number, 1]
    return found


def _name(path: Path, root: Path) -> str:
    """A file from the folder that is shown; elsewhere, in full."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
