"""The config of a run: the one that its log or its work folder holds; never executed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.diagnostic import Diagnostic
from mmscaffold.check.known_code import KnownCode
from mmscaffold.check.registry import find_rule
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.config.evaluate.values import LazyName
from mmscaffold.config.walk import dicts
from mmscaffold.diagnose.history import Run
from mmscaffold.facts.loops import TRAIN_LOOPS
from mmscaffold.facts.schedulers import LEARNING_RATE
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.schedulers import Scheduler


@dataclass(frozen=True)
class RunConfig:
    """What the config of a run asks for.

    Attributes:
        where: The file, or the log that holds it, for messages.
        view: The config, as the config rules see it.
    """

    where: str
    view: ConfigView

    @property
    def loop(self) -> Mapping[str, Any]:
        """``train_cfg``."""
        return self.view.loop or {}

    @property
    def own_loop(self) -> bool | None:
        """Whether the train loop is a class of the project; ``None`` if that is not known."""
        type_ = self.loop.get("type")
        if type_ is not None and not isinstance(type_, str | LazyName):
            return None
        name = class_name(type_)
        if name is not None and name not in TRAIN_LOOPS:
            return True
        # A Runner of a project's own may build another one.
        return None if self.view.get("runner_type") else False

    @property
    def unit(self) -> Unit | None:
        """What the train loop counts."""
        return self.view.unit

    @property
    def max_epochs(self) -> int | None:
        """Epochs to train; ``None`` for an iteration loop, or where it is not known."""
        return self._maximum(Unit.EPOCHS)

    @property
    def max_iters(self) -> int | None:
        """Iterations to train; ``None`` for an epoch loop, or where it is not known."""
        return self._maximum(Unit.ITERATIONS)

    def _maximum(self, unit: Unit) -> int | None:
        length = self.view.length
        return length.maximum if length is not None and length.unit is unit else None

    @property
    def validates(self) -> bool:
        """Whether it sets a validation."""
        whole = isinstance(self.view.get("val_cfg"), Mapping)
        dataloader = self.view.root.get("val_dataloader", whole)
        return whole and bool(dataloader)

    @cached_property
    def has_one_class(self) -> bool:
        """Whether a head of the model is for a single class."""
        return any(part.get("num_classes") == 1 for _, part in dicts(self.view.get("model")))

    @cached_property
    def rate_schedulers(self) -> list[Scheduler]:
        """The schedulers of the learning rate."""
        return [one for one in self.view.schedulers if one.parameter[1] == LEARNING_RATE]

    @property
    def sampler(self) -> str | None:
        """The class of the sampler of the training data."""
        sampler = self.view.get("train_dataloader.sampler", {})
        return class_name(sampler.get("type")) if isinstance(sampler, Mapping) else None

    def findings(self, rule_id: str) -> list[Diagnostic]:
        """What a config rule finds in it."""
        rule = find_rule(rule_id)
        return list(rule.check(self.view)) if rule.kind == "config" else []


def run_config(run: Run) -> tuple[RunConfig | None, str | None]:
    """Find and read the config of a run.

    Returns:
        The config, and why one that is there could not be read.
    """
    if run.config_text:
        path = run.path.with_name(f"{run.path.name}.py").absolute()
        return _read(path, f"the config in {run.path}", {path: run.config_text})
    for file in _dumped(run.path):
        return _read(file, str(file), {})
    return None, None


def _dumped(log: Path) -> list[Path]:
    """Where mmengine dumps the config that a log or scalars come from."""
    folder = log.absolute().parent
    if folder.name == "vis_data":
        folder = folder.parent
    beside = [folder / "vis_data" / "config.py", folder.parent / f"{folder.name}.py"]
    found = [file for file in beside if file.is_file() and file.stat().st_size > 1]
    if not found and log.stem == folder.name:
        others = sorted(folder.parent.glob("*.py"))
        found = others if len(others) == 1 and others[0].stat().st_size > 1 else []
    return found


def _read(
    path: Path, where: str, overlay: dict[Path, bytes]
) -> tuple[RunConfig | None, str | None]:
    try:
        config = Resolver(overlay).resolve(path)
    except ConfigError as error:
        return None, f"{where} could not be read: {error.message}"
    return RunConfig(where, ConfigView(config, KnownCode())), None
