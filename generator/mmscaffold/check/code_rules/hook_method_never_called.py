"""A hook has a method with a name like a hook point, and nothing calls it.

mmcv 1.x knew ``before_epoch``, ``after_epoch``, ``before_iter`` and ``after_iter`` for
training and validation at once. mmengine calls the points by mode, such as
``after_train_epoch``, and has ``_after_epoch`` for all modes (mmengine/hooks/hook.py). A
method of another name is dead unless a loop of the project calls it by ``call_hook``.

What one sees: nothing; what the method does never happens.

How to mend it: rename it to ``after_train_epoch`` and so on, with the arguments that these
take.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmscaffold.check.code.classes import HOOK, Code
from mmscaffold.check.code.hook_calls import KEYWORDS, names_called
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS239"
SEVERITY = Severity.WARNING
_HEAD = "from mmengine.hooks import Hook\n\n\nclass OwnHook(Hook):\n"
_LOOP = (
    "\n\nfrom mmengine.runner import EpochBasedTrainLoop\n\n\n"
    "class OwnLoop(EpochBasedTrainLoop):\n    def run_epoch(self):\n"
)
VALID: list[Example] = [
    _HEAD + "    def after_train_epoch(self, runner):\n        pass\n",
    # A loop of the project has more points.
    _HEAD + "    def after_train_stage(self, runner):\n        pass\n" + _LOOP
    + "        self.runner.call_hook('after_train_stage')\n",
    _HEAD + "    def after_epoch(self, runner):\n        pass\n\n"
    "    def after_train_epoch(self, runner):\n        self.after_epoch(runner)\n",
]  # fmt: skip
INVALID: list[Example] = [
    _HEAD + "    def after_epoch(self, runner):\n        pass\n",
    _HEAD + "    def before_iter(self, runner):\n        pass\n",
    _HEAD + "    def after_training_epoch(self, runner):\n        pass\n",
]
_LOOKS_LIKE_A_POINT = re.compile(
    r"(before|after)_[a-z_]*(epoch|iter|iteration|run|train|val|test)"
)


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each such method."""
    called: frozenset[str] | None = None
    for view in code.of_kind(HOOK):
        for name, function in view.own_methods.items():
            if name in KEYWORDS or not _looks_like_a_point(name):
                continue
            called = names_called(code) if called is None else called
            if name not in called:
                yield view.found(
                    function,
                    f"nothing calls {view.name}.{name}: mmengine has no such hook point",
                    "The points are before_ and after_ with run, train, train_epoch, "
                    "train_iter, and the same with val and test.",
                )


def _looks_like_a_point(name: str) -> bool:
    return _LOOKS_LIKE_A_POINT.fullmatch(name) is not None or name in (
        "before_epoch",
        "after_epoch",
        "before_iter",
        "after_iter",
    )
