"""Migrate and verify the whole mmdet 3.3.0 tree, against mmengine merely loading it once.

Also one config on the command line from cold start, against a bare import of mmengine's
``Config``. All in one run.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from resolve import THEIRS
from side_by_side import measure
from support.corpora import mmdet_configs

OURS = """
import sys, time
from pathlib import Path
from mmscaffold.migrate import Task, plan_migration
from mmscaffold.project import ClassMap
classes = {name: f'My{name}' for name in
           ('EpochBasedTrainLoop', 'IterBasedTrainLoop', 'ValLoop', 'TestLoop', 'RetinaNet',
            'FasterRCNN', 'MaskRCNN', 'CascadeRCNN', 'FCOS', 'ATSS', 'YOLOX', 'RTMDet', 'DINO')}
start = time.perf_counter()
task = Task(ClassMap('my_project', 'MyRunner', classes))
plan = plan_migration([Path(sys.argv[1])], task, keep_going=True)
seconds = time.perf_counter() - start
amount = len(plan.files)
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
    configs = mmdet_configs("3.3.0")
    theirs = measure(THEIRS, configs)
    ours = measure(OURS, configs)
    print(f"mmengine loads    {theirs.amount:4} configs in {theirs.seconds:6.2f} s")
    print(f"mmscaffold plans  {ours.amount:4} configs in {ours.seconds:6.2f} s, each verified")
    print(f"ratio: {ours.seconds / theirs.seconds:.2f} of mmengine's time\n")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "configs")
        shutil.copytree(configs / "_base_", folder / "_base_")
        shutil.copytree(configs / "retinanet", folder / "retinanet")
        Path(scratch, "pyproject.toml").write_text(PROJECT)
        config = folder / "retinanet" / "retinanet_r50_fpn_1x_coco.py"
        one = _fastest("-m", "mmscaffold", "migrate", str(config), "--check")
    bare = _fastest("-c", "from mmengine.config import Config")
    print(f"one config, cold start: {one:.2f} s; importing mmengine's Config: {bare:.2f} s")


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
