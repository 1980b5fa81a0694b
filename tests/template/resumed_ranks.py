"""Trains in two processes, straight and resumed; run by test_resuming.py under torchrun.

Each process writes a line for each way to train: whether data and weights were alike.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch
from mmengine.dist import get_rank, is_distributed
from mmengine.hooks import Hook

project, scratch = map(Path, sys.argv[1:])
sys.path[:0] = [str(project), str(project / "tests")]

from my_project.engine import MyRunner  # noqa: E402
from tiny import BATCHES, dataloader, make_runner  # noqa: E402


class Watch(Hook):
    def __init__(self) -> None:
        self.seen: list[object] = []

    def before_train_iter(self, runner, batch_idx, data_batch=None) -> None:
        self.seen.append((torch.stack(data_batch["inputs"]).tolist(), torch.rand(2).tolist()))


def train(work_dir: Path, by_epoch: bool, differ: bool, resume_from: Path | None = None):
    watch = Watch()
    loop = {"type": "MyEpochBasedTrainLoop", "max_epochs": 3}
    if not by_epoch:
        loop = {"type": "MyIterBasedTrainLoop", "max_iters": 6, "val_interval": 2}
    sampler = "DefaultSampler" if by_epoch else "InfiniteSampler"
    loader = {
        **dataloader(shuffle=True, sampler=sampler),
        "num_workers": 1,
        "persistent_workers": True,
    }
    saving = {"type": "CheckpointHook", "by_epoch": by_epoch, "interval": 1 if by_epoch else 2}
    options = {}
    if resume_from is not None:
        options = {"resume": True, "load_from": str(resume_from)}
    runner = make_runner(
        MyRunner,
        work_dir,
        loop,
        train_dataloader=loader,
        default_hooks={"checkpoint": saving},
        log_processor={"by_epoch": by_epoch},
        custom_hooks=[watch],
        randomness={"seed": 7, "diff_rank_seed": differ},
        launcher="pytorch",
        **options,
    )
    runner.train()
    assert is_distributed()
    # Workers end with their iterator; those of several runs delay one another.
    loop = runner.train_loop
    loop.dataloader_iterator = loop.dataloader._iterator = None
    return runner.model.state_dict(), watch.seen


for by_epoch in (True, False):
    for differ in (False, True):
        folder = scratch / f"{by_epoch}-{differ}"
        first = "epoch_1.pth" if by_epoch else "iter_2.pth"
        weights, seen = train(folder, by_epoch, differ)
        other, rest = train(folder / "again", by_epoch, differ, folder / first)
        assert len(seen) == 3 * BATCHES // 2
        line = {
            "rank": get_rank(),
            "by_epoch": by_epoch,
            "differ": differ,
            "same_data": rest == seen[BATCHES // 2 :],
            "same_weights": all(torch.equal(weights[name], other[name]) for name in weights),
            "first": seen[0][1],
        }
        with (scratch / f"rank{get_rank()}.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")
torch.distributed.barrier()
torch.distributed.destroy_process_group()
