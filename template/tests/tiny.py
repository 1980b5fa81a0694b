"""A model, a data set and a metric so small that the real Runner trains in a blink."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, Dict, List, Optional

import torch
from mmengine.evaluator import BaseMetric
from mmengine.model import BaseModel
from torch import nn
from torch.utils.data import Dataset

BATCHES = 4  # per epoch
_names = itertools.count()


class TinyModel(BaseModel):
    """One linear layer on 2 numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(
        self, inputs: torch.Tensor, data_samples: Any = None, mode: str = "tensor"
    ) -> Any:
        output = self.layer(torch.stack(list(inputs)))
        if mode == "loss":
            return {"loss": output.square().mean()}
        return [output]


class TinyDataset(Dataset):
    """Eight pairs of numbers."""

    metainfo: Dict[str, Any] = {}

    def __len__(self) -> int:
        return 2 * BATCHES

    def __getitem__(self, index: int) -> Dict[str, torch.Tensor]:
        return {"inputs": torch.tensor([index / 8, 1.0])}


class TinyMetric(BaseMetric):
    """Counts the outputs that it is given."""

    def process(self, data_batch: Any, data_samples: Any) -> None:
        self.results.append(len(data_samples))

    def compute_metrics(self, results: List[int]) -> Dict[str, float]:
        return {"count": float(sum(results))}


def dataloader(shuffle: bool = False, sampler: str = "DefaultSampler") -> Dict:
    """Configure a dataloader of ``BATCHES`` batches."""
    return {
        "batch_size": 2,
        "num_workers": 0,
        "dataset": TinyDataset(),
        "sampler": {"type": sampler, "shuffle": shuffle},
    }


def make_runner(
    runner_class: Any,
    work_dir: Path,
    train_cfg: Dict,
    val_cfg: Optional[Dict] = None,
    **overrides: Any,
) -> Any:
    """Build a Runner around the tiny parts.

    Args:
        runner_class: The Runner to build.
        work_dir: Where its log and checkpoints go.
        train_cfg: The train loop.
        val_cfg: The val loop; mmengine's own by default.
        **overrides: Further arguments of the Runner.
    """
    arguments: Dict[str, Any] = {
        "model": TinyModel(),
        "work_dir": str(work_dir),
        "train_dataloader": dataloader(),
        "train_cfg": train_cfg,
        "val_dataloader": dataloader(),
        "val_cfg": val_cfg or {},
        "val_evaluator": [TinyMetric()],
        "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.1}},
        "default_hooks": {"logger": {"type": "LoggerHook", "interval": 1}},
        "default_scope": "mmengine",
        # mmengine keeps loggers by name for the life of the process.
        "experiment_name": f"tiny_{next(_names)}",
    }
    arguments.update(overrides)
    return runner_class(**arguments)


def read_log(work_dir: Path) -> str:
    """Read the text log of the latest run."""
    return max(work_dir.glob("*/*.log"), key=lambda p: p.stat().st_mtime_ns).read_text()
