"""What mmengine's Runner, hooks and logs read from a train loop.

The Runner copies nothing: its ``epoch``, ``iter``, ``max_epochs`` and ``max_iters`` are
read from the train loop each time, and are 0 if the loop is not a ``BaseLoop``
(mmengine/runner/runner.py). A loop that breaks one of these rules trains on without an
error, and logs epoch 1, then 0, with a negative ETA.
"""

from __future__ import annotations

from typing import Any

from mmengine.dataset import InfiniteSampler
from mmengine.runner import IterBasedTrainLoop, Runner
from mmengine.runner.base_loop import BaseLoop

COUNTERS = ("epoch", "iter", "max_epochs", "max_iters")
_STORAGE = {"epoch": "_epoch", "iter": "_iter"}
_SWITCHES = {
    "stop_training": "EarlyStoppingHook sets it to end the training",
    "val_interval": "Runner.val_interval reads it",
    "val_begin": "Runner.val_begin reads it",
}


class ContractError(RuntimeError):
    """A loop or Runner does not keep its counters as mmengine expects.

    Args:
        owner: The object that breaks the contract.
        attribute: What is wrong of it.
        expected: What it should be.
        actual: What it is.
        cause: How this usually comes about, and what to do.
    """

    def __init__(
        self, owner: Any, attribute: str, expected: Any, actual: Any, cause: str
    ) -> None:
        name = type(owner).__name__
        super().__init__(
            f"{name}.{attribute}: expected {expected}, got {actual}. {cause}"
        )
        self.attribute = attribute


def counts_epochs(loop: Any) -> bool:
    """Tell whether a train loop counts in epochs.

    Any loop does that does not derive from mmengine's ``IterBasedTrainLoop``, which
    treats the whole training as one epoch and never advances ``_epoch``.
    """
    return not isinstance(loop, IterBasedTrainLoop)


def check_train_loop(loop: Any) -> None:
    """Check a train loop that was just built, before it runs.

    Args:
        loop: The train loop.

    Raises:
        ContractError: If it breaks the contract.
    """
    if not isinstance(loop, BaseLoop):
        raise ContractError(
            loop,
            "__class__",
            "a subclass of mmengine.runner.BaseLoop",
            " -> ".join(base.__name__ for base in type(loop).__mro__[:-1]),
            "Runner.epoch, iter, max_epochs and max_iters are 0 for any other loop. "
            "Derive from mmengine's loops, not from a copy of them.",
        )
    for name in COUNTERS:
        _check_counter(loop, name)
    for name in _STORAGE:
        _check_storage(loop, name)
    for name, reader in _SWITCHES.items():
        if not hasattr(loop, name):
            raise ContractError(
                loop, name, "an attribute", "none", f"{reader}; set it in __init__."
            )
    _check_dataloader(loop)


def check_runner_class(runner: Runner) -> None:
    """Check that a Runner leaves its four progress properties to mmengine.

    Raises:
        ContractError: If its class defines one of them anew.
    """
    for name in COUNTERS:
        owner = next(c for c in type(runner).__mro__ if name in vars(c))
        if not owner.__module__.startswith("mmengine."):
            raise ContractError(
                runner,
                name,
                "mmengine's own property",
                f"one defined in {owner.__name__}",
                "Hooks and logs would read it instead of the loop's counter, and "
                f"print a stale value. Remove {name} from {owner.__name__}.",
            )


def _check_counter(loop: Any, name: str) -> None:
    value = getattr(loop, name, None)
    if callable(value):
        raise ContractError(
            loop, name, "a property", "a method", "Decorate it with @property."
        )
    if not isinstance(value, int) or isinstance(value, bool):
        raise ContractError(
            loop,
            name,
            "a whole number",
            repr(value),
            f"Set _{name} in __init__, and return it from the property {name}.",
        )


def _check_storage(loop: Any, name: str) -> None:
    storage = _STORAGE[name]
    value = getattr(loop, storage, None)
    if value != 0 or getattr(loop, name) != 0:
        raise ContractError(
            loop, storage, 0, repr(value), "A loop starts there; __init__ must set it."
        )
    # Runner.resume writes the counters exactly like this.
    try:
        setattr(loop, storage, 1)
        follows = getattr(loop, name) == 1
        setattr(loop, storage, 0)
    except AttributeError:
        follows = False
    if not follows:
        raise ContractError(
            loop,
            storage,
            f"the storage behind {name}",
            "something else",
            f"Runner.resume assigns {storage}; a counter kept under another name "
            "starts again at 0 after a resume.",
        )


def _check_dataloader(loop: Any) -> None:
    dataloader = loop.dataloader
    if isinstance(dataloader, dict):
        raise ContractError(
            loop,
            "dataloader",
            "a built DataLoader",
            "its config",
            "Call super().__init__(runner, dataloader), which builds it.",
        )
    if not counts_epochs(loop):
        return
    sampler = getattr(dataloader, "sampler", None)
    if isinstance(sampler, InfiniteSampler):
        raise ContractError(
            loop,
            "dataloader.sampler",
            "a sampler that ends, such as DefaultSampler",
            "InfiniteSampler",
            "An epoch would never end, never validate, and the ETA would fall below "
            "zero. Use DefaultSampler, or an iteration-based loop.",
        )
    iterations = loop.max_epochs * len(dataloader)
    if loop.max_iters != iterations:
        raise ContractError(
            loop,
            "max_iters",
            f"max_epochs * len(dataloader) = {iterations}",
            loop.max_iters,
            "The ETA and every schedule by iteration are computed from it.",
        )
