"""Annotation files that lie where a config says: how many images, and which categories."""

from __future__ import annotations

import os
from collections.abc import Hashable
from pathlib import Path
from typing import NamedTuple

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.disk import open_file
from mmscaffold.facts.data import AnnotationForm
from mmscaffold.project.json_stream import members


class Annotations(NamedTuple):
    """What an annotation file says of its data.

    Attributes:
        images: How many there are.
        categories: Their names in the order of the file; ``None`` where it has no names.
    """

    images: int
    categories: tuple[str, ...] | None = None


def locate(folder: Path, name: str) -> Path | None:
    """Where a file lies that a config names.

    mmengine takes a relative path from the folder in which the training is started, which is one
    of those above the config.

    Args:
        folder: The folder of the config.
        name: The path that it gives.
    """
    if not name or "://" in name:
        return None
    # With text: a Path for each folder above takes several times as long.
    around = str(folder)
    while True:
        place = os.path.join(around, name)  # noqa: PTH118
        if os.path.isfile(place):  # noqa: PTH113
            return Path(place)
        above = os.path.dirname(around)  # noqa: PTH120
        if above == around:
            return None
        around = above


def read_annotations(path: Path, form: AnnotationForm) -> Annotations | None:
    """Read an annotation file, little by little.

    Args:
        path: The file.
        form: How it is written.

    Returns:
        ``None`` if it cannot be read, or is written in another way.
    """
    try:
        with os.fdopen(open_file(path), encoding="utf-8") as stream:
            if form is AnnotationForm.LINES:
                return Annotations(sum(1 for _ in stream))
            ids: set[Hashable] = set()
            categories: list[str] = []
            for key, value in members(stream):
                if key == "images":
                    ids.add(value["id"])
                elif key == "categories":
                    categories.append(str(value["name"]))
    except (ConfigError, OSError, ValueError, LookupError, TypeError):
        return None
    return Annotations(len(ids), tuple(categories))
