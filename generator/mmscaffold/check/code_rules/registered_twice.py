"""Two classes want the same name in the same registry.

A project's own registry, with mmdet's as parent, has names of its own.

## Why it matters

``register_module`` refuses a name that is taken, unless it is told ``force=True``. It does not
matter whether the other class belongs to the project or to mmengine or mmdet: ``class
RetinaNet(...)`` in ``mmdet.registry.MODELS`` is refused as well.

## Symptoms

``KeyError: 'OwnLoop is already registered in loop at``, when the second module is imported.

## Before -> after

Rename one, or give it another ``name=``; or write ``force=True`` to replace the other on
purpose.

## Fix safety

There is no automatic fix: configs name the classes, and only the author knows which one they
mean.

## Source in mmengine

mmengine/registry/registry.py, ``Registry._register_module``, which raises the error.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.code.classes import Code, place
from mmscaffold.check.code.registration import (
    Imports,
    Registration,
    module_names_in_texts,
    registrations,
)
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.packages import LENT_MODULES, UNIMPORTED_MODULES


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each registration that is refused."""
    checked = {module.name for module in code.modules}
    imports = Imports(code.package, certain=True)
    unused = _unused(code)
    seen: dict[tuple[str, str], list[Registration]] = {}
    for one in registrations(code):
        if one.force or not one.sure or one.module.name in unused:
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
                f"{one.kind} already has the name {one.name!r}, from {taken}: a KeyError",
                place(one.module, one.node),
                "Rename it, or write register_module(force=True) to replace the other.",
            )


def _unused(code: Code) -> set[str]:
    """The modules that nothing imports, backup copies among them; a single file is asked for.

    What is a package, or is run itself, needs no import.
    """
    modules = code.package.modules
    if len(code.modules) == 1:
        return set()
    imports = Imports(code.package)
    wanted = {*code.imported, *module_names_in_texts(code.package)}
    for module in modules.values():
        wanted |= imports.direct(module.name) - {module.name}
    used = {one for name in wanted for one in imports.with_parents(name)}
    return {
        name
        for name, module in modules.items()
        if name not in used
        and module.path.name != "__init__.py"
        and not any(imports.is_dynamic(one) for one in imports.with_parents(name)[:-1])
    }


def _meet(code: Code, imports: Imports, one: Registration, two: Registration) -> bool:
    """Whether some import certainly runs both modules."""
    names = {one.module.name, two.module.name}
    if len(names) == 1:
        return True
    tops = {code.package.top(name) for name in names} & code.package.modules.keys()
    starts = [{name} for name in (*tops, *names)]
    starts += [{name} for name in code.imported]
    return any(names <= imports.reached(start) for start in starts)


def _upstream(code: Code, one: Registration) -> str | None:
    """The class of mmengine or mmdet that has the name in the same registry.

    A package that lies in the tree is what its own code says, whatever the table has.
    """
    top, _, rest = one.registry.partition(".")
    if rest.rpartition(".")[0] != "registry" or code.package.top(one.module.name) == top:
        return None
    taken = code.table.registered(top, one.kind, one.name)
    if taken is None or top in code.forks:
        return None
    if taken.startswith((*UNIMPORTED_MODULES, *LENT_MODULES)):
        return None
    return taken


RULE = Rule(
    id="MMS240",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import EpochBasedTrainLoop


            @LOOPS.register_module()
            class OwnLoop(EpochBasedTrainLoop):
                pass


            @LOOPS.register_module(force=True)
            class OwnLoop(EpochBasedTrainLoop):
                pass
            """,
        ),
        Valid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import EpochBasedTrainLoop


            @LOOPS.register_module()
            class OwnLoop(EpochBasedTrainLoop):
                pass


            @LOOPS.register_module(name='OtherLoop')
            class OwnLoop(EpochBasedTrainLoop):
                pass
            """,
        ),
        Valid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import EpochBasedTrainLoop

            try:
                import torch
            except ImportError:
                torch = None

            if torch:
                @LOOPS.register_module()
                class OwnLoop(EpochBasedTrainLoop):
                    pass
            else:
                @LOOPS.register_module()
                class OwnLoop(EpochBasedTrainLoop):
                    pass
            """,
            because="Only one of them is defined.",
        ),
        Valid(
            {
                "a.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class OwnLoop(EpochBasedTrainLoop):
                    pass
                """,
                "b.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class OwnLoop(EpochBasedTrainLoop):
                    pass
                """,
            },
            because="Two scripts, which are not imported together.",
        ),
        Valid(
            """
            from mmengine.registry import LOOPS as MMENGINE_LOOPS
            from mmengine.registry import Registry
            from mmengine.runner import EpochBasedTrainLoop as Base

            LOOPS = Registry('loop', parent=MMENGINE_LOOPS)


            @LOOPS.register_module()
            class EpochBasedTrainLoop(Base):
                pass
            """,
            because="The project's own registry.",
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import EpochBasedTrainLoop


            @LOOPS.register_module()
            class OwnLoop(EpochBasedTrainLoop):
                pass


            @LOOPS.register_module()
            class OwnLoop(EpochBasedTrainLoop):
                pass
            """,
            at=Spot(11, 7, 14),
            message="LOOPS already has the name 'OwnLoop', from module.py:6: a KeyError",
            after="""
            from mmengine.registry import LOOPS
            from mmengine.runner import EpochBasedTrainLoop


            @LOOPS.register_module()
            class OwnLoop(EpochBasedTrainLoop):
                pass


            @LOOPS.register_module(name='OtherLoop')
            class OwnLoop(EpochBasedTrainLoop):
                pass
            """,
        ),
        Invalid(
            """
            from mmengine.registry import LOOPS
            from mmengine.runner import EpochBasedTrainLoop


            @LOOPS.register_module()
            class OwnLoop(EpochBasedTrainLoop):
                pass


            LOOPS.register_module(module=OwnLoop)
            """,
            at=Spot(6, 7, 14),
            message="LOOPS already has the name 'OwnLoop', from module.py:6: a KeyError",
        ),
        Invalid(
            {
                "own/b.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class OwnLoop(EpochBasedTrainLoop):
                    pass
                """,
                "own/a.py": """
                from mmengine.registry import LOOPS
                from mmengine.runner import EpochBasedTrainLoop


                @LOOPS.register_module()
                class OwnLoop(EpochBasedTrainLoop):
                    pass
                """,
                "own/__init__.py": "from . import a, b",
            },
            at=Spot(6, 7, 14),
            message="LOOPS already has the name 'OwnLoop', from b.py:6: a KeyError",
        ),
        Invalid(
            """
            from mmdet.models import RetinaNet as Base
            from mmdet.registry import MODELS


            @MODELS.register_module()
            class RetinaNet(Base):
                pass
            """,
            at=Spot(6, 7, 16),
            message=(
                "MODELS already has the name 'RetinaNet', from "
                "mmdet.models.detectors.retinanet.RetinaNet: a KeyError"
            ),
        ),
    ],
)
