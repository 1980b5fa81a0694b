"""A hook or loop counts on the Runner instead of the loop.

mmcv's Runner had ``_epoch`` and ``_iter``; that of mmengine has neither. Its ``epoch`` and
``iter`` are properties without setters that hand on the counters of the train loop
(mmengine/runner/runner.py), and a loop gives its own counters out in the same way.

What one sees: ``AttributeError: 'Runner' object has no attribute '_epoch'``, for
``runner._epoch += 1``; ``AttributeError: property 'epoch' of 'Runner' object has no setter``;
or no effect, where a hook just sets ``runner._epoch``.

How to mend it: a loop counts with its own ``self._epoch += 1`` and ``self._iter += 1``, which
``Runner.resume`` restores; a hook reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import (
    BASE_LOOP,
    FLEXIBLE_RUNNER,
    HOOK,
    PROGRESS,
    RUNNER,
    ClassView,
    Code,
)
from mmscaffold.check.code.runner_code import Write, all_classes, read_from_runner, runner_writes
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS236"
SEVERITY = Severity.ERROR
_LOOP = (
    "from mmengine.runner import EpochBasedTrainLoop\n\n\nclass OwnLoop(EpochBasedTrainLoop):\n"
    "    def run_epoch(self):\n"
)
_HOOK = (
    "from mmengine.hooks import Hook\n\n\nclass OwnHook(Hook):\n"
    "    def after_train_epoch(self, runner):\n"
)
VALID: list[Example] = [
    _LOOP + "        super().run_epoch()\n        self.runner.message_hub.update_info('e', 1)\n",
    _HOOK + "        epoch = runner.epoch\n        epoch += 1\n",
    # A copy that nothing reads does no harm where the loop counts, too.
    _LOOP + "        super().run_epoch()\n        self.runner._epoch = self._epoch\n",
    # A Runner that has such a field.
    _HOOK + "        runner._epoch += 1\n\n\nfrom mmengine.runner import Runner\n\n\n"
    "class OwnRunner(Runner):\n    def __init__(self, **kwargs):\n"
    "        super().__init__(**kwargs)\n        self._epoch = 0\n",
]
INVALID: list[Example] = [
    _LOOP + "        super().run_epoch()\n        self.runner._epoch += 1\n",
    _LOOP + "        runner = self.runner\n        runner.epoch = self._epoch\n",
    _HOOK + "        runner._iter = 0\n",
    _HOOK + "        runner.train_loop.epoch += 1\n",
]
_COUNTERS = {"_epoch", "_iter"}
_PROPERTIES = {"epoch", "iter", *(f"train_loop.{name}" for name in PROGRESS)}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each statement that fails or does nothing."""
    writes = [one for one in runner_writes(code) if one.view.inherits(HOOK) or _is_loop(one)]
    if not any(one.path in _COUNTERS | _PROPERTIES for one in writes):
        return
    read = read_from_runner(code)
    given = {name for view in all_classes(code) if _is_runner(view) for name in view.assigned}
    settable = _settable(code)
    for write in writes:
        if write.path in _PROPERTIES - settable:
            what = "a property without a setter: an AttributeError"
        elif write.path in _COUNTERS - given and write.adds:
            what = "which the Runner does not have: an AttributeError"
        elif write.path in _COUNTERS - given - read and not _is_loop(write):
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
            if own and _is_runner(view):
                found.add(name)
            elif own and view.inherits(BASE_LOOP):
                found.add(f"train_loop.{name}")
    return frozenset(found)


def _is_runner(view: ClassView) -> bool:
    return view.inherits(RUNNER) or view.inherits(FLEXIBLE_RUNNER)
