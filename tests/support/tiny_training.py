"""Train in a blink under mmengine's real Runner, and keep what it showed.

A model, a data set and a metric so small that a training of 3 epochs of 4 batches takes a
tenth of a second. A training that would never end is stopped after ``MOST_STEPS`` batches.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

import torch
from mmengine.evaluator import BaseMetric
from mmengine.model import BaseModel
from mmengine.runner import Runner
from torch import nn
from torch.utils.data import Dataset

BATCHES = 4  # per epoch
EPOCHS = 3
MOST_STEPS = 120
_names = itertools.count()
_LABEL = re.compile(r"(?:Epoch|Iter)\((train|val)\)\s+\[(\d+)\]")
_ETA = re.compile(r"eta: (-?[^ ]* ?(?:days?, )?[\d:]+)")


class EndlessTrainingError(Exception):
    """The training took so many steps that it would not have ended."""


class TinyModel(BaseModel):
    """One linear layer on 2 numbers, which counts its steps of training.

    Args:
        pause: What each step takes, in seconds; the ETA in logs counts whole ones.
        most_steps: After how many steps the training is stopped, as one without an end.

    Attributes:
        rates: The learning rate of each step so far.
        modes: Whether the model was in training mode, for each step so far.
    """

    def __init__(self, pause: float = 0.0, most_steps: int = MOST_STEPS) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)
        self.pause = pause
        self.most_steps = most_steps
        self.rates: list[float] = []
        self.modes: list[bool] = []

    def forward(self, inputs: Any, data_samples: Any = None, mode: str = "tensor") -> Any:
        output = self.layer(torch.stack(list(inputs)))
        if mode == "loss":
            return {"loss": output.square().mean()}
        return [output]

    def train_step(self, data: Any, optim_wrapper: Any) -> Any:
        if len(self.rates) == self.most_steps:
            raise EndlessTrainingError
        self.rates += optim_wrapper.get_lr()["lr"]
        self.modes.append(self.training)
        time.sleep(self.pause)
        return super().train_step(data, optim_wrapper)


class TinyDataset(Dataset):
    """Two pairs of numbers for each batch."""

    metainfo: ClassVar[dict[str, Any]] = {}

    def __len__(self) -> int:
        return 2 * BATCHES

    def __getitem__(self, index: int) -> dict[str, Any]:
        return {"inputs": torch.tensor([index / 8, 1.0])}


class TinyMetric(BaseMetric):
    """Counts the outputs that it is given."""

    def process(self, data_batch: Any, data_samples: Any) -> None:
        self.results.append(len(data_samples))

    def compute_metrics(self, results: list[int]) -> dict[str, float]:
        return {"count": float(sum(results))}


@dataclass
class Training:
    """What a training showed.

    Attributes:
        folder: Its work folder.
        runner: The Runner; ``None`` if it could not be built.
        error: What it ended with.
        returned: What ``Runner.train()`` returned.
    """

    folder: Path
    runner: Any = None
    error: BaseException | None = None
    returned: Any = None

    @property
    def log(self) -> str:
        """The text log."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*/*.log")))

    @property
    def log_file(self) -> Path:
        """The file of the text log."""
        return sorted(self.folder.glob("*/*.log"))[-1]

    @property
    def scalars(self) -> list[dict[str, Any]]:
        """The lines of ``vis_data/scalars.json``."""
        files = sorted(self.folder.glob("*/vis_data/scalars.json"))
        return [json.loads(line) for path in files for line in path.read_text().splitlines()]

    def labels(self, mode: str) -> list[int]:
        """The numbers in ``Epoch(mode) [n]``, each once for each run of equal ones."""
        found = [int(number) for kind, number in _LABEL.findall(self.log) if kind == mode]
        return [one for one, _ in itertools.groupby(found)]

    @property
    def etas(self) -> list[str]:
        """Every ETA in the log."""
        return _ETA.findall(self.log)

    @property
    def rates(self) -> list[float]:
        """The learning rate of each step of training that the model took."""
        return [] if self.runner is None else list(self.runner.model.rates)

    @property
    def modes(self) -> list[bool]:
        """Whether the model was in training mode, for each step of training."""
        return [] if self.runner is None else list(self.runner.model.modes)

    @property
    def checkpoints(self) -> list[str]:
        """The names of the checkpoints."""
        return sorted(path.name for path in self.folder.glob("*.pth"))

    def meta(self, checkpoint: str) -> dict[str, Any]:
        """The counters and settings within a checkpoint."""
        loaded = torch.load(self.folder / checkpoint, weights_only=False)
        return dict(loaded["meta"])

    def has_failed(self, text: str) -> bool:
        """Whether it ended with an error that says something."""
        return text in str(self.error)


def dataloader(sampler: str = "DefaultSampler", *, shuffle: bool = False) -> dict[str, Any]:
    """A dataloader of ``BATCHES`` batches."""
    return {
        "batch_size": 2,
        "num_workers": 0,
        "dataset": TinyDataset(),
        "sampler": {"type": sampler, "shuffle": shuffle},
    }


def arguments(folder: Path, **overrides: Any) -> dict[str, Any]:
    """What a Runner is built with to train ``EPOCHS`` epochs of the tiny model.

    Args:
        folder: Its work folder.
        **overrides: Arguments that replace those here.
    """
    built: dict[str, Any] = {
        "model": TinyModel(),
        "work_dir": str(folder),
        "train_dataloader": dataloader(shuffle=True),
        "train_cfg": {"type": "EpochBasedTrainLoop", "max_epochs": EPOCHS},
        "val_dataloader": dataloader(),
        "val_cfg": {},
        "val_evaluator": [TinyMetric()],
        "optim_wrapper": {"optimizer": {"type": "SGD", "lr": 0.1}},
        "default_hooks": {"logger": {"type": "LoggerHook", "interval": 1}},
        "default_scope": "mmengine",
        # mmengine keeps loggers by name for the life of the process.
        "experiment_name": f"tiny_{next(_names)}",
        "randomness": {"seed": 0},
    }
    return {**built, **overrides}


def train(folder: Path, runner_class: Any = Runner, **overrides: Any) -> Training:
    """Build a Runner, let it train, and keep what came of it, errors included.

    Args:
        folder: Its work folder; a training that resumes is given that of the first.
        runner_class: The Runner to build.
        **overrides: Arguments of the Runner that replace those of ``arguments``.
    """
    training = Training(folder)
    try:
        training.runner = runner_class(**arguments(folder, **overrides))
        training.returned = training.runner.train()
    except Exception as error:  # whatever it is, it is the result
        training.error = error
    return training


def train_and_resume(folder: Path, runner_class: Any = Runner, **overrides: Any) -> Training:
    """Train, then resume from the checkpoint of the second epoch; the second training.

    Args:
        folder: The folder of both.
        runner_class: The Runner to build, twice.
        **overrides: Arguments of the Runner that replace those of ``arguments``.
    """
    first = train(folder / "first", runner_class, **overrides)
    if first.error is not None:
        return first
    start = str(folder / "first" / "epoch_2.pth")
    # mmengine 0.10.7 loads whole checkpoints, which torch >= 2.6 does only if told so.
    with mock.patch.dict(os.environ, TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD="1"):
        return train(folder / "second", runner_class, **overrides, load_from=start, resume=True)
