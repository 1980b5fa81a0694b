"""Whether what ``--format json`` printed is as its schema says."""

from __future__ import annotations

from typing import Any

from mmscaffold.cli.documents import VERSIONS
from mmscaffold.cli.documents.shapes import SHAPES
from pydantic import ConfigDict, TypeAdapter


def is_as_its_schema_says(document: dict[str, Any]) -> None:
    """Every key is there, none is added, and each is of its type."""
    kind = document.pop("document").removeprefix("mmscaffold.")
    assert document.pop("version") == VERSIONS[kind]
    shape = SHAPES[kind]
    # The schema allows keys of later releases; what is printed now has none.
    strict = ConfigDict(extra="forbid", strict=True)
    shape.__pydantic_config__ = strict  # type: ignore[attr-defined]
    try:
        TypeAdapter(shape).validate_python(document)
    finally:
        del shape.__pydantic_config__  # type: ignore[attr-defined]
