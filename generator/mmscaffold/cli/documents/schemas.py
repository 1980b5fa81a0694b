"""``docs/json/``: for each document its JSON Schema, and a page that explains all of them.

``python -m mmscaffold.cli.documents.schemas docs/json`` writes them. Needs pydantic.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from mmscaffold.cli.documents import VERSIONS
from mmscaffold.cli.documents.shapes import SHAPES

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a document.

    Args:
        kind: Which one, as ``VERSIONS`` names it.
    """
    from pydantic import TypeAdapter

    body: dict[str, Any] = TypeAdapter(SHAPES[kind]).json_schema()
    head = {
        "document": {"const": f"mmscaffold.{kind}"},
        "version": {"const": VERSIONS[kind]},
    }
    return {
        "$schema": _DIALECT,
        **body,
        "title": f"mmscaffold.{kind}",
        "properties": {**head, **body["properties"]},
        "required": [*head, *body["required"]],
    }


def page(kind: str) -> str:
    """The page of a document, in Markdown: what it is, its keys, its schema."""
    whole = schema(kind)
    text = json.dumps(whole, indent=2, ensure_ascii=False)
    keys = "\n".join(f"- `{name}`" for name in whole["properties"])
    return (
        f"# {whole['title']}, version {VERSIONS[kind]}\n\n{whole['description']}\n\n"
        f"Keys:\n\n{keys}\n\n## Schema\n\n```json\n{text}\n```\n"
    )


def index() -> str:
    """The page about all of them."""
    rows = "\n".join(f"| [{kind}]({kind}.md) | {VERSIONS[kind]} |" for kind in sorted(VERSIONS))
    return (
        "# JSON\n\n"
        "`--format json` prints one object. All begin with `document`, which says what it is,\n"
        "and `version`, that of its schema: keys may be added within a version; one that is\n"
        "renamed, removed or means something else raises it. Errors go to the standard error, as\n"
        "text.\n\n"
        f"| document | version |\n| --- | --- |\n{rows}\n"
    )


def pages() -> dict[str, str]:
    """All pages by the name of their file."""
    return {"README.md": index(), **{f"{kind}.md": page(kind) for kind in sorted(VERSIONS)}}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
