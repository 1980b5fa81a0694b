"""A hook with which a resumed training goes on as if it had never stopped."""

from __future__ import annotations

import random
from typing import Any, Dict, Optional

import numpy as np
import torch
from mmengine.hooks import Hook
from mmengine.registry import HOOKS
from mmengine.runner import Runner

_KEY = "random_states"


@HOOKS.register_module()
class RandomStateHook(Hook):
    """Keeps the states of all random generators in the checkpoint.

    It also keeps validation from drawing on them: a checkpoint is saved before the
    epoch is validated, and a training that is resumed from it skips that validation.
    """

    priority = "VERY_LOW"

    def __init__(self) -> None:
        self._resumed: Optional[Dict[str, Any]] = None
        self._before_val: Optional[Dict[str, Any]] = None

    def before_save_checkpoint(self, runner: Runner, checkpoint: Dict) -> None:
        """Add the states to the checkpoint."""
        checkpoint[_KEY] = _states()

    def after_load_checkpoint(self, runner: Runner, checkpoint: Dict) -> None:
        """Remember the states of the checkpoint that is resumed from."""
        if runner._resume:
            self._resumed = checkpoint.get(_KEY)

    def before_train(self, runner: Runner) -> None:
        """Go on with the states of the checkpoint."""
        if self._resumed is not None:
            _restore(self._resumed)
            self._resumed = None

    def before_val(self, runner: Runner) -> None:
        """Remember the states of the training."""
        self._before_val = _states()

    def after_val(self, runner: Runner) -> None:
        """Give them back to it."""
        if self._before_val is not None:
            _restore(self._before_val)
            self._before_val = None


def _states() -> Dict[str, Any]:
    states = {
        "python": random.getstate(),
        "numpy": np.random.get_state(),
        "torch": torch.get_rng_state(),
    }
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state()
    return states


def _restore(states: Dict[str, Any]) -> None:
    random.setstate(states["python"])
    np.random.set_state(states["numpy"])
    torch.set_rng_state(states["torch"].cpu())
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"].cpu())
