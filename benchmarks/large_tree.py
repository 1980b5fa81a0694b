"""Resolve, check and migrate generated trees of 5,000, 10,000 and 20,000 configs.

Each in a process of its own, which does all the work itself. Time must grow with the number of
configs, and memory stay below 1 GB. ``--sizes`` measures other trees; the exit code says whether
all bounds were kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from side_by_side import Measured, measure

RESOLVE = """
import sys, time
from mmscaffold.config import map_tree
def count(config):
    return len(config.to_dict())
start = time.process_time()
amount = len(map_tree(sys.argv[1], count, processes=1).configs)
seconds = time.process_time() - start
"""
CHECK = """
import sys, time
from pathlib import Path
from mmscaffold.check import Settings, all_rules, check_paths
start = time.process_time()
amount = len(check_paths([Path(sys.argv[1])], Settings(all_rules()), processes=1).configs)
seconds = time.process_time() - start
"""
MIGRATE = """
import os, sys, time
from pathlib import Path
os.environ['MMSCAFFOLD_STATE'] = sys.argv[2]
from mmscaffold.migrate import Task, plan_migration, write_plan
from mmscaffold.project import ClassMap
start = time.process_time()
task = Task(ClassMap('my_project', 'MyRunner', {'EpochBasedTrainLoop': 'MyLoop'}))
plan = plan_migration([Path(sys.argv[1])], task, keep_going=True)
write_plan(plan)
amount = len(plan.files)
seconds = time.process_time() - start
"""
COMMANDS = {"resolve": RESOLVE, "check": CHECK, "migrate": MIGRATE}
SIZES = (5_000, 10_000, 20_000)
MEGABYTES = 1_000
# Of the time per config of the largest tree, against that of the smallest.
GROWTH = 1.5
IN_A_FOLDER = 100
BASES = {
    "model": "model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=50),\n"
    "    bbox_head=dict(num_classes=80, anchors=[[i, i] for i in range(9)]))\n",
    "data": "pipeline = [dict(type='Resize', scale=(1333, 800)), dict(type='Pack')]\n"
    "train_dataloader = dict(batch_size=2, dataset=dict(type='Coco', pipeline=pipeline))\n"
    "val_dataloader = train_dataloader\nval_evaluator = dict(type='CocoMetric')\n",
    "schedule": "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=1)\n"
    "val_cfg = dict(type='ValLoop')\nparam_scheduler = [dict(type='LinearLR', by_epoch=False,\n"
    "    start_factor=0.001, begin=0, end=500), dict(type='MultiStepLR', begin=0, end=12,\n"
    "    by_epoch=True, milestones=[8, 11])]\n"
    "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.01))\n",
    "runtime": "default_scope = 'mmdet'\ndefault_hooks = dict(checkpoint=dict(\n"
    "    type='CheckpointHook', interval=1), logger=dict(type='LoggerHook', interval=50))\n",
}


def make_tree(root: Path, size: int) -> None:
    """Write configs, a hundred in a folder: some bases, leaves, and leaves of leaves."""
    bases = root / "_base_"
    bases.mkdir(parents=True)
    for name, text in BASES.items():
        (bases / f"{name}.py").write_text(text)
    listed = ", ".join(f"'../_base_/{name}.py'" for name in BASES)
    for number in range(size - len(BASES)):
        folder = root / f"f{number // IN_A_FOLDER:04}"
        folder.mkdir(exist_ok=True)
        base = f"[{listed}]" if number % 4 == 0 else f"'./c{number // 4 * 4 % IN_A_FOLDER:02}.py'"
        (folder / f"c{number % IN_A_FOLDER:02}.py").write_text(
            f"_base_ = {base}\nmodel = dict(backbone=dict(depth={50 + number % 3}))\n"
            f"optim_wrapper = dict(optimizer=dict(lr={1 + number % 9} / 100))\n"
        )


def main() -> None:
    """Measure each command on each tree; print what it took, and whether that is linear."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    sizes = parser.parse_args().sizes
    kept = True
    for command, script in COMMANDS.items():
        taken: list[Measured] = []
        for size in sizes:
            with tempfile.TemporaryDirectory() as scratch:
                make_tree(Path(scratch, "configs"), size)
                one = measure(script, Path(scratch, "configs"), Path(scratch, "state"))
            taken.append(one)
            print(
                f"{command:8} {one.amount:6} configs {one.seconds:7.2f} s "
                f"({one.seconds / one.amount * 1000:.2f} ms each) {one.megabytes:5} MB at most",
                flush=True,
            )
        growth = (taken[-1].seconds / taken[-1].amount) / (taken[0].seconds / taken[0].amount)
        most = max(one.megabytes for one in taken)
        kept = kept and growth < GROWTH and most < MEGABYTES
        print(f"{command:8} a config takes {growth:.2f} times as long in the largest tree")
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
