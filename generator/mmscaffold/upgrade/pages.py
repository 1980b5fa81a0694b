"""The documentation pages of the notes of an upgrade, made from the table of their codes."""

from __future__ import annotations

import sys
from pathlib import Path

from mmscaffold.upgrade.codes import CODES, Level, NoteCode


def page(code: NoteCode) -> str:
    """The page of a code, in Markdown."""
    parts = [
        f"# {code.code}: {code.name} ({code.level.value})",
        "## What it tells", code.what,
        "## Why", code.why,
        "## What to do", code.do,
    ]  # fmt: skip
    if code.before:
        parts += ["## Example", f"```python\n{code.before}\n```"]
        if code.after:
            parts += ["→", f"```python\n{code.after}\n```"]
    return "\n\n".join(parts) + "\n"


def index() -> str:
    """The list of all codes, in Markdown."""
    parts = [
        "# The notes of `mmscaffold upgrade`",
        "A note stands in the file above what it is about, as `# mmscaffold: upgrade[UP203] ...`, "
        "and in the report. `mmscaffold check` keeps warning (MMS170) until it is deleted.",
    ]
    for level in Level:
        rows = [
            f"\n| [{one.code}]({one.code}.md) | {one.name} | {_first_sentence(one.what)} |"
            for one in CODES.values()
            if one.level is level
        ]
        heading = level.value[0].upper() + level.value[1:]
        parts += [f"## {heading}", "| code | | tells |\n| --- | --- | --- |" + "".join(rows)]
    return "\n\n".join(parts) + "\n"


def write_pages(folder: Path) -> None:
    """Write the page of every code into a folder, as ``<code>.md``, and their list."""
    folder.mkdir(parents=True, exist_ok=True)
    for code in CODES.values():
        (folder / f"{code.code}.md").write_text(page(code), encoding="utf-8")
    (folder / "README.md").write_text(index(), encoding="utf-8")


def _first_sentence(text: str) -> str:
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
