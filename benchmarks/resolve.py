"""Resolve every config of mmdet 3.3.0: mmscaffold against mmengine, in one run.

One process each, one after the other, with cold caches: every file is read, parsed and
turned into plain dicts. Then the same tree ten times over: what it takes, how much memory
where nobody holds on to the results, and what a second process gains. Last, the start-up.

``--old DIR`` names a checkout of an earlier mmscaffold, which is measured beside this one.
One process is measured in seconds of its own processor time, which other programs on the
machine disturb little; several processes, and the start-up, in seconds of wall clock.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from side_by_side import ROOT, Measured, measure
from support.corpora import mmdet_configs

OURS = """
import sys, time
sys.path.insert(0, sys.argv[1])
from mmscaffold.config import ResolvedConfig, map_tree
def count(config):
    return len(config.to_dict())
start = time.process_time(), time.perf_counter()
function = ResolvedConfig.to_dict if sys.argv[4] == 'hold' else count
tree = map_tree(sys.argv[2], function, processes=int(sys.argv[3]))
cpu, wall = time.process_time() - start[0], time.perf_counter() - start[1]
seconds = cpu if int(sys.argv[3]) == 1 and sys.argv[4] != 'wall' else wall
amount = len(tree.configs)
"""
THEIRS = """
import sys, time, warnings
from pathlib import Path
from mmengine.config import Config
warnings.simplefilter('ignore')
amount = 0
start = time.process_time()
for path in sorted(Path(sys.argv[1]).rglob('*.py')):
    if path.name == 'override_category.py':
        continue  # A script that would end this process.
    try:
        Config.fromfile(path, import_custom_modules=False).to_dict()
        amount += 1
    except Exception:
        pass
seconds = time.process_time() - start
"""


def main() -> None:
    """Measure, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--old", type=Path, help="a checkout of an earlier mmscaffold")
    old = parser.parse_args().old
    checkouts = {"before": old, "after": ROOT} if old else {"mmscaffold": ROOT}
    configs = mmdet_configs("3.3.0")
    theirs = measure(THEIRS, configs)
    _print("mmengine", theirs)
    for name, checkout in checkouts.items():
        print()
        package = checkout / "generator"
        # The best of three: whatever disturbs a run makes it slower.
        tries = [measure(OURS, package, configs, 1, "hold") for _ in range(3)]
        ours = min(tries, key=lambda one: one.seconds)
        _print(name, ours)
        print(f"{name} is {theirs.seconds / ours.seconds:.1f} times faster than mmengine")
        with tempfile.TemporaryDirectory() as scratch:
            for copy in range(10):
                shutil.copytree(configs, Path(scratch, f"copy{copy}"))
            tenfold = measure(OURS, package, scratch, 1, "count")
            _print("tenfold", tenfold)
            print(f"it takes {tenfold.seconds / ours.seconds:.1f} times the time")
            _print("and held", measure(OURS, package, scratch, 1, "hold"))
            one = measure(OURS, package, scratch, 1, "wall")
            two = measure(OURS, package, scratch, 2, "wall")
            print(f"a second process makes it {one.seconds / two.seconds:.2f} times faster")
        print(f"mmscaffold --version starts in {_startup(package) * 1000:.0f} ms")


def _startup(package: Path) -> float:
    """The shortest of ten starts, in seconds."""
    environment = {**os.environ, "PYTHONPATH": str(package)}
    command = [sys.executable, "-m", "mmscaffold", "--version"]
    seconds = []
    for _ in range(10):
        start = time.perf_counter()
        subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def _print(name: str, measured: Measured) -> None:
    print(
        f"{name:12} {measured.amount:6} configs {measured.seconds:7.2f} s "
        f"{measured.megabytes:6} MB at most",
        flush=True,
    )


if __name__ == "__main__":
    main()
