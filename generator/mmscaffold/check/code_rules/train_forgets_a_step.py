"""A Runner's own ``train()`` leaves out a step of mmengine's.

## Why it matters

``Runner.train`` does more than run the loop. Without ``build_optim_wrapper`` and
``build_param_scheduler`` only their configs are there; without ``before_run`` hooks are not
prepared; without ``_init_model_weights`` the ``init_cfg`` of modules is ignored; without
``load_or_resume`` both ``load_from`` and ``resume`` are; without ``initialize_count_status`` the
optimizer wrapper does not know how long training lasts, and the last, incomplete round of
accumulated gradients never reaches the weights.

## Symptoms

Without ``load_or_resume``, a run that should resume starts at epoch 1. ``AttributeError:
'dict' object has no attribute 'by_epoch'`` where schedulers were not built; ``'EMAHook' object
has no attribute`` where a hook was not prepared.

## Before -> after

Call ``super().train()``, and put your own code before or after it, or into a hook; or add the
step.

## Fix safety

There is no automatic fix: the order of the steps matters (see MMS225).

## Source in mmengine

mmengine/runner/runner.py, ``Runner.train``; mmengine/optim/optimizer/optimizer_wrapper.py,
``OptimWrapper.initialize_count_status``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.runner_train import own_trains
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid

_STEPS = {
    "build_optim_wrapper": ("the optimizer wrapper stays a config", ()),
    "build_param_scheduler": ("the schedulers stay configs", ()),
    "before_run": ("hooks are not prepared", ()),
    "_init_model_weights": ("init_cfg is ignored", ("init_weights",)),
    "load_or_resume": ("load_from and resume are ignored", ("resume", "load_checkpoint")),
    "initialize_count_status": ("the last accumulated gradients are lost", ()),
}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each ``train()`` that leaves steps out."""
    for train in own_trains(code):
        if train.run is None or train.is_opaque:
            continue
        done = {one for call in train.calls for one in (call.name, call.hook)}
        missing = [
            f"{name} ({effect})"
            for name, (effect, instead) in _STEPS.items()
            if name not in done and not done.intersection(instead)
        ]
        if missing:
            yield train.view.found(
                train.function,
                f"{train.view.name}.train() leaves out {', '.join(missing)}",
                "Call super().train(), or add the steps in the order of mmengine's.",
            )


RULE = Rule(
    id="MMS226",
    severity=Severity.ERROR,
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
                    self._init_model_weights()
                    self.load_or_resume()
                    self.optim_wrapper.initialize_count_status(
                        self.model, self.train_loop.iter, self.train_loop.max_iters)
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
                    self.warm_up()
                    return super().train()
            """,
        ),
        Valid(
            """
            from own import prepare
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    prepare(self)
                    self.optim_wrapper.initialize_count_status(
                        self.model, self.train_loop.iter, self.train_loop.max_iters)
                    model = self.train_loop.run()
                    self.call_hook('after_run')
                    return model
            """,
            because="What a function that gets the Runner does is unknown.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    self._train_loop = self.build_train_loop(self._train_loop)
                    self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
                    self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
                    self.call_hook('before_run')
                    self._init_model_weights()
                    self.optim_wrapper.initialize_count_status(
                        self.model, self.train_loop.iter, self.train_loop.max_iters)
                    model = self.train_loop.run()
                    self.call_hook('after_run')
                    return model
            """,
            at=Spot(5, 5, 14),
            message=(
                "OwnRunner.train() leaves out load_or_resume (load_from and resume are ignored)"
            ),
            after="""
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    self._train_loop = self.build_train_loop(self._train_loop)
                    self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
                    self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
                    self.call_hook('before_run')
                    self._init_model_weights()
                    self.load_or_resume()
                    self.optim_wrapper.initialize_count_status(
                        self.model, self.train_loop.iter, self.train_loop.max_iters)
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
                    self._train_loop = self.build_train_loop(self._train_loop)
                    self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)
                    self.param_schedulers = self.build_param_scheduler(self.param_schedulers)
                    self.load_or_resume()
                    self.optim_wrapper.initialize_count_status(
                        self.model, self.train_loop.iter, self.train_loop.max_iters)
                    model = self.train_loop.run()
                    self.call_hook('after_run')
                    return model
            """,
            at=Spot(5, 5, 14),
            message=(
                "OwnRunner.train() leaves out before_run (hooks are not prepared), "
                "_init_model_weights (init_cfg is ignored)"
            ),
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def train(self):
                    return self.train_loop.run()
            """,
            at=Spot(5, 5, 14),
            message=(
                "OwnRunner.train() leaves out build_optim_wrapper (the optimizer wrapper stays "
                "a config), build_param_scheduler (the schedulers stay configs), before_run "
                "(hooks are not prepared), _init_model_weights (init_cfg is ignored), "
                "load_or_resume (load_from and resume are ignored), initialize_count_status "
                "(the last accumulated gradients are lost)"
            ),
        ),
    ],
)
