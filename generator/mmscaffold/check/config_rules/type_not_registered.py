"""The modules of ``custom_imports`` do not register a class that the config names.

The registries of mmengine and mmdet do not have it either, so building it ends with
``KeyError: '... is not in the mmengine::loop registry'`` (mmengine/registry/build_functions.py).
Often the class lacks its ``@LOOPS.register_module()``, or stands in another registry, or its
name is misspelt. The same holds for a dotted path, ``my_project.engine.MyLoop``, whose module
exists and does not have the class.

Looked at are the Runner, the loops, the model, hooks, schedulers and the log processor of
configs whose ``default_scope`` is mmdet or mmengine. The code is read, not imported.

How to mend it: register the class, or correct the name.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_types import missing_attribute, named_types, unknown_types
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.registry import Example
from mmscaffold.facts.runner import REGISTRIES

ID = "MMS128"
SEVERITY = Severity.ERROR
_IMPORTS = "custom_imports = dict(imports=['own_loops'])\n"
_DATA = "model = dict(type='RetinaNet')\ntrain_dataloader = dict()\n"
_LOOP = (
    "from mmengine.registry import LOOPS\nfrom mmengine.runner import EpochBasedTrainLoop\n\n\n"
)
_OWN = "class OwnLoop(EpochBasedTrainLoop):\n    pass"
VALID: list[Example] = [
    {
        "config.py": _IMPORTS + _DATA + "train_cfg = dict(type='OwnLoop', max_epochs=1)",
        "own_loops.py": _LOOP + "@LOOPS.register_module()\n" + _OWN,
    },
    {
        "config.py": _DATA + "train_cfg = dict(type='own_loops.OwnLoop', max_epochs=1)",
        "own_loops.py": _LOOP + _OWN,
    },
    # A loop registers whatever it is given.
    {
        "config.py": _IMPORTS + _DATA + "train_cfg = dict(type='OwnLoop', max_epochs=1)",
        "own_loops.py": _LOOP
        + _OWN
        + "\n\n\nfor one in (OwnLoop,):\n    LOOPS.register_module(module=one)",
    },
    # Another package's registry is not known.
    {
        "config.py": _IMPORTS + _DATA + "default_scope = 'mmpose'\nrunner_type = 'PoseRunner'",
        "own_loops.py": "",
    },
]
INVALID: list[Example] = [
    {
        "config.py": _IMPORTS + _DATA + "train_cfg = dict(type='OwnLoop', max_epochs=1)",
        "own_loops.py": _LOOP + _OWN,
    },
    {
        "config.py": _IMPORTS + _DATA + "train_cfg = dict(type='OwnLop', max_epochs=1)",
        "own_loops.py": _LOOP + "@LOOPS.register_module()\n" + _OWN,
    },
    {
        "config.py": _IMPORTS + _DATA + "runner_type = 'OwnLoop'",
        "own_loops.py": _LOOP + "@LOOPS.register_module()\n" + _OWN,
    },
    {
        "config.py": _DATA + "train_cfg = dict(type='own_loops.OwnLop', max_epochs=1)",
        "own_loops.py": _LOOP + _OWN,
    },
]


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each class that cannot be there."""
    if not config.is_runnable:
        return
    for one in named_types(config):
        missing = missing_attribute(one.name, config.path.parent)
        if missing is not None:
            yield config.found(
                one.path,
                f"{one.name} does not exist: there is no {missing!r}",
                "Correct the path to the class.",
            )
    code = config.imported_code
    if code is None or code.missing or code.unread:
        return
    for one in unknown_types(config):
        name = one.name.rpartition(".")[2]
        registries = code.registries_of(name)
        if one.registry in registries or code.may_register_otherwise(name):
            continue
        # A registry of the project's own may be this one under another name.
        if not registries <= REGISTRIES:
            continue
        where = f"; they register it in {' and '.join(sorted(registries))}" if registries else ""
        yield config.found(
            one.path,
            f"nothing registers {one.name!r} in {one.registry}: neither mmengine and mmdet, nor "
            f"the modules of custom_imports{where}",
            f"Add @{one.registry}.register_module() to the class, or correct the name.",
        )
