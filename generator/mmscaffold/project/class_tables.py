"""Make the tables of classes from unpacked releases: run when a release is added.

``python -m mmscaffold.project.class_tables FOLDER...``: in each folder lie folders named after
what they hold, such as ``mmdet-3.3.0``. Nothing of them is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from mmscaffold.facts.classes.tables import FOLDER, TABLED, Tabled
from mmscaffold.project.class_reader import read_table


def write_tables(places: Iterable[Path]) -> Iterator[Tabled]:
    """Write the table of every release that lies in one of some folders.

    Yields:
        Each release that is in none of them.
    """
    FOLDER.mkdir(exist_ok=True)
    known = list(places)
    for one in TABLED:
        names = {f"{one.distribution}-{one.version}"}
        names |= {name.replace("-", "_", one.distribution.count("-")) for name in names}
        found = next(
            (
                place / name / one.package
                for place in known
                for name in sorted(names)
                if (place / name / one.package).is_dir()
            ),
            None,
        )
        if found is None:
            yield one
            continue
        text = read_table(found, one.package, one.distribution, one.version)
        one.file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for missing in write_tables([Path(argument) for argument in sys.argv[1:]]):
        print(f"not found: {missing.distribution} {missing.version}")
