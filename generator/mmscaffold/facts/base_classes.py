"""The classes of mmengine that code derives from, by the names of their definitions."""

from __future__ import annotations

from collections.abc import Mapping

from mmscaffold.facts.loops import EVALUATION_LOOPS, LOOP_OF_UNIT
from mmscaffold.facts.units import Unit

_LOOPS = "mmengine.runner.loops"
BASE_LOOP = "mmengine.runner.base_loop.BaseLoop"
EPOCH_LOOP = f"{_LOOPS}.{LOOP_OF_UNIT[Unit.EPOCHS].name}"
ITER_LOOP = f"{_LOOPS}.{LOOP_OF_UNIT[Unit.ITERATIONS].name}"
VAL_LOOP = f"{_LOOPS}.{EVALUATION_LOOPS['val_cfg']}"
TEST_LOOP = f"{_LOOPS}.{EVALUATION_LOOPS['test_cfg']}"
RUNNER = "mmengine.runner.runner.Runner"
FLEXIBLE_RUNNER = "mmengine.runner._flexible_runner.FlexibleRunner"
HOOK = "mmengine.hooks.hook.Hook"
BASE_MODEL = "mmengine.model.base_model.base_model.BaseModel"

TRAIN_LOOP_BASES = (EPOCH_LOOP, ITER_LOOP)
RUNNER_BASES = (RUNNER, FLEXIBLE_RUNNER)

REGISTRY_OF_BASE: Mapping[str, str] = {
    BASE_LOOP: "LOOPS",
    RUNNER: "RUNNERS",
    FLEXIBLE_RUNNER: "RUNNERS",
    HOOK: "HOOKS",
}
"""Where the Runner looks for the classes that derive from each."""

# mmengine/runner/base_loop.py and loops.py
_OF_TRAIN_LOOPS = ("_max_epochs", "_max_iters", "val_begin", "val_interval", "stop_training")
ASSIGNED_BY_CONSTRUCTOR: Mapping[str, tuple[str, ...]] = {
    BASE_LOOP: ("dataloader", "_runner"),
    EPOCH_LOOP: _OF_TRAIN_LOOPS,
    ITER_LOOP: _OF_TRAIN_LOOPS,
}
"""The attributes that the constructor of a loop assigns, beside its counters."""

MEASURED_BY_CONSTRUCTOR: Mapping[str, str] = {
    EPOCH_LOOP: "_max_iters",
    ITER_LOOP: "dataloader_iterator",
}
"""What the constructor of each train loop takes from its dataloader, once and for all."""

# mmengine/runner/loops.py
_BATCH = ("idx", "data_batch")
CALLED_BY_LOOP: Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]] = {
    EPOCH_LOOP: {"run_epoch": ("run", ()), "run_iter": ("run_epoch", _BATCH)},
    ITER_LOOP: {"run_iter": ("run", ("data_batch",))},
    VAL_LOOP: {"run_iter": ("run", _BATCH)},
    TEST_LOOP: {"run_iter": ("run", _BATCH)},
}
"""The methods that each loop calls of itself: where, and with which positional arguments."""

RUNNER_NAME = RUNNER.rpartition(".")[2]
"""What a config calls mmengine's Runner."""


def is_abstract(name: str) -> bool:
    """Whether a class of OpenMMLab is a mere base, which no config names.

    Args:
        name: Its name, without module.
    """
    return name.startswith("Base") or name == HOOK.rpartition(".")[2]
