"""A class among the Runners does not derive from mmengine's Runner.

``runner_type`` may name any class that ``RUNNERS`` knows; nothing checks its base. A copy of
``runner.py`` freezes the state of the version that it was taken from, and a Runner of one's
own has to give hooks all that they read: ``epoch``, ``iter``, ``max_epochs`` and ``max_iters``
as the train loop counts them, ``message_hub``, ``train_loop`` and some twenty more
(mmengine/hooks/). A copy that comes with a copied ``BaseLoop`` besides is how the log comes
to say epoch 1, then 0.

What one sees: ``AttributeError: 'OwnRunner' object has no attribute``, from a hook; or, where
the copy has fields of that name, ``Epoch(train) [1]`` again and again.

How to mend it: derive from ``mmengine.runner.Runner`` and override what differs.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import FLEXIBLE_RUNNER, RUNNER, Code
from mmscaffold.check.code.registration import registrations
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS233"
SEVERITY = Severity.WARNING
_HEAD = "from mmengine.registry import RUNNERS\n"
VALID: list[Example] = [
    _HEAD + "from mmengine.runner import Runner\n\n\n@RUNNERS.register_module()\n"
    "class OwnRunner(Runner):\n    pass\n",
    # A base that was not read may well derive from mmengine's.
    _HEAD + "from other_package import TheirRunner\n\n\n@RUNNERS.register_module()\n"
    "class OwnRunner(TheirRunner):\n    pass\n",
]
INVALID: list[Example] = [
    _HEAD + "\n\n@RUNNERS.register_module()\nclass OwnRunner:\n"
    "    @classmethod\n    def from_cfg(cls, cfg):\n        return cls()\n",
    _HEAD + "\n\nclass Runner:\n    epoch = 0\n\n\n@RUNNERS.register_module()\n"
    "class OwnRunner(Runner):\n    pass\n",
]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each registered class on another base."""
    registered = {id(one.node) for one in registrations(code) if one.kind == "RUNNERS"}
    for view in code.classes:
        if id(view.node) not in registered or view.definition.dotted in (RUNNER, FLEXIBLE_RUNNER):
            continue
        derives = view.inherits(RUNNER) or view.inherits(FLEXIBLE_RUNNER)
        if view.is_understood and not derives:
            yield view.found(
                None,
                f"{view.name} is registered among the Runners and does not derive from "
                "mmengine's Runner, whose interface every hook reads",
                "Derive from mmengine.runner.Runner.",
            )
