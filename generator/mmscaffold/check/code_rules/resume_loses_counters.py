"""A Runner's ``resume`` or ``load_or_resume`` does not restore the counters.

## Why it matters

``Runner.resume`` writes the epoch and the iteration of the checkpoint to ``train_loop._epoch``
and ``train_loop._iter``: the only place where a resumed run learns where it was. An override
that restores only the weights trains from the start with them, and a
``load_or_resume`` that never calls ``resume`` ignores the checkpoint.

## Symptoms

In short, a resumed run starts at epoch 1 and takes as many steps as a new one; with only one of
the two restored, labels and iterations contradict each other.

## Before -> after

Call ``super().resume(...)``; or assign both, ``checkpoint['meta']['epoch']`` and ``['iter']``.

## Fix safety

There is no automatic fix: ``super().resume`` also restores the optimizer and the schedulers,
which an override may leave out on purpose.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.resume`` and ``Runner.load_or_resume``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code import flow_of
from mmscaffold.check.code.aliases import aliases_in, written_out
from mmscaffold.check.code.classes import ClassView, Code
from mmscaffold.check.code.functions import is_stub
from mmscaffold.check.code.runner_code import assignments
from mmscaffold.check.code.syntax import Function, calls_super, self_name
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import COUNTERS


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each override that restores too little."""
    for view in code.runners:
        resume = view.own_methods.get("resume")
        if resume is not None and not is_stub(resume) and not _calls(view, "resume"):
            missing = [name for name in COUNTERS if not _restores(view, resume, name)]
            missing = [] if _asks_others(view) else missing
            if missing:
                yield view.found(
                    resume,
                    f"{view.name}.resume does not restore train_loop.{' and '.join(missing)}",
                    "Call super().resume(...), or assign them from checkpoint['meta'].",
                )
        load = view.own_methods.get("load_or_resume")
        if load is None or is_stub(load) or calls_super(load, "load_or_resume"):
            continue
        if not any(call.name == "resume" for call in flow_of(view, "load_or_resume").calls):
            yield view.found(
                load,
                f"{view.name}.load_or_resume never resumes: it does not call self.resume",
                "Call self.resume(checkpoint) where self._resume says so.",
            )


def _calls(view: ClassView, name: str) -> bool:
    """Whether mmengine's method is reached, through whatever methods."""
    return any(call.path == f"super.{name}" for call in flow_of(view, name).calls)


def _asks_others(view: ClassView) -> bool:
    """Whether it calls what may restore them out of sight: a method of the loop, ``setattr``."""
    return any(
        "train_loop." in call.path or call.name == "setattr" or call.path == "self.strategy.resume"
        for call in flow_of(view, "resume").calls
    )


def _restores(view: ClassView, function: Function, counter: str) -> bool:
    helpers = {call.name for call in flow_of(view, "resume").calls}
    functions = [function, *(one[1] for name in helpers if (one := view.method(name)))]
    return any(
        written_out(target, aliases_in(one)).endswith(f"train_loop.{counter}")
        and self_name(one) == written_out(target, aliases_in(one)).partition(".")[0]
        for one in functions
        for target, _, _, _ in assignments(one)
    )


RULE = Rule(
    id="MMS229",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def resume(self, filename, **kwargs):
                    super().resume(filename, **kwargs)
                    self.logger.info('resumed')
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def resume(self, filename, **kwargs):
                    checkpoint = self.load_checkpoint(filename)
                    loop = self.train_loop
                    loop._epoch = checkpoint['meta']['epoch']
                    loop._iter = checkpoint['meta']['iter']
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def resume(self, filename, **kwargs):
                    checkpoint = self.load_checkpoint(filename)
                    self.train_loop.load_state_dict(checkpoint['loop'])
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def load_or_resume(self):
                    if self._resume:
                        self.resume(self._load_from)
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def resume(self, filename, **kwargs):
                    checkpoint = self.load_checkpoint(filename)
                    return checkpoint
            """,
            at=Spot(5, 5, 15),
            message="OwnRunner.resume does not restore train_loop._epoch and _iter",
            after="""
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def resume(self, filename, **kwargs):
                    super().resume(filename, **kwargs)
                    self.logger.info('resumed')
            """,
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def resume(self, filename, **kwargs):
                    checkpoint = self.load_checkpoint(filename)
                    self.train_loop._epoch = checkpoint['meta']['epoch']
            """,
            at=Spot(5, 5, 15),
            message="OwnRunner.resume does not restore train_loop._iter",
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def load_or_resume(self):
                    if self._load_from:
                        self.load_checkpoint(self._load_from)
            """,
            at=Spot(5, 5, 23),
            message="OwnRunner.load_or_resume never resumes: it does not call self.resume",
            after="""
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                def load_or_resume(self):
                    if self._resume:
                        self.resume(self._load_from)
            """,
        ),
    ],
)
