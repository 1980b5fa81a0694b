"""Migrate the whole mmdet 3.3.0 tree, verified and written, against mmengine loading it once.

``--old DIR`` names a checkout of an earlier mmscaffold, which is measured beside this one. If
pyupgrade is installed, it rewrites the same tree for comparison. Then one config on the command
line from cold start, against a bare import of mmengine's ``Config``. All in one run.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from resolve import THEIRS
from side_by_side import ROOT, Measured, measure
from support.corpora import mmdet_configs
from support.packages import write_package

OURS = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from mmscaffold.migrate import Task, plan_migration, write_plan
from mmscaffold.project import ClassMap
classes = {name: f'My{name}' for name in
           ('EpochBasedTrainLoop', 'IterBasedTrainLoop', 'ValLoop', 'TestLoop', 'RetinaNet',
            'FasterRCNN', 'MaskRCNN', 'CascadeRCNN', 'FCOS', 'ATSS', 'YOLOX', 'RTMDet', 'DINO')}
os.environ['MMSCAFFOLD_STATE'] = sys.argv[3]
start = time.perf_counter()
task = Task(ClassMap('my_project', 'MyRunner', classes))
plan = plan_migration([Path(sys.argv[2])], task, keep_going=True)
written = write_plan(plan)
seconds = time.perf_counter() - start
amount = len(plan.files)
"""
# Another tool that rewrites every file of a tree in place, and verifies nothing.
PEER = """
import sys, time
from pathlib import Path
from pyupgrade._main import main
files = [str(path) for path in sorted(Path(sys.argv[1]).rglob('*.py'))]
start = time.perf_counter()
main(['--py310-plus', '--exit-zero-even-if-changed', *files])
seconds = time.perf_counter() - start
amount = len(files)
"""
PROJECT = """
[tool.mmscaffold]
package = "my_project"
runner = "MyRunner"
[tool.mmscaffold.classes]
RetinaNet = "MyRetinaNet"
"""
STARTS = 7


def main() -> None:
    """Measure, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--old", type=Path, help="a checkout of an earlier mmscaffold")
    old = parser.parse_args().old
    checkouts = {"before": old, "mmscaffold": ROOT} if old else {"mmscaffold": ROOT}
    configs = mmdet_configs("3.3.0")
    theirs = measure(THEIRS, configs)
    print(f"mmengine loads        {theirs.amount:4} configs in {theirs.seconds:6.2f} s")
    if importlib.util.find_spec("pyupgrade"):
        peer = _on_copies(configs, lambda tree, _: measure(PEER, tree))
        print(f"pyupgrade rewrites    {peer.amount:4} files   in {peer.seconds:6.2f} s")
    for name, checkout in checkouts.items():
        package = checkout / "generator"
        ours = _on_copies(configs, partial(measure, OURS, package))
        print(
            f"{name:10} migrates   {ours.amount:4} configs in {ours.seconds:6.2f} s: planned, "
            f"verified, written; {ours.seconds / theirs.seconds:.2f} of mmengine's time"
        )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "configs")
        shutil.copytree(configs / "_base_", folder / "_base_")
        shutil.copytree(configs / "retinanet", folder / "retinanet")
        Path(scratch, "pyproject.toml").write_text(PROJECT)
        write_package(Path(scratch), "my_project", "MyRunner", "MyRetinaNet")
        config = folder / "retinanet" / "retinanet_r50_fpn_1x_coco.py"
        one = _fastest("-m", "mmscaffold", "migrate", str(config), "--check")
    bare = _fastest("-c", "from mmengine.config import Config")
    print(f"one config, cold start: {one:.2f} s; importing mmengine's Config: {bare:.2f} s")


def _on_copies(configs: Path, run: Callable[[Path, Path], Measured]) -> Measured:
    """The fastest of three runs, each on a copy of the tree, with a state folder beside it."""
    tries = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as scratch:
            tree, state = Path(scratch, "configs"), Path(scratch, "state")
            shutil.copytree(configs, tree)
            tries.append(run(tree, state))
    return min(tries, key=lambda one: one.seconds)


def _fastest(*words: str) -> float:
    """The least wall-clock seconds of some starts of Python."""
    seconds = []
    for _ in range(STARTS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *words], check=False, capture_output=True)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


if __name__ == "__main__":
    main()
