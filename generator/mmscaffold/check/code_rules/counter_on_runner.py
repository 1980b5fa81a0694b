"""A hook or loop counts on the Runner instead of the loop.

## Why it matters

mmcv's Runner had ``_epoch`` and ``_iter``; that of mmengine has neither. Its ``epoch`` and
``iter`` are properties without setters that return the counters of the train loop, and a loop
exposes its own counters in the same way.

## Symptoms

``AttributeError: 'Runner' object has no attribute '_epoch'``, for ``runner._epoch += 1``;
``AttributeError: property 'epoch' of 'Runner' object has no setter``; or no effect, where a hook
just sets ``runner._epoch``.

## Before -> after

A loop counts with its own ``self._epoch += 1`` and ``self._iter += 1``, which ``Runner.resume``
restores; a hook only reads.

## Fix safety

There is no automatic fix: the statement may have to move to the loop, or go.

## Source in mmengine

mmengine/runner/runner.py, the properties ``epoch`` and ``iter`` of ``Runner``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code
from mmscaffold.check.code.runner_code import Write, all_classes, read_from_runner, runner_writes
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import BASE_LOOP, HOOK
from mmscaffold.facts.runner import COUNTED, COUNTERS, PROGRESS

_PROPERTIES = {*COUNTED, *(f"train_loop.{name}" for name in PROGRESS)}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each statement that fails or does nothing."""
    writes = [one for one in runner_writes(code) if one.view.inherits(HOOK) or _is_loop(one)]
    if not any(one.path in _PROPERTIES.union(COUNTERS) for one in writes):
        return
    read = read_from_runner(code)
    given = {name for view in all_classes(code) if view.is_runner for name in view.assigned}
    settable = _settable(code)
    for write in writes:
        if write.path in _PROPERTIES - settable:
            what = "a property without a setter: an AttributeError"
        elif write.path in COUNTERS and write.path not in given and write.adds:
            what = "which the Runner does not have: an AttributeError"
        elif write.path in COUNTERS and write.path not in given | read and not _is_loop(write):
            what = "which nothing reads"
        else:
            continue
        yield write.view.found(
            write.node,
            f"{write.view.name} sets runner.{write.path}, {what}",
            "The train loop counts, with its own self._epoch and self._iter.",
        )


def _is_loop(write: Write) -> bool:
    return write.view.inherits(BASE_LOOP)


def _settable(code: Code) -> frozenset[str]:
    """The properties to which classes of the code give setters, or which they replace."""
    found = set()
    for view in all_classes(code):
        for name in PROGRESS:
            own = view.has_setter(name) or (view.sets(name) and not view.is_property(name))
            if own and view.is_runner:
                found.add(name)
            elif own and view.inherits(BASE_LOOP):
                found.add(f"train_loop.{name}")
    return frozenset(found)


RULE = Rule(
    id="MMS236",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class OwnLoop(EpochBasedTrainLoop):
                def run_epoch(self):
                    super().run_epoch()
                    self.runner.message_hub.update_info('e', 1)
            """,
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_epoch(self, runner):
                    epoch = runner.epoch
                    epoch += 1
            """,
        ),
        Valid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class OwnLoop(EpochBasedTrainLoop):
                def run_epoch(self):
                    super().run_epoch()
                    self.runner._epoch = self._epoch
            """,
            because="A copy that nothing reads does no harm where the loop counts, too.",
        ),
        Valid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_epoch(self, runner):
                    runner._epoch += 1


            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def __init__(self, **kwargs):
                    super().__init__(**kwargs)
                    self._epoch = 0
            """,
            because="The Runner of the project has such a field.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class OwnLoop(EpochBasedTrainLoop):
                def run_epoch(self):
                    super().run_epoch()
                    self.runner._epoch += 1
            """,
            at=Spot(7, 9, 32),
            message=(
                "OwnLoop sets runner._epoch, which the Runner does not have: an AttributeError"
            ),
            after="""
            from mmengine.runner import EpochBasedTrainLoop


            class OwnLoop(EpochBasedTrainLoop):
                def run_epoch(self):
                    super().run_epoch()
            """,
        ),
        Invalid(
            """
            from mmengine.runner import EpochBasedTrainLoop


            class OwnLoop(EpochBasedTrainLoop):
                def run_epoch(self):
                    runner = self.runner
                    runner.epoch = self._epoch
            """,
            at=Spot(7, 9, 35),
            message="OwnLoop sets runner.epoch, a property without a setter: an AttributeError",
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_epoch(self, runner):
                    runner._iter = 0
            """,
            at=Spot(6, 9, 25),
            message="OwnHook sets runner._iter, which nothing reads",
        ),
        Invalid(
            """
            from mmengine.hooks import Hook


            class OwnHook(Hook):
                def after_train_epoch(self, runner):
                    runner.train_loop.epoch += 1
            """,
            at=Spot(6, 9, 37),
            message=(
                "OwnHook sets runner.train_loop.epoch, a property without a setter: an "
                "AttributeError"
            ),
        ),
    ],
)
