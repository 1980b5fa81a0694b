"""A Runner's own ``train()`` leaves out a step of mmengine's.

``Runner.train`` (mmengine/runner/runner.py) does more than run the loop. Without
``build_optim_wrapper`` and ``build_param_scheduler`` only their configs are there; without
``before_run`` hooks are not prepared; without ``_init_model_weights`` the ``init_cfg`` of
modules is ignored; without ``load_or_resume`` both ``load_from`` and ``resume`` are; without
``initialize_count_status`` the optimizer wrapper does not know how long the training is, and
the last, incomplete round of accumulated gradients never reaches the weights.

What one sees: a training that was to resume starts at epoch 1; ``AttributeError: 'dict' object
has no attribute 'by_epoch'``, where schedulers were not built; ``'EMAHook' object has no
attribute``, where a hook was not prepared.

How to mend it: call ``super().train()``, and put what is your own before or after it, or into
a hook; or add the step.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.runner_train import own_trains
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS226"
SEVERITY = Severity.ERROR
_HEAD = "from mmengine.runner import Runner\n\n\nclass OwnRunner(Runner):\n    def train(self):\n"
_BEGIN = (
    "        self._train_loop = self.build_train_loop(self._train_loop)\n"
    "        self.optim_wrapper = self.build_optim_wrapper(self.optim_wrapper)\n"
    "        self.param_schedulers = self.build_param_scheduler(self.param_schedulers)\n"
)
_HOOK = "        self.call_hook('before_run')\n        self._init_model_weights()\n"
_LOAD = "        self.load_or_resume()\n"
_RUN = (
    "        self.optim_wrapper.initialize_count_status(\n"
    "            self.model, self.train_loop.iter, self.train_loop.max_iters)\n"
    "        model = self.train_loop.run()\n        self.call_hook('after_run')\n"
    "        return model\n"
)
VALID: list[Example] = [
    _HEAD + _BEGIN + _HOOK + _LOAD + _RUN,
    _HEAD + "        self.warm_up()\n        return super().train()\n",
    # Nobody knows what a function does that gets the Runner.
    "from own import prepare\n" + _HEAD + "        prepare(self)\n" + _RUN,
]
INVALID: list[Example] = [
    _HEAD + _BEGIN + _HOOK + _RUN,
    _HEAD + _BEGIN + _LOAD + _RUN,
    _HEAD + "        return self.train_loop.run()\n",
]
_STEPS = {
    "build_optim_wrapper": ("the optimizer wrapper stays a config", ()),
    "build_param_scheduler": ("the schedulers stay configs", ()),
    "before_run": ("hooks are not prepared", ()),
    "_init_model_weights": ("init_cfg is ignored", ("init_weights",)),
    "load_or_resume": ("load_from and resume are ignored", ("resume", "load_checkpoint")),
    "initialize_count_status": ("accumulated gradients of the end are lost", ()),
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
