"""A Runner's ``__init__`` does not call that of mmengine's Runner.

The constructor of mmengine's Runner (mmengine/runner/runner.py) sets what every other method
reads: the model, the lazy loops, the logger, the message hub, the hooks. A subclass that
replaces it without calling it has none of these.

What one sees: ``AttributeError: 'OwnRunner' object has no attribute 'model'``, or another
one, as soon as ``train()`` begins.

How to mend it: ``super().__init__(*args, **kwargs)`` first.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code, calls_super
from mmscaffold.check.code.runner_code import is_stub
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS223"
SEVERITY = Severity.ERROR
_HEAD = "from mmengine.runner import Runner\n\n\nclass OwnRunner(Runner):\n"
VALID: list[Example] = [
    _HEAD
    + "    def __init__(self, *args, **kwargs):\n        super().__init__(*args, **kwargs)\n",
    _HEAD + "    def __init__(self, **kwargs):\n        Runner.__init__(self, **kwargs)\n",
    _HEAD + "    def __init__(self, **kwargs):\n        raise NotImplementedError\n",
]
INVALID: list[Example] = [
    _HEAD + "    def __init__(self, model, **kwargs):\n        self.model = model\n"
    "        self._settings = kwargs\n",
]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each constructor that stands alone."""
    for view in code.runners:
        function = view.own_methods.get("__init__")
        if function is None or is_stub(function) or calls_super(function, "__init__"):
            continue
        yield view.found(
            function,
            f"{view.name}.__init__ does not call super().__init__(), which sets all that the "
            "Runner's methods read",
            "Call super().__init__(*args, **kwargs) first.",
        )
