"""Two classes want the same name in the same registry.

``register_module`` refuses a name that is taken, unless it is told ``force=True``
(mmengine/registry/registry.py). It does not matter whether the other class is one of the
project or one of mmengine or mmdet: ``class RetinaNet(...)`` in ``mmdet.registry.MODELS`` is
refused, too. A registry of the project's own, with mmdet's as parent, has names of its own.

What one sees: ``KeyError: 'OwnLoop is already registered in loop at``, when the second module
is imported.

How to mend it: rename one, or give it another ``name=``; or ``force=True`` to replace the
other on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code, place
from mmscaffold.check.code.registration import Imports, Registration, registrations
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example

ID = "MMS240"
SEVERITY = Severity.ERROR
_HEAD = "from mmengine.registry import LOOPS\nfrom mmengine.runner import EpochBasedTrainLoop\n"
_LOOP = "\n\n@LOOPS.register_module()\nclass OwnLoop(EpochBasedTrainLoop):\n    pass\n"
VALID: list[Example] = [
    _HEAD + _LOOP + _LOOP.replace("()\n", "(force=True)\n"),
    _HEAD + _LOOP + _LOOP.replace("()\n", "(name='OtherLoop')\n"),
    # One of them.
    _HEAD + "\ntry:\n    import torch\nexcept ImportError:\n    torch = None\n\nif torch:\n"
    "    @LOOPS.register_module()\n    class OwnLoop(EpochBasedTrainLoop):\n        pass\nelse:\n"
    "    @LOOPS.register_module()\n    class OwnLoop(EpochBasedTrainLoop):\n        pass\n",
    # Two scripts, which are not imported together.
    {"a.py": _HEAD + _LOOP, "b.py": _HEAD + _LOOP},
    # A registry of one's own.
    "from mmengine.registry import LOOPS as MMENGINE_LOOPS\n"
    "from mmengine.registry import Registry\n"
    "from mmengine.runner import EpochBasedTrainLoop as Base\n\n"
    "LOOPS = Registry('loop', parent=MMENGINE_LOOPS)\n\n\n"
    "@LOOPS.register_module()\nclass EpochBasedTrainLoop(Base):\n    pass\n",
]
INVALID: list[Example] = [
    _HEAD + _LOOP + _LOOP,
    _HEAD + _LOOP + "\n\nLOOPS.register_module(module=OwnLoop)\n",
    {
        "own/b.py": _HEAD + _LOOP,
        "own/a.py": _HEAD + _LOOP,
        "own/__init__.py": "from . import a, b\n",
    },
    "from mmdet.models import RetinaNet as Base\nfrom mmdet.registry import MODELS\n\n\n"
    "@MODELS.register_module()\nclass RetinaNet(Base):\n    pass\n",
]


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each registration that is refused."""
    checked = {module.name for module in code.modules}
    imports = Imports(code.package, certain=True)
    seen: dict[tuple[str, str], list[Registration]] = {}
    for one in registrations(code):
        if one.force or not one.sure:
            continue
        earlier = seen.setdefault((one.registry, one.name), [])
        other = next((two for two in earlier if _meet(code, imports, one, two)), None)
        taken = _upstream(code, one)
        if other is not None:
            taken = f"{other.module.path.name}:{getattr(other.node, 'lineno', 1)}"
            if one.module.name not in checked:
                one = other
        earlier.append(one)
        if taken is not None and one.module.name in checked:
            yield Diagnostic(
                f"{one.kind} has the name {one.name!r} already, from {taken}: a KeyError",
                place(one.module, one.node),
                "Rename it, or write register_module(force=True) to replace the other.",
            )


def _meet(code: Code, imports: Imports, one: Registration, two: Registration) -> bool:
    """Whether some import certainly runs both modules."""
    names = {one.module.name, two.module.name}
    if len(names) == 1:
        return True
    tops = {name.partition(".")[0] for name in names} & code.package.modules.keys()
    starts = [{name} for name in (*tops, *names)]
    starts += [{name} for name in code.imported]
    return any(names <= imports.reached(start) for start in starts)


def _upstream(code: Code, one: Registration) -> str | None:
    """The class of mmengine or mmdet that has the name in the same registry."""
    top, _, rest = one.registry.partition(".")
    if rest.rpartition(".")[0] != "registry" or one.module.name.partition(".")[0] == top:
        return None
    taken = code.table.registered(one.kind, one.name)
    return taken if taken is not None and taken.startswith(f"{top}.") else None
