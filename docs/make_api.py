"""Writes the tables of ``docs/api.md``, in both languages, from the docstrings of the package.

``python docs/make_api.py``; needs griffe. What stands above the mark of each page is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import griffe

ROOT = Path(__file__).parents[1]
FACES = ("config", "check", "migrate", "upgrade", "schedule", "diagnose")
PAGES = ("api.md", "api.zh-CN.md")
MARK = "<!-- What follows is made from docstrings, by docs/make_api.py. -->\n"


@cache
def package() -> griffe.Object:
    """The package as its source is, read without importing it."""
    sources = [ROOT / "generator"]
    loaded = griffe.load("mmscaffold", search_paths=sources, docstring_parser="google")
    if not isinstance(loaded, griffe.Module):
        raise TypeError(f"{loaded} is not a module")
    return loaded


def public(face: str) -> Iterator[tuple[str, griffe.Object]]:
    """What a face exports: each name, and what it stands for."""
    module = package()[face]
    for name in sorted(map(str, module.exports or ()), key=str.lower):
        # A function may be called as a module beside it is: what is imported counts.
        place = module.imports.get(name, f"{module.path}.{name}")
        found = package()[place.removeprefix("mmscaffold.")]
        yield name, found.final_target if isinstance(found, griffe.Alias) else found


def tables() -> str:
    """A table for each face."""
    parts = []
    for name in FACES:
        text = package()[name].docstring.value.partition("\n\n")[0].replace("\n", " ")
        rows = [f"| `{one}` | {summary(target)} |" for one, target in public(name)]
        head = f"## mmscaffold.{name}\n\n{text}\n\n| name | |\n| --- | --- |\n"
        parts.append(head + "\n".join(rows) + "\n")
    return "\n".join(parts)


def summary(target: griffe.Object) -> str:
    """How it is called, and the first sentence of its docstring."""
    text = target.docstring.value.partition("\n\n")[0] if target.docstring else ""
    call = ""
    if isinstance(target, griffe.Function):
        names = [one.name for one in target.parameters if one.name not in ("self", "cls")]
        call = f"`({', '.join(names)})` "
    return call + text.replace("\n", " ").replace("``", "`").replace("|", "\\|")


def pages() -> dict[str, str]:
    """The pages by the name of their file, with tables as they must be."""
    made = {}
    for name in PAGES:
        kept = (ROOT / "docs" / name).read_text(encoding="utf-8").partition(MARK)[0]
        made[name] = f"{kept}{MARK}\n{tables()}"
    return made


if __name__ == "__main__":
    for name, text in pages().items():
        (ROOT / "docs" / name).write_text(text, encoding="utf-8", newline="\n")
