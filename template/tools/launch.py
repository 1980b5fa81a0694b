"""What training and testing from the command line have in common."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path
from typing import Iterator

import torch.distributed as dist
from mmengine.config import Config, DictAction
from mmengine.registry import RUNNERS
from mmengine.runner import Runner

PROJECT = Path(__file__).resolve().parents[1]


def make_parser(description: str) -> argparse.ArgumentParser:
    """Make a parser with the options that MMDetection's own tools have, too."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("config", help="the config file")
    parser.add_argument("--work-dir", help="where logs and checkpoints go")
    parser.add_argument(
        "--cfg-options",
        nargs="+",
        action=DictAction,
        help="overrides, such as train_cfg.max_epochs=4",
    )
    parser.add_argument(
        "--launcher",
        choices=["none", "pytorch", "slurm", "mpi"],
        default="none",
        help="how the processes were started; pytorch for torchrun",
    )
    # torch.distributed.launch passes it; torchrun sets LOCAL_RANK instead.
    parser.add_argument("--local_rank", "--local-rank", type=int, default=0)
    return parser


def load_config(args: argparse.Namespace) -> Config:
    """Read the config, apply the options, and choose the work folder."""
    os.environ.setdefault("LOCAL_RANK", str(args.local_rank))
    # custom_imports must find the package without an installation.
    sys.path.insert(0, str(PROJECT))
    config = Config.fromfile(args.config)
    config.launcher = args.launcher
    if args.cfg_options:
        config.merge_from_dict(args.cfg_options)
    if args.work_dir:
        config.work_dir = args.work_dir
    elif not config.get("work_dir"):
        config.work_dir = str(Path("work_dirs") / Path(args.config).stem)
    return config


@contextlib.contextmanager
def running(config: Config) -> Iterator[Runner]:
    """Build the Runner that the config names in ``runner_type``, and clean up after it.

    Yields:
        The Runner.
    """
    runner_type = config.get("runner_type")
    yield RUNNERS.build(config) if runner_type else Runner.from_cfg(config)
    # Processes that leave without this can abort one another.
    if dist.is_available() and dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()
