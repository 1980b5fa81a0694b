"""Check the whole mmdet 3.3.0 tree with every rule, against mmengine merely loading it.

One process each, one after the other, in one run; then ours once more with as many
processes as it chooses on its own, and the package's code with the rules over code.
"""

from __future__ import annotations

from resolve import THEIRS
from side_by_side import measure
from support.corpora import mmdet_configs, unpacked_wheel

OURS = """
import sys, time
from pathlib import Path
start = time.perf_counter()
from mmscaffold.check import Settings, all_rules, check_paths
processes = int(sys.argv[2]) or None
report = check_paths([Path(sys.argv[1])], Settings(all_rules()), processes=processes)
seconds = time.perf_counter() - start
amount = len(report.configs) + len(report.code)
"""
WANTED = 0.10


def main() -> None:
    """Measure, and print the ratios."""
    configs = mmdet_configs("3.3.0")
    theirs = measure(THEIRS, configs)
    ours = measure(OURS, configs, 1)
    by_default = measure(OURS, configs, 0)
    code = measure(OURS, unpacked_wheel("mmdet", "3.3.0") / "mmdet" / "models", 1)
    ratio = ours.seconds / theirs.seconds
    print(f"mmengine loads     {theirs.amount:4} configs in {theirs.seconds:6.2f} s")
    print(f"mmscaffold checks  {ours.amount:4} configs in {ours.seconds:6.2f} s, imports included")
    print(f"ratio: {ratio:.3f} of mmengine's time; at most {WANTED} is wanted")
    print(f"as it is by default (processes as they pay): {by_default.seconds:.2f} s")
    print(f"mmdet's own models: {code.amount} files of code in {code.seconds:.2f} s")


if __name__ == "__main__":
    main()
