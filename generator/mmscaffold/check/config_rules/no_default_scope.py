"""The config sets no ``default_scope``, and names classes of another package than mmengine.

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
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.classes.tables import PACKAGES_OF_SCOPE
from mmscaffold.facts.packages import ROOT_SCOPE
from mmscaffold.project.family import Verdict

_IN_PLACE = ("model", "train_dataloader", "val_dataloader", "test_dataloader")


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding, at the first such class."""
    if "default_scope" in config.root or not config.is_runnable or config.is_legacy:
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
    ],
)
