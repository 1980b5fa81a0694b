"""Check the whole mmdet 3.3.0 tree with every rule, against mmengine merely loading it.

One process each, one after the other, in one run; then ours once more with as many
processes as it chooses on its own, and the package's code with the rules over code.
``--old DIR`` names a checkout of an earlier mmscaffold, which is measured beside this one. One
process is measured in seconds of processor time, the best of three.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from resolve import THEIRS
from side_by_side import ROOT, measure
from support.corpora import mmdet_configs, unpacked_wheel

OURS = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
start = time.process_time(), time.perf_counter()
from mmscaffold.check import Settings, all_rules, check_paths
processes = int(sys.argv[3]) or None
report = check_paths([Path(sys.argv[2])], Settings(all_rules()), processes=processes)
cpu, wall = time.process_time() - start[0], time.perf_counter() - start[1]
seconds = cpu if processes == 1 else wall
amount = len(report.configs) + len(report.code)
"""
WANTED = 0.10


def main() -> None:
    """Measure, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--old", type=Path, help="a checkout of an earlier mmscaffold")
    old = parser.parse_args().old
    checkouts = {"before": old, "mmscaffold": ROOT} if old else {"mmscaffold": ROOT}
    configs = mmdet_configs("3.3.0")
    models = unpacked_wheel("mmdet", "3.3.0") / "mmdet" / "models"
    theirs = measure(THEIRS, configs)
    print(f"mmengine loads     {theirs.amount:4} configs in {theirs.seconds:6.2f} s")
    for name, checkout in checkouts.items():
        package = checkout / "generator"
        tries = [measure(OURS, package, configs, 1) for _ in range(3)]
        ours = min(tries, key=lambda one: one.seconds)
        by_default = measure(OURS, package, configs, 0)
        code = measure(OURS, package, models, 1)
        ratio = ours.seconds / theirs.seconds
        print(f"{name:10} checks  {ours.amount:4} configs in {ours.seconds:6.2f} s with imports")
        print(f"ratio: {ratio:.3f} of mmengine's time; at most {WANTED} is wanted")
        print(f"as it is by default (processes as they pay): {by_default.seconds:.2f} s")
        print(f"mmdet's own models: {code.amount} files of code in {code.seconds:.2f} s")


if __name__ == "__main__":
    main()
