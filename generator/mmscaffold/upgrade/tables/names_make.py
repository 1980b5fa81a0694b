"""Make ``tables/names_<package>.json`` from unpacked releases: run when a release of 2.x is added.

``python -m mmscaffold.upgrade.tables.names_make PACKAGE FOLDER...``: the folders of the packages
that registered the classes which configs of 2.x name, such as ``mmdet-2.28.2/mmdet``. Nothing of
them is run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from mmscaffold.facts.classes.package_table import PackageTable
from mmscaffold.project.class_reader import read_table


def names(folders: Iterable[Path]) -> list[str]:
    """The names in all registries of some packages, sorted.

    Args:
        folders: Those of the packages, each called as Python imports it.
    """
    found: set[str] = set()
    for folder in folders:
        table = PackageTable(read_table(folder, folder.name, folder.name, ""))
        found.update(*table.registered.values())
    return sorted(found)


if __name__ == "__main__":
    text = json.dumps(names(map(Path, sys.argv[2:])), indent=0)
    Path(__file__).with_name(f"names_{sys.argv[1]}.json").write_text(f"{text}\n", encoding="utf-8")
