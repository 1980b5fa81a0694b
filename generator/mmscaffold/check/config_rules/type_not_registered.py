"""The modules of ``custom_imports`` do not register a class that the config names.

The Runner, the loops, the model, hooks, schedulers and the log processor are looked at, in
configs whose ``default_scope`` is mmdet or mmengine. The code is read, not imported.

## Why it matters

The registries of mmengine and mmdet do not have the class either, so it cannot be built. Often
it lacks its ``@LOOPS.register_module()``, is in another registry, or its name is
misspelt. The same holds for a dotted path, ``my_project.engine.MyLoop``, whose module exists and
does not have the class.

## Symptoms

``KeyError: '... is not in the mmengine::loop registry'`` when the part is built.

## Before -> after

Register the class, or correct the name.

## Fix safety

There is no automatic fix: either the class or the name may be wrong.

## Source in mmengine

mmengine/registry/build_functions.py, ``build_from_cfg``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_types import missing_attribute, named_types, unknown_types
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.runner import REGISTRIES


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each class that cannot be there."""
    if not config.is_runnable:
        return
    for one in named_types(config):
        missing = missing_attribute(one.name, config.folder)
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
            f"nothing registers {one.name!r} in {one.registry}: not mmengine, not mmdet, and "
            f"not the modules of custom_imports{where}",
            f"Add @{one.registry}.register_module() to the class, or correct the name.",
        )


RULE = Rule(
    id="MMS128",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_loops'])
                model = dict(type='RetinaNet')
                train_dataloader = dict()
                train_cfg = dict(type='OwnLoop', max_epochs=1)
                """,
                "own_loops.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class OwnLoop(EpochBasedTrainLoop):
                    pass
                """,
            },
        ),
        Valid(
            {
                "config.py": """
                model = dict(type='RetinaNet')
                train_dataloader = dict()
                train_cfg = dict(type='own_loops.OwnLoop', max_epochs=1)
                """,
                "own_loops.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                class OwnLoop(EpochBasedTrainLoop):
                    pass
                """,
            },
        ),
        Valid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_loops'])
                model = dict(type='RetinaNet')
                train_dataloader = dict()
                train_cfg = dict(type='OwnLoop', max_epochs=1)
                """,
                "own_loops.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                class OwnLoop(EpochBasedTrainLoop):
                    pass


                for one in (OwnLoop,):
                    LOOPS.register_module(module=one)
                """,
            },
            because="A loop registers whatever it is given.",
        ),
        Valid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_loops'])
                model = dict(type='RetinaNet')
                train_dataloader = dict()
                default_scope = 'mmpose'
                runner_type = 'PoseRunner'
                """,
                "own_loops.py": "",
            },
            because="Another package's registry is not known.",
        ),
    ],
    invalid=[
        Invalid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_loops'])
                model = dict(type='RetinaNet')
                train_dataloader = dict()
                train_cfg = dict(type='OwnLoop', max_epochs=1)
                """,
                "own_loops.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                class OwnLoop(EpochBasedTrainLoop):
                    pass
                """,
            },
            at=Spot(4, 23, 32),
            message=(
                "nothing registers 'OwnLoop' in LOOPS: not mmengine, not mmdet, and not the "
                "modules of custom_imports"
            ),
            after={
                "own_loops.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class OwnLoop(EpochBasedTrainLoop):
                    pass
                """,
            },
        ),
        Invalid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_loops'])
                model = dict(type='RetinaNet')
                train_dataloader = dict()
                train_cfg = dict(type='OwnLop', max_epochs=1)
                """,
                "own_loops.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class OwnLoop(EpochBasedTrainLoop):
                    pass
                """,
            },
            at=Spot(4, 23, 31),
            message=(
                "nothing registers 'OwnLop' in LOOPS: not mmengine, not mmdet, and not the "
                "modules of custom_imports"
            ),
        ),
        Invalid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_loops'])
                model = dict(type='RetinaNet')
                train_dataloader = dict()
                runner_type = 'OwnLoop'
                """,
                "own_loops.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class OwnLoop(EpochBasedTrainLoop):
                    pass
                """,
            },
            at=Spot(4, 15, 24),
            message=(
                "nothing registers 'OwnLoop' in RUNNERS: not mmengine, not mmdet, and not the "
                "modules of custom_imports; they register it in LOOPS"
            ),
        ),
        Invalid(
            {
                "config.py": """
                model = dict(type='RetinaNet')
                train_dataloader = dict()
                train_cfg = dict(type='own_loops.OwnLop', max_epochs=1)
                """,
                "own_loops.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                class OwnLoop(EpochBasedTrainLoop):
                    pass
                """,
            },
            at=Spot(3, 23, 41),
            message="own_loops.OwnLop does not exist: there is no 'OwnLop'",
        ),
    ],
)
