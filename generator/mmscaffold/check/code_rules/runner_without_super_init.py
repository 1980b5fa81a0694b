"""A Runner's ``__init__`` does not call that of mmengine's Runner.

## Why it matters

The constructor of mmengine's Runner sets what every other method reads: the model, the lazy
loops, the logger, the message hub, the hooks. A subclass that replaces it without calling it has
none of these.

## Symptoms

``AttributeError: 'OwnRunner' object has no attribute 'model'``, or another one, as soon as
``train()`` begins.

## Before -> after

Call ``super().__init__(*args, **kwargs)`` first.

## Fix safety

There is no automatic fix: mmengine's constructor builds the model and sets up logging, so what
the class did in its place has to go.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.__init__``, which sets all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.flow_reader import flow_of
from mmscaffold.check.code.functions import is_stub
from mmscaffold.check.code.syntax import calls_super
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import SET_BY_RUNNER


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each constructor that stands alone."""
    for view in code.runners:
        function = view.own_methods.get("__init__")
        if function is None or is_stub(function) or calls_super(function, "__init__"):
            continue
        if any(call.path == "super.__init__" for call in flow_of(view, "__init__").calls) or (
            view.assigned.keys() >= SET_BY_RUNNER
        ):
            # Reached through a method, or copied whole.
            continue
        yield view.found(
            function,
            f"{view.name}.__init__ does not call super().__init__(), which sets everything "
            "that the Runner's methods read",
            "Call super().__init__(*args, **kwargs) first.",
        )


RULE = Rule(
    id="MMS223",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, *args, **kwargs):
                    super().__init__(*args, **kwargs)
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, **kwargs):
                    Runner.__init__(self, **kwargs)
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, **kwargs):
                    raise NotImplementedError
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, model, work_dir, train_dataloader, train_cfg, **kwargs):
                    self._work_dir = work_dir
                    self._train_dataloader = train_dataloader
                    self._train_loop = train_cfg
                    self.optim_wrapper = kwargs.get('optim_wrapper')
                    self.param_schedulers = kwargs.get('param_scheduler')
                    self.log_processor = self.build_log_processor({})
                    self.logger = self.build_logger()
                    self.message_hub = self.build_message_hub()
                    self.visualizer = self.build_visualizer()
                    self.model = self.build_model(model)
                    self._hooks = []
                    self.register_hooks()
            """,
            because="A constructor that was copied sets what mmengine's does.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, model, **kwargs):
                    self.model = model
                    self._settings = kwargs
            """,
            at=Spot(5, 5, 17),
            message=(
                "OwnRunner.__init__ does not call super().__init__(), which sets everything "
                "that the Runner's methods read"
            ),
            after="""
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, *args, **kwargs):
                    super().__init__(*args, **kwargs)
            """,
        ),
    ],
)
