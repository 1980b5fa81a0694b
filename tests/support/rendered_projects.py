"""Render every project of the tests' matrix, to compare two versions of the template.

Run it once with each version's folders in the path, then compare the results::

    PYTHONPATH=OLD/generator:OLD/tests python tests/support/rendered_projects.py /tmp/old
    PYTHONPATH=NEW/generator:NEW/tests python tests/support/rendered_projects.py /tmp/new
    diff -r /tmp/old /tmp/new

Numbers after the folder choose some of the projects.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mmscaffold.scaffold import new_project

from support.template_answers import ROWS


def render(folder: Path, chosen: set[int]) -> None:
    """Render the chosen projects, or all, each into a folder with its number."""
    for number, row in enumerate(ROWS):
        if not chosen or number in chosen:
            new_project(folder / f"{number:03d}", row)


if __name__ == "__main__":
    render(Path(sys.argv[1]), {int(word) for word in sys.argv[2:]})
