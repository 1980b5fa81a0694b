"""A loop overrides ``run_iter`` or ``run_epoch`` with arguments that mmengine does not give.

## Why it matters

mmengine's ``run`` and ``run_epoch`` call them: ``run_epoch()``; ``run_iter(idx, data_batch)`` in
an epoch, a validation and a test; ``run_iter(data_batch)`` in ``IterBasedTrainLoop``.

## Symptoms

``TypeError: run_iter() takes 2 positional arguments but 3 were given``, or ``missing 1 required
positional argument``, at the first batch.

## Before -> after

Give the method the arguments of the base that calls it, or override the caller as well.

## Fix safety

There is no automatic fix for code. The method could not be called before.

## Source in mmengine

mmengine/runner/loops.py, ``run``, ``run_epoch`` and ``run_iter`` of each loop.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import ClassView, Code
from mmscaffold.check.code.loops import Fault, own_faults
from mmscaffold.check.code.syntax import Function
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import BASE_LOOP, CALLED_BY_LOOP


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each method that mmengine's loop cannot call."""
    yield from own_faults(code.of_kind(BASE_LOOP), _faults)


def _faults(view: ClassView) -> Iterator[Fault]:
    base = next((one for one in view.lineage if one in CALLED_BY_LOOP), None)
    if base is None or not view.is_upstream(base):
        return
    for name, (caller, arguments) in CALLED_BY_LOOP[base].items():
        function = view.own_methods.get(name)
        # Whoever overrides the caller as well may call it in another way.
        if function is None or function.decorator_list or view.method(caller) is not None:
            continue
        problem = _problem(function, len(arguments))
        if problem is not None:
            yield Fault(
                name,
                function,
                f"mmengine calls {view.name}.{name} as {name}({', '.join(arguments)}), {problem}: "
                "a TypeError",
                f"Write def {name}({', '.join(['self', *arguments])}).",
            )


def _problem(function: Function, given: int) -> str | None:
    """What does not fit when a method is called with some positional arguments."""
    own = function.args
    positional = [one.arg for one in (*own.posonlyargs, *own.args)][1:]
    required = positional[: max(len(positional) - len(own.defaults), 0)]
    if given > len(positional) and own.vararg is None:
        return f"and it takes {len(positional) or 'none'}"
    if given < len(required):
        return f"and it needs {required[given]}"
    needed = [
        one.arg
        for one, default in zip(own.kwonlyargs, own.kw_defaults, strict=True)
        if default is None
    ]
    return f"and it needs {needed[0]}" if needed else None


RULE = Rule(
    id="MMS249",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch, scale=1.0):
                    super().run_iter(idx, data_batch)
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self):
                    self.runner.call_hook('before_train_epoch')
                    self.runner.model.train()
                    for idx, (images, maps) in enumerate(self.dataloader):
                        self.run_iter(idx, images, maps)
                    self.runner.call_hook('after_train_epoch')
                    self._epoch += 1

                def run_iter(self, idx, images, maps):
                    super().run_iter(idx, dict(inputs=images, maps=maps))
            """,
            because="Its own run_epoch calls it.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, data_batch):
                    super().run_iter(0, data_batch)
            """,
            at=Spot(6, 5, 17),
            message=(
                "mmengine calls MyLoop.run_iter as run_iter(idx, data_batch), and it takes 1: a "
                "TypeError"
            ),
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    super().run_iter(idx, data_batch)
            """,
        ),
        Invalid(
            """
            from mmengine.runner import IterBasedTrainLoop


            class MyLoop(IterBasedTrainLoop):

                def run_iter(self, idx, data_batch):
                    super().run_iter(data_batch)
            """,
            at=Spot(6, 5, 17),
            message=(
                "mmengine calls MyLoop.run_iter as run_iter(data_batch), and it needs data_batch: "
                "a TypeError"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class MyLoop(EpochBasedTrainLoop):

                def run_epoch(self, epoch):
                    super().run_epoch()
            """,
            at=Spot(6, 5, 18),
            message=(
                "mmengine calls MyLoop.run_epoch as run_epoch(), and it needs epoch: a TypeError"
            ),
        ),
    ],
)
