"""Sound train loops in unusual forms: all of them train 3 epochs of 4 batches, and validate."""

# The forms are unusual on purpose.
# ruff: noqa: C408, SIM102, SIM113

from __future__ import annotations

import contextlib
import itertools
from contextlib import ExitStack, contextmanager
from functools import partial

import torch
from mmengine.registry import LOOPS
from mmengine.runner import BaseLoop, EpochBasedTrainLoop
from mmengine.runner.loops import EpochBasedTrainLoop as Upstream


@LOOPS.register_module()
class EpochInAManager(EpochBasedTrainLoop):
    """The hooks of an epoch stand around a ``yield``."""

    @contextmanager
    def _epoch_hooks(self):
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        yield
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1

    def run_epoch(self):
        with self._epoch_hooks():
            for idx, data_batch in enumerate(self.dataloader):
                self.run_iter(idx, data_batch)


@LOOPS.register_module()
class IterationInAManager(EpochBasedTrainLoop):
    """The hooks of an iteration, too; the outputs leave the block by a dict."""

    @contextmanager
    def _hooks(self, idx, data_batch):
        self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        held = {}
        try:
            yield held
        finally:
            self.runner.call_hook(
                "after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=held["outputs"]
            )
            self._iter += 1

    def run_iter(self, idx, data_batch):
        with self._hooks(idx, data_batch) as held:
            held["outputs"] = self.runner.model.train_step(
                data_batch, optim_wrapper=self.runner.optim_wrapper
            )


@LOOPS.register_module()
class TwoManagers(EpochBasedTrainLoop):
    """One manager within another, and a foreign one beside it."""

    @contextmanager
    def _training(self):
        self.runner.call_hook("before_train")
        yield
        self.runner.call_hook("after_train")

    @contextlib.contextmanager
    def _everything(self):
        with self._training():
            yield

    def run(self):
        with torch.enable_grad(), self._everything():
            while self._epoch < self._max_epochs and not self.stop_training:
                self.run_epoch()
                self._decide_current_val_interval()
                due = self._epoch >= self.val_begin and self._epoch % self.val_interval == 0
                if self.runner.val_loop is not None and due:
                    self.runner.val_loop.run()
        return self.runner.model


@LOOPS.register_module()
class HooksAroundByStack(EpochBasedTrainLoop):
    """An ``ExitStack`` calls what comes last."""

    def run_epoch(self):
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        with ExitStack() as stack:
            stack.callback(self._end)
            for idx, data_batch in enumerate(self.dataloader):
                self.run_iter(idx, data_batch)

    def _end(self):
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1


@LOOPS.register_module()
class CallsByItsOwnShorthand(EpochBasedTrainLoop):
    """``call_hook`` under a shorter name."""

    def run_iter(self, idx, data_batch):
        call = partial(self.runner.call_hook, batch_idx=idx, data_batch=data_batch)
        call("before_train_iter")
        outputs = self.runner.model.train_step(data_batch, optim_wrapper=self.runner.optim_wrapper)
        call("after_train_iter", outputs=outputs)
        self._iter += 1


@LOOPS.register_module()
class ChecksItsBatches(EpochBasedTrainLoop):
    """A generator over the batches, of the class itself."""

    def _batches(self):
        for idx, data_batch in enumerate(self.dataloader):
            if data_batch is not None:
                yield idx, data_batch

    def run_epoch(self):
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in self._batches():
            self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1


@LOOPS.register_module()
class TriesEachBatch(EpochBasedTrainLoop):
    """An error of one batch is told with its number."""

    def run_iter(self, idx, data_batch):
        try:
            super().run_iter(idx, data_batch)
        except ValueError as error:
            raise ValueError(f"batch {idx}") from error


@LOOPS.register_module()
class SupposesMaximum(EpochBasedTrainLoop):
    """A length of its own making, handed to the base."""

    def __init__(self, runner, dataloader, rounds=3, **kwargs):
        kwargs.pop("max_epochs", None)
        super().__init__(runner, dataloader, max_epochs=rounds, **kwargs)


@LOOPS.register_module()
class UnderOtherNames(Upstream):
    """``self`` has another name, and so has the Runner."""

    def run_iter(this, idx, data_batch):  # noqa: N805
        boss = this._runner
        boss.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        result = boss.model.train_step(data_batch, optim_wrapper=boss.optim_wrapper)
        boss.call_hook("after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=result)
        this._iter += 1


class _Template(EpochBasedTrainLoop):
    """An abstract loop with a method to fill in."""

    def step(self, data_batch):
        raise NotImplementedError

    def run_iter(self, idx, data_batch):
        self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        outputs = self.step(data_batch)
        self.runner.call_hook(
            "after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs
        )
        self._iter += 1


@LOOPS.register_module()
class FillsTheTemplate(_Template):
    """The method that its base leaves open."""

    def step(self, data_batch):
        return self.runner.model.train_step(data_batch, optim_wrapper=self.runner.optim_wrapper)


@LOOPS.register_module()
class StepsByHand(EpochBasedTrainLoop):
    """The loss by hand, as for two losses."""

    def run_iter(self, idx, data_batch):
        runner = self.runner
        runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        with runner.optim_wrapper.optim_context(runner.model):
            losses = runner.model(**data_batch, mode="loss")
        parsed, outputs = runner.model.parse_losses(losses)
        runner.optim_wrapper.update_params(parsed)
        runner.call_hook("after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs)
        self._iter += 1


@LOOPS.register_module()
class MatchesItsStage(EpochBasedTrainLoop):
    """A stage for each epoch, by ``match``."""

    def run_epoch(self):
        match self._epoch:
            case 0:
                self.stage = "first"
            case _:
                self.stage = "other"
        super().run_epoch()


@LOOPS.register_module()
class EndsByItsFlag(EpochBasedTrainLoop):
    """``while True`` with the ends inside."""

    def run(self):
        self.runner.call_hook("before_train")
        while True:
            if self.stop_training or self._epoch >= self._max_epochs:
                break
            self.run_epoch()
            self._decide_current_val_interval()
            if self.runner.val_loop is not None and self._epoch >= self.val_begin:
                if self._epoch % self.val_interval == 0:
                    self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model


@LOOPS.register_module()
class ResumesItsFor(EpochBasedTrainLoop):
    """A ``for`` that begins at the counter that is restored."""

    def run(self):
        self.runner.call_hook("before_train")
        for _ in range(self._epoch, self._max_epochs):
            if self.stop_training:
                break
            self.run_epoch()
            self._decide_current_val_interval()
            if (
                self.runner.val_loop is not None
                and self._epoch >= self.val_begin
                and self._epoch % self.val_interval == 0
            ):
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model


@LOOPS.register_module()
class OnTheBaseLoop(BaseLoop):
    """All of it by itself."""

    def __init__(self, runner, dataloader, max_epochs):
        super().__init__(runner, dataloader)
        self._epoch, self._iter = 0, 0
        self._max_epochs = int(max_epochs)
        self._max_iters = self._max_epochs * len(self.dataloader)
        self.val_begin, self.val_interval = 1, 1
        self.stop_training = False

    @property
    def epoch(self):
        return self._epoch

    @property
    def iter(self):
        return self._iter

    @property
    def max_epochs(self):
        return self._max_epochs

    @property
    def max_iters(self):
        return self._max_iters

    def run(self):
        self.runner.call_hook("before_train")
        while self._epoch < self._max_epochs and not self.stop_training:
            self._one_epoch()
            if self.runner.val_loop is not None and self._epoch % self.val_interval == 0:
                self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model

    def _one_epoch(self):
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
            outputs = self.runner.model.train_step(
                data_batch, optim_wrapper=self.runner.optim_wrapper
            )
            self.runner.call_hook(
                "after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs
            )
            self._iter += 1
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1


class CountedMixin:
    """Counts what passes through it."""

    seen = 0

    def run_iter(self, idx, data_batch):
        self.seen += 1
        super().run_iter(idx, data_batch)


@LOOPS.register_module()
class BetweenMixinAndBase(CountedMixin, EpochBasedTrainLoop):
    """A mixin that hands on."""


@LOOPS.register_module(name="NamedOtherwise")
class RegisteredUnderAnotherName(EpochBasedTrainLoop):
    """The registry has another name for it."""

    def run_epoch(self):
        Upstream.run_epoch(self)


class RegisteredByACall(EpochBasedTrainLoop):
    """The registry is told afterwards."""

    def run_epoch(self):
        super(RegisteredByACall, self).run_epoch()  # noqa: UP008


LOOPS.register_module(module=RegisteredByACall)


@LOOPS.register_module()
class WarmsUpFirst(EpochBasedTrainLoop):
    """Something without training before it."""

    def run(self):
        self.runner.model.eval()
        with torch.no_grad():
            for data_batch in itertools.islice(self.dataloader, 1):
                self.runner.model.val_step(data_batch)
        return super().run()


@LOOPS.register_module()
class AppendsToAList(EpochBasedTrainLoop):
    """Numbers the batches by itself."""

    def run_epoch(self):
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        number = 0
        for data_batch in self.dataloader:
            self.run_iter(number, data_batch)
            number += 1
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1


@LOOPS.register_module()
class CountsInAHelper(EpochBasedTrainLoop):
    """The counters go up in methods of their own."""

    def _advance(self):
        self._iter = self._iter + 1

    def run_iter(self, idx, data_batch):
        data = dict(batch_idx=idx, data_batch=data_batch)
        self.runner.call_hook("before_train_iter", **data)
        data["outputs"] = self.runner.model.train_step(
            data_batch, optim_wrapper=self.runner.optim_wrapper
        )
        self.runner.call_hook("after_train_iter", **data)
        self._advance()


@LOOPS.register_module()
class KeepsItsBatches(EpochBasedTrainLoop):
    """All batches of an epoch in a list first."""

    def run_epoch(self):
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        batches = list(self.dataloader)
        for idx, data_batch in enumerate(batches):
            self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
        self._epoch += 1


@LOOPS.register_module()
class NamesTheHook(EpochBasedTrainLoop):
    """Local names for the methods that it calls."""

    def run_iter(self, idx, data_batch):
        hook = self.runner.call_hook
        step = self.runner.model.train_step
        hook("before_train_iter", batch_idx=idx, data_batch=data_batch)
        outputs = step(data_batch, optim_wrapper=self.runner.optim_wrapper)
        hook("after_train_iter", batch_idx=idx, data_batch=data_batch, outputs=outputs)
        self._iter += 1


@LOOPS.register_module()
class LooksItsStepsUp(EpochBasedTrainLoop):
    """Parts of an iteration in a dict, in a tuple and in a lambda."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.parts = {"begin": self._begin}

    def _begin(self, idx, data_batch):
        self.runner.call_hook("before_train_iter", batch_idx=idx, data_batch=data_batch)

    def run_iter(self, idx, data_batch):
        self.parts["begin"](idx, data_batch)
        outputs = self.runner.model.train_step(data_batch, optim_wrapper=self.runner.optim_wrapper)
        emit = lambda name, **kwargs: self.runner.call_hook(name, batch_idx=idx, **kwargs)  # noqa: E731
        emit("after_train_iter", data_batch=data_batch, outputs=outputs)
        self._iter += 1
