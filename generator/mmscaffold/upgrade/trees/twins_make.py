"""Make ``tables/twins_<package>.json`` from unpacked releases: run when a release of 2.x is added.

``python -m mmscaffold.upgrade.trees.twins_make PACKAGE PAIRS.json CONFIGS_3X CONFIGS_2X...``:
which config of 3.x stands in for which of 2.x; where those of 3.x lie; where those of each
release of 2.x lie. Nothing of them is run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.bases import digest


def twins(
    pairs: Mapping[str, str], configs_3x: Path, releases: Iterable[Path]
) -> dict[str, list[str]]:
    """The configs of 3.x that stand in for each content of an official config of 2.x.

    Args:
        pairs: The config of 3.x for one of 2.x, both below their folders.
        configs_3x: The folder of those of 3.x.
        releases: The folders of those of 2.x.
    """
    spelt = {_spelling(path): path for path in _below(configs_3x)}
    found: dict[str, list[str]] = {}
    for folder in releases:
        resolver = Resolver()
        for name in _below(folder):
            twin = pairs.get(name) or spelt.get(_spelling(name))
            if twin is None or not (configs_3x / twin).is_file():
                continue
            try:
                known = digest(to_plain(resolver.resolve(folder / name).root))
            except ConfigError:
                continue
            if known is not None and twin not in found.setdefault(known, []):
                found[known].append(twin)
    return dict(sorted(found.items()))


def _below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))


def _spelling(name: str) -> str:
    return name.replace("-", "_")


if __name__ == "__main__":
    listed = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))["pairs"]
    table = twins(
        {pair["old"]: pair["new"] for pair in listed},
        Path(sys.argv[3]),
        [Path(argument) for argument in sys.argv[4:]],
    )
    lines = [f"{json.dumps(key)}: {json.dumps(names)}" for key, names in table.items()]
    target = Path(__file__).parent.parent / "tables" / f"twins_{sys.argv[1]}.json"
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(table)} contents")
