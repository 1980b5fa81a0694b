"""A Runner's own ``train()`` takes mmengine's steps in a different order.

## Why it matters

``Runner.train`` builds the train loop first, because schedulers without ``end`` end with it;
then the optimizer, the schedulers, the validation loop. It calls ``before_run``, initializes the
weights, loads or resumes, tells the optimizer wrapper the length, runs the loop and calls
``after_run``. A step that comes too late has not happened yet when another step needs it.

## Symptoms

Schedulers that are built before the loop have no end of their own, so an annealing never gets
anywhere and the learning rate keeps its initial value; weights that are initialized
after loading are the initial ones again; what is loaded after training has no effect;
without ``after_run``, hooks never finish and the visualizer stays open.

## Before -> after

Call ``super().train()``, and put your own code before or after it, or into a hook; or keep the
order of mmengine's method.

## Fix safety

There is no automatic fix: what the class does between the steps has to move with them.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.train``, whose order it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.runner_train import BUILD_LOOP, OwnTrain, own_trains
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid

_ORDER = (
    (("build_optim_wrapper",), ("build_param_scheduler",), "schedulers need a built optimizer"),
    (("_init_model_weights",), ("load_or_resume",), "it would overwrite what was loaded"),
    (("before_run",), ("load_or_resume",), "hooks that load look for what before_run made"),
    (
        ("load_or_resume",),
        ("initialize_count_status",),
        "the count would start at 0 in a resumed run",
    ),
)
_BEFORE_RUN = ("before_run", "load_or_resume", "_init_model_weights", "initialize_count_status")


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each pair of steps in the wrong order."""
    for train in own_trains(code):
        if train.run is None:
            continue
        yield from _loop_after_schedulers(train)
        for first, second, why in _ORDER:
            yield from _swapped(train, train.find(*first), train.find(*second), why)
        for step in _BEFORE_RUN:
            yield from _swapped(train, train.find(step), train.run, "it has no effect afterwards")
        after = train.find("after_run")
        if after is None and not train.is_opaque:
            yield train.view.found(
                train.function,
                f"{train.view.name}.train() never calls the hooks' after_run",
                "End with self.call_hook('after_run').",
            )
        yield from _swapped(train, train.run, after, "hooks close what the loop still writes to")


def _loop_after_schedulers(train: OwnTrain) -> Iterator[Diagnostic]:
    schedulers = train.find("build_param_scheduler")
    loop = train.find(BUILD_LOOP)
    if loop is None:
        if train.keeps_loop:
            return
        # What reads the property first builds the loop.
        reads = (i for i, call in enumerate(train.calls) if ".train_loop." in call.path)
        loop = next(reads, None)
    yield from _swapped(
        train, loop, schedulers, "schedulers without an `end` cannot end with training"
    )


def _swapped(
    train: OwnTrain, first: int | None, second: int | None, why: str
) -> Iterator[Diagnostic]:
    if first is None or second is None or first < second:
        return
    names = [
        call.hook or (call.path.removeprefix("self.") if call.name == "run" else call.name)
        for call in (train.calls[first], train.calls[second])
    ]
    yield train.view.found(
        train.calls[second].node,
        f"{train.view.name}.train() calls {names[1]} before {names[0]}: {why}",
        f"Call {names[0]} first, as mmengine's Runner.train does.",
    )


RULE = Rule(
    id="MMS225",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    self._train_loop = self.build_train_loop(self._train_loop)
                    self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
                    self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
                    self.call_hook('before_run')
                    self.load_or_resume()
                    model = self.train_loop.run()
                    self.call_hook('after_run')
                    return model
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    return super().train()
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    self.build()
                    self.call_hook('before_run')
                    self.load_or_resume()
                    model = self.train_loop.run()
                    self.call_hook('after_run')
                    return model

                def build(self):
                    self._train_loop = self.build_train_loop(self._train_loop)
                    self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
                    self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
            """,
            because="A method with another name takes some of the steps.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
                    self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
                    self._train_loop = self.build_train_loop(self._train_loop)
                    self.call_hook('before_run')
                    self.load_or_resume()
                    model = self.train_loop.run()
                    self.call_hook('after_run')
                    return model
            """,
            at=Spot(7, 33, 82),
            message=(
                "OwnRunner.train() calls build_param_scheduler before build_train_loop: "
                "schedulers without an `end` cannot end with training"
            ),
            after="""
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    self._train_loop = self.build_train_loop(self._train_loop)
                    self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
                    self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
                    self.call_hook('before_run')
                    self.load_or_resume()
                    model = self.train_loop.run()
                    self.call_hook('after_run')
                    return model
            """,
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
                    self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
                    self.call_hook('before_run')
                    self.load_or_resume()
                    model = self.train_loop.run()
                    self.call_hook('after_run')
                    return model
            """,
            at=Spot(7, 33, 82),
            message=(
                "OwnRunner.train() calls build_param_scheduler before train_loop.run: "
                "schedulers without an `end` cannot end with training"
            ),
            because="The property builds the loop when it is first read.",
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    self._train_loop = self.build_train_loop(self._train_loop)
                    self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
                    self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
                    model = self.train_loop.run()
                    self.call_hook('before_run')
                    self.load_or_resume()
                    self.call_hook('after_run')
                    return model
            """,
            at=Spot(9, 17, 38),
            message=(
                "OwnRunner.train() calls train_loop.run before before_run: it has no effect "
                "afterwards"
            ),
            also=[
                ExampleFinding(
                    Spot(9, 17, 38),
                    (
                        "OwnRunner.train() calls train_loop.run before load_or_resume: it has no "
                        "effect afterwards"
                    ),
                ),
            ],
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    self._train_loop = self.build_train_loop(self._train_loop)
                    self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
                    self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
                    self.call_hook('before_run')
                    self.load_or_resume()
                    model = self.train_loop.run()
            """,
            at=Spot(5, 5, 14),
            message="OwnRunner.train() never calls the hooks' after_run",
        ),
    ],
)
