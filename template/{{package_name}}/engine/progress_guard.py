"""A hook that stops a training whose counters go wrong, in its first epoch."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence, Set

from mmengine.hooks import Hook
from mmengine.registry import HOOKS
from mmengine.runner import Runner

from .contract import COUNTERS, ContractError, check_runner_class, counts_epochs

_FROM_RUN = "Call the hooks as mmengine's loops do (mmengine/runner/loops.py)."
_ITER_CAUSE = (
    "_iter must advance by one per iteration, after after_train_iter; the ETA and "
    "schedules by iteration read it."
)
_EPOCH_CAUSE = (
    "_epoch must advance by one per epoch, after after_train_epoch and before "
    "validation; logs, checkpoints and the shuffling of the data read it."
)


@HOOKS.register_module()
class ProgressGuardHook(Hook):
    """Checks epoch and iter at every hook point of the training.

    It counts epochs and iterations by itself, from the hooks that the loop calls, and
    compares. ``MyRunner`` registers it; a config may also list it in ``custom_hooks``
    for another Runner.

    Raises:
        ContractError: From any of its hook methods, once a counter is wrong.
    """

    # First of all hooks, so that no checkpoint is written with a wrong counter.
    priority = "HIGHEST"

    def __init__(self) -> None:
        self._training = False
        self._loop: Any = None
        self._by_epoch = True
        self._iter = 0  # iterations finished, those before a resume included
        self._epoch = 0  # epochs finished, those before a resume included
        self._max_iters = 0
        self._batch = 0  # batches finished in this epoch
        self._open_iter = False
        self._resumed: Optional[Dict] = None
        self._before_val: Any = None

    def before_run(self, runner: Runner) -> None:
        """See that validation within the training does not begin another run."""
        if self._training:
            raise ContractError(
                self._loop,
                "run",
                "self.runner.val_loop.run()",
                "self.runner.val()",
                "Runner.val() fires before_run and after_run again, which closes the "
                "visualizer in the middle of the training.",
            )

    def after_load_checkpoint(self, runner: Runner, checkpoint: Dict) -> None:
        """Remember the counters that a resume must restore."""
        self._resumed = checkpoint.get("meta") if runner._resume else None

    def before_train(self, runner: Runner) -> None:
        """Check that the Runner sees the counters of the loop that runs."""
        check_runner_class(runner)
        loop = runner._train_loop
        for name in COUNTERS:
            seen, own = getattr(runner, name), getattr(loop, name, None)
            if seen != own:
                raise ContractError(
                    runner,
                    name,
                    f"{own}, which {type(loop).__name__} counts",
                    seen,
                    "The Runner reads 0 from a loop that is no mmengine BaseLoop; "
                    "derive from mmengine's loops, not from a copy of them.",
                )
        self._training = True
        self._loop = loop
        self._by_epoch = counts_epochs(loop)
        self._iter, self._epoch = loop.iter, loop.epoch
        self._max_iters = loop.max_iters
        self._batch = 0
        self._open_iter = False
        for name in ("epoch", "iter"):
            if self._resumed is not None and name in self._resumed:
                self._expect(loop, name, self._resumed[name], "The resume was lost.")
        if runner.log_processor.by_epoch is not self._by_epoch:
            runner.logger.warning(
                "log_processor.by_epoch is %s, but %s counts %s: the log will show "
                "the wrong unit.",
                runner.log_processor.by_epoch,
                type(loop).__name__,
                "epochs" if self._by_epoch else "iterations",
            )

    def before_train_epoch(self, runner: Runner) -> None:
        """Check that as many epochs are counted as were finished."""
        self._expect_training("before_train_epoch")
        if runner._train_loop is not self._loop:
            raise ContractError(
                runner,
                "_train_loop",
                "the loop that runs",
                "another loop",
                "Something built or assigned a second train loop during the training; "
                "hooks and logs now watch that one.",
            )
        if self._by_epoch:
            self._expect(runner, "epoch", self._epoch, _EPOCH_CAUSE)
        self._batch = 0

    def before_train_iter(
        self, runner: Runner, batch_idx: int, data_batch: Any = None
    ) -> None:
        """Check iter, the batch index, and once per epoch the mode of the model."""
        if self._open_iter:
            raise ContractError(
                self._loop,
                "run_iter",
                "a call of after_train_iter",
                "none",
                "Without it nothing is logged and no scheduler steps. " + _FROM_RUN,
            )
        self._open_iter = True
        if runner.iter != self._iter:
            self._expect(runner, "iter", self._iter, _ITER_CAUSE)
        if self._iter >= self._max_iters:
            raise ContractError(
                self._loop,
                "max_iters",
                "the number of iterations that run",
                f"{self._max_iters}, all of them done",
                "The ETA would fall below zero, and schedules would end too early.",
            )
        expected = self._batch if self._by_epoch else self._iter
        if batch_idx != expected:
            raise ContractError(
                self._loop,
                "batch_idx",
                expected,
                batch_idx,
                "It is the number of the batch in its epoch, from 0; under an "
                "iteration-based loop, the iteration.",
            )
        if self._batch == 0:
            self._expect_training("before_train_iter")
            if not runner.model.training:
                raise ContractError(
                    runner.model,
                    "training",
                    True,
                    False,
                    "Validation leaves the model in eval mode: call "
                    "runner.model.train() at the start of every epoch.",
                )

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Any = None,
        outputs: Optional[dict] = None,
    ) -> None:
        """Check that iter has not advanced yet, and that the step returned a dict."""
        if not self._open_iter:
            raise ContractError(
                self._loop,
                "run_iter",
                "a call of before_train_iter",
                "none",
                "Without it the log has no learning rate and no ETA. " + _FROM_RUN,
            )
        if not isinstance(outputs, dict):
            raise ContractError(
                self._loop,
                "outputs",
                "the dict that model.train_step returns",
                type(outputs).__name__,
                "Hand it to after_train_iter; the logger reads the losses from it.",
            )
        if runner.iter != self._iter:
            self._expect(runner, "iter", self._iter, _ITER_CAUSE)
        self._open_iter = False
        self._iter += 1
        self._batch += 1

    def after_train_epoch(self, runner: Runner) -> None:
        """Check the length of the epoch, and that epoch has not advanced yet."""
        if self._by_epoch:
            self._check_length()
            self._expect(runner, "epoch", self._epoch, _EPOCH_CAUSE)
            self._epoch += 1
        self._expect(runner, "iter", self._iter, _ITER_CAUSE)
        _check_optimizer(runner)

    def before_val(self, runner: Runner) -> None:
        """Check that the epoch was counted before it is validated."""
        if not self._training:
            return
        if self._by_epoch:
            self._expect(runner, "epoch", self._epoch, _EPOCH_CAUSE)
        self._expect(runner, "iter", self._iter, _ITER_CAUSE)
        self._before_val = runner._train_loop

    def after_val(self, runner: Runner) -> None:
        """Check that validation left the train loop and its counters alone."""
        if not self._training:
            return
        cause = "The val loop must not write the counters of the train loop."
        if runner._train_loop is not self._before_val:
            raise ContractError(
                runner, "_train_loop", "the loop that runs", "another loop", cause
            )
        if self._by_epoch:
            self._expect(runner, "epoch", self._epoch, cause)
        self._expect(runner, "iter", self._iter, cause)

    def after_train(self, runner: Runner) -> None:
        """Check that the training reached its end, unless it was stopped."""
        self._expect_training("after_train")
        self._training = False
        if self._loop.stop_training:
            return
        name = "epoch" if self._by_epoch else "iter"
        expected = getattr(self._loop, f"max_{name}s")
        cause = f"The training ended, but not at max_{name}s."
        # A run that was already at its end when it was resumed trains nothing.
        if getattr(runner, name) < expected or self._count() < expected:
            self._expect(runner, name, expected, cause)
            raise ContractError(
                self._loop, f"max_{name}s", expected, self._count(), cause + _FROM_RUN
            )

    def _check_length(self) -> None:
        length = len(self._loop.dataloader)
        if self._batch != length and not self._loop.stop_training:
            raise ContractError(
                self._loop,
                "run_epoch",
                f"{length} iterations, one for each batch of its dataloader",
                self._batch,
                "max_iters is computed from the dataloader; an epoch of another "
                "length makes the ETA and schedules by iteration wrong. "
                "Fire before_train_iter and after_train_iter for every batch.",
            )

    def _count(self) -> int:
        return self._epoch if self._by_epoch else self._iter

    def _expect(self, owner: Any, name: str, expected: int, cause: str) -> None:
        actual = getattr(owner, name)
        if actual != expected:
            shown = self._loop if self._loop is not None else owner
            raise ContractError(shown, name, expected, actual, cause)

    def _expect_training(self, hook: str) -> None:
        if not self._training:
            raise ContractError(
                self._loop or self,
                "run",
                f"before_train, then {hook}",
                f"{hook} alone",
                "Hooks prepare themselves in before_train. " + _FROM_RUN,
            )


def _check_optimizer(runner: Runner) -> None:
    """See that the schedulers still drive the optimizer that trains."""
    current = _optimizers(runner.optim_wrapper)
    for scheduler in _schedulers(runner.param_schedulers):
        if id(scheduler.optimizer) not in current:
            raise ContractError(
                runner,
                "optim_wrapper",
                "the optimizer that the schedulers hold",
                "another one",
                "It was replaced during the training, so the learning rate is frozen: "
                "rebuild the schedulers with it.",
            )


def _optimizers(optim_wrapper: Any) -> Set[int]:
    wrappers = list(getattr(optim_wrapper, "optim_wrappers", {}).values())
    found = {id(optim_wrapper)}
    for wrapper in [optim_wrapper, *wrappers]:
        found.add(id(wrapper))
        found.add(id(getattr(wrapper, "optimizer", None)))
    return found


def _schedulers(schedulers: Any) -> Sequence[Any]:
    if schedulers is None:
        return []
    if isinstance(schedulers, dict):
        return [scheduler for group in schedulers.values() for scheduler in group]
    return schedulers
