"""A loop, Runner or hook is registered in a registry that the Runner does not ask.

``train_cfg``, ``val_cfg`` and ``test_cfg`` are built from ``LOOPS``, ``runner_type`` from
``RUNNERS``, hooks from ``HOOKS`` (mmengine/runner/runner.py). A class that is in another one
is not found by its name.

What one sees: ``KeyError: 'OwnLoop is not in the mmengine::loop registry. Please check whether
the value of OwnLoop is correct or it was registered as expected``.

How to mend it: register it where its base is.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import BASE_LOOP, FLEXIBLE_RUNNER, HOOK, RUNNER, Code
from mmscaffold.check.code.registration import registrations
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS241"
SEVERITY = Severity.ERROR
_HEAD = "from mmengine.registry import HOOKS, LOOPS, RUNNERS\n"
_LOOP = "\n\nclass OwnLoop(EpochBasedTrainLoop):\n    pass\n"
_IMPORT = "from mmengine.runner import EpochBasedTrainLoop, Runner\n"
VALID: list[Example] = [
    _HEAD + _IMPORT + _LOOP.replace("class", "@LOOPS.register_module()\nclass"),
    # A registry of the project's own.
    "from own import STAGES\n" + _IMPORT
    + _LOOP.replace("class", "@STAGES.register_module()\nclass"),
    _HEAD + _IMPORT + _LOOP + "\n\nLOOPS.register_module(module=OwnLoop)\n",
    _HEAD + _IMPORT
    + _LOOP.replace("class", "@LOOPS.register_module()\n@HOOKS.register_module()\nclass"),
]  # fmt: skip
INVALID: list[Example] = [
    _HEAD + _IMPORT + _LOOP.replace("class", "@HOOKS.register_module()\nclass"),
    _HEAD + _IMPORT + "\n\n@LOOPS.register_module()\nclass OwnRunner(Runner):\n    pass\n",
]
_RIGHT = ((BASE_LOOP, "LOOPS"), (RUNNER, "RUNNERS"), (FLEXIBLE_RUNNER, "RUNNERS"), (HOOK, "HOOKS"))
_KNOWN = {"LOOPS", "RUNNERS", "HOOKS", "MODELS", "METRICS", "DATASETS", "TRANSFORMS"}
_KNOWN |= {"OPTIMIZERS", "PARAM_SCHEDULERS", "TASK_UTILS", "EVALUATOR", "VISUALIZERS"}


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each class that is only where nobody looks for it."""
    kinds: dict[int, set[str]] = {}
    for one in registrations(code):
        kinds.setdefault(id(one.node), set()).add(one.kind)
    for view in code.classes:
        found = kinds.get(id(view.node), set())
        right = {kind for base, kind in _RIGHT if view.inherits(base)}
        if found and right and found <= _KNOWN and not found & right:
            yield view.found(
                None,
                f"{view.name} is registered in {', '.join(sorted(found))}; the Runner looks for "
                f"it in {', '.join(sorted(right))}",
                f"Write @{min(right)}.register_module().",
            )
