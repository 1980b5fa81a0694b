"""The config sets no ``default_scope``, and names classes of another package than mmengine.

Or it sets the name of a project, ``'mmdetection'``, whose scope has another, ``'mmdet'``.

## Why it matters

Without ``default_scope`` the Runner looks in mmengine's own registries, which do not have the
detectors, data sets and transforms of MMDetection or its siblings, even where those are imported.
Configs get the key from ``_base_/default_runtime.py``; one that is written by hand, or that drops
that base, lacks it.

## Symptoms

``KeyError: 'RetinaNet is not in the mmengine::model registry'`` at the start.

## Before -> after

Write ``default_scope = 'mmdet'``.

## Fix safety

There is no automatic fix: names of several packages may be mixed.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.__init__``; mmengine/registry/registry.py,
``Registry.switch_scope_and_registry``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.parts import Part
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.classes.tables import PACKAGES_OF_SCOPE
from mmscaffold.facts.packages import PROJECTS, ROOT_SCOPE
from mmscaffold.project.family import Verdict

_IN_PLACE = ("model", "train_dataloader", "val_dataloader", "test_dataloader")


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding, at the first such class."""
    if not config.is_runnable or config.is_legacy:
        return
    if "default_scope" in config.root:
        yield from _name_of_a_project(config)
        return
    find = config.family.find
    for part in config.parts:
        if part.is_imported or "." in part.name or part.registry is None:
            continue
        if part.path[0] not in _IN_PLACE or part.written_scope is not None:
            continue
        if find(ROOT_SCOPE, part.registry, part.name).verdict is not Verdict.ABSENT:
            continue
        if config.is_own(part.bare):
            continue
        having = [
            scope
            for scope in PACKAGES_OF_SCOPE
            if scope != ROOT_SCOPE
            and find(scope, part.registry, part.name).verdict is Verdict.KNOWN
        ]
        if having:
            yield config.found(
                part.named_at,
                f"the config sets no default_scope, and mmengine itself has no {part.name!r} in "
                f"{part.registry}",
                f"Add default_scope = {having[0]!r}."
                if len(having) == 1
                else "Add default_scope, such as " + " or ".join(map(repr, having[:3])) + ".",
            )
            return


def _name_of_a_project(config: ConfigView) -> Iterator[Diagnostic]:
    scope = config.get("default_scope")
    small = scope.lower() if isinstance(scope, str) else ""
    meant = PROJECTS.get(small, small)
    if meant == scope or meant not in PACKAGES_OF_SCOPE:
        return
    missing = next((part for part in config.parts if _is_only_in(config, part, meant)), None)
    # A package of that name may be the user's own.
    if missing is not None and config.get("custom_imports") is None:
        yield config.found(
            "default_scope",
            f"no registry has the scope {scope!r}: {missing.name!r} is looked up in mmengine, "
            "which does not have it",
            f"Write default_scope = {meant!r}.",
        )


def _is_only_in(config: ConfigView, part: Part, scope: str) -> bool:
    if part.is_imported or "." in part.name or part.registry is None:
        return False
    if part.path[0] not in _IN_PLACE or part.written_scope is not None:
        return False
    verdicts = [
        config.family.find(one, part.registry, part.name).verdict for one in (ROOT_SCOPE, scope)
    ]
    return verdicts == [Verdict.ABSENT, Verdict.KNOWN]


RULE = Rule(
    id="MMS140",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            train_dataloader = dict(dataset=dict(type='CocoDataset'))
            """,
        ),
        Valid(
            """
            model = dict(type='mmdet.RetinaNet')
            train_dataloader = dict(dataset=dict(type='mmdet.CocoDataset'))
            """,
        ),
        Valid(
            "train_dataloader = dict(dataset=dict(type='CocoDataset'))",
            because="It is a part of a config: the scope may come from another.",
        ),
        Valid(
            """
            custom_imports = dict(imports=['mmdetection'])
            default_scope = 'mmdetection'
            model = dict(type='RetinaNet')
            train_dataloader = dict(dataset=dict(type='CocoDataset'))
            """,
            because="It may be a package of the user.",
        ),
    ],
    invalid=[
        Invalid(
            """
            model = dict(type='RetinaNet')
            train_dataloader = dict(dataset=dict(type='CocoDataset'))
            """,
            at=Spot(1, 19, 30),
            message=(
                "the config sets no default_scope, and mmengine itself has no 'RetinaNet' in "
                "MODELS"
            ),
            after="""
            default_scope = 'mmdet'
            model = dict(type='RetinaNet')
            train_dataloader = dict(dataset=dict(type='CocoDataset'))
            """,
        ),
        Invalid(
            """
            model = dict(type='mmseg.EncoderDecoder')
            val_dataloader = dict(dataset=dict(type='CityscapesDataset'))
            """,
            at=Spot(2, 41, 60),
            message=(
                "the config sets no default_scope, and mmengine itself has no "
                "'CityscapesDataset' in DATASETS"
            ),
        ),
        Invalid(
            """
            default_scope = 'MMDetection'
            model = dict(type='RetinaNet')
            train_dataloader = dict(dataset=dict(type='CocoDataset'))
            """,
            at=Spot(1, 17, 30),
            message=(
                "no registry has the scope 'MMDetection': 'RetinaNet' is looked up in mmengine, "
                "which does not have it"
            ),
        ),
    ],
)
