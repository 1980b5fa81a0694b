"""Resolve every config of mmdet 3.3.0: mmscaffold against mmengine, in one run.

One process each, one after the other, with cold caches: every file is read, parsed and
turned into plain dicts. A second figure, on the same tree ten times over, shows that
the cost grows with the number of files and no faster.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from side_by_side import Measured, measure
from support.corpora import mmdet_configs

OURS = """
import sys, time
from mmscaffold.config import ResolvedConfig, map_tree
start = time.perf_counter()
tree = map_tree(sys.argv[1], ResolvedConfig.to_dict, processes=int(sys.argv[2]))
seconds = time.perf_counter() - start
amount = len(tree.configs)
"""
THEIRS = """
import sys, time, warnings
from pathlib import Path
from mmengine.config import Config
warnings.simplefilter('ignore')
amount = 0
start = time.perf_counter()
for path in sorted(Path(sys.argv[1]).rglob('*.py')):
    if path.name == 'override_category.py':
        continue  # A script that would end this process.
    try:
        Config.fromfile(path, import_custom_modules=False).to_dict()
        amount += 1
    except Exception:
        pass
seconds = time.perf_counter() - start
"""


def main() -> None:
    """Measure, and print the ratios."""
    configs = mmdet_configs("3.3.0")
    theirs = measure(THEIRS, configs)
    ours = measure(OURS, configs, 1)
    _print("mmengine", theirs)
    _print("mmscaffold", ours)
    print(f"mmscaffold is {theirs.seconds / ours.seconds:.1f} times faster\n")
    with tempfile.TemporaryDirectory() as scratch:
        for copy in range(10):
            shutil.copytree(configs, Path(scratch, f"copy{copy}"))
        tenfold = measure(OURS, scratch, 1)
        _print("tenfold", tenfold)
        print(f"ten times the tree takes {tenfold.seconds / ours.seconds:.1f} times the time")
        _print("4 processes", measure(OURS, scratch, 4))


def _print(name: str, measured: Measured) -> None:
    print(
        f"{name:12} {measured.amount:6} configs {measured.seconds:7.2f} s "
        f"{measured.megabytes:6} MB at most"
    )


if __name__ == "__main__":
    main()
