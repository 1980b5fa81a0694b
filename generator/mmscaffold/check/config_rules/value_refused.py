"""A class gets a value that it refuses, or that ends the training later.

Such are

- a number that is written as text: ``lr='0.01'``. In YAML, ``1e-5`` is text, too; ``1.0e-5`` is a
  number;
- lengths and intervals that are not whole, or 0: ``max_epochs=12.5``, ``val_interval=0``;
- values of which there are only some: ``dtype='fp16'``, ``metric='box'``, ``depth=49``;
- a tuple or a number where a list is asked for, ``in_channels=(256, 512)`` of ``FPN``, and a list
  that is too short;
- ``loss_scale=512`` of ``AmpOptimWrapper``, which takes ``512.0`` only;
- ``randomness`` without ``seed``, and ``auto_scale_lr`` that is enabled without
  ``base_batch_size``.

## Why it matters

Most of them end the run before anything is trained. Some do so later: ``val_interval=0`` at the
end of the first epoch, a ``gamma`` that is text at the first milestone.

## Symptoms

``AssertionError``, often without a word; ``TypeError: '>' not supported between instances of 'str'
and 'int'``; ``ZeroDivisionError: integer modulo by zero``; ``KeyError: 'invalid depth 49 for
resnet'``.

## Before -> after

Write what the message asks for.

## Fix safety

There is no automatic fix: which value is intended cannot be known.

## Source in mmengine

mmengine/runner/loops.py; mmengine/optim/scheduler/param_scheduler.py;
mmengine/optim/optimizer/amp_optimizer_wrapper.py;
mmengine/model/base_model/data_preprocessor.py; mmdet/models/necks/fpn.py and others, as
``facts/refused_values.py`` lists them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mmscaffold.check.argument_taker import takers
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.parts import Part
from mmscaffold.check.refused import is_left_over
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.refused_values import (
    DEMANDS,
    OF_DATALOADERS,
    OF_OPTIMIZERS,
    OF_RUNNER,
    OF_VALIDATION,
    Demand,
)
from mmscaffold.facts.runner import MODES

_BY_ARGUMENT: dict[str, list[tuple[str, Demand]]] = {}
for _class, _demands in DEMANDS.items():
    for _demand in _demands:
        _BY_ARGUMENT.setdefault(_demand.argument, []).append((_class, _demand))
_HINT = "Correct the value."
_LOOPS = "mmengine.runner.loops"


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such value."""
    if config.is_legacy:
        return
    loop = config.upstream_loop
    if loop is not None and config.loop is not None:
        demands: Iterable[Demand] = DEMANDS[f"{_LOOPS}.{loop.name}"]
        if config.get("val_cfg") is None:
            demands = [one for one in demands if one.argument not in OF_VALIDATION]
        yield from _unmet(config, ("train_cfg",), loop.name, config.loop, demands)
    for mode in MODES:
        loader = config.get(f"{mode}_dataloader")
        if isinstance(loader, Mapping):
            path = (f"{mode}_dataloader",)
            yield from _unmet(config, path, path[0], loader, OF_DATALOADERS)
    wrapper = config.get("optim_wrapper")
    if isinstance(wrapper, Mapping) and "type" not in wrapper and "optimizer" in wrapper:
        demands = DEMANDS["mmengine.optim.optimizer.optimizer_wrapper.OptimWrapper"]
        yield from _unmet(config, ("optim_wrapper",), "OptimWrapper", wrapper, demands)
    for one in OF_RUNNER:
        value = config.get(one.argument)
        if value is None or (one.is_of_whole and not config.is_runnable):
            continue
        if not one.holds(value, config.root):
            yield config.found(
                one.argument, f"{one.argument} must be {one.what}; {one.otherwise}", _HINT
            )
    for part, (argument, unmet) in config.seen_in_parts(_refused_by_some):
        if part.path[0] == "train_cfg":
            continue
        # Whose argument it is takes longer to know.
        demands = _of_its_class(config, part, argument, unmet)
        if demands and not _goes_with_others(config, part, argument):
            yield from _unmet(config, part.path, part.bare, part.values, demands)


def _refused_by_some(part: Part) -> Iterator[tuple[str, Mapping[str, list[Demand]]]]:
    """What some class demands and a part does not keep, whatever its own class is.

    Yields:
        An argument; and by the classes, their demands on it.
    """
    if part.registry == "OPTIMIZERS":
        rows: list[tuple[str, Demand]] = [("", one) for one in OF_OPTIMIZERS]
    else:
        arguments = part.values.keys() & _BY_ARGUMENT.keys()
        rows = [row for argument in arguments for row in _BY_ARGUMENT[argument]]
    found: dict[str, dict[str, list[Demand]]] = {}
    for dotted, demand in rows:
        if not demand.holds(part.values.get(demand.argument), part.values):
            found.setdefault(demand.argument, {}).setdefault(dotted, []).append(demand)
    yield from found.items()


def _of_its_class(
    config: ConfigView, part: Part, argument: str, unmet: Mapping[str, list[Demand]]
) -> list[Demand]:
    if "" in unmet:
        return [] if config.is_own(part.bare) else unmet[""]
    names = takers(config, part, argument)
    return unmet.get(next(iter(names)) or "", []) if len(names) == 1 else []


def _goes_with_others(config: ConfigView, part: Part, argument: str) -> bool:
    """Whether it is left over from another ``type``, with keys for which MMS141 tells so."""
    return is_left_over(config, part.path, argument) and any(
        one.part.path == part.path and one.too_many for one in config.misfits
    )


def _unmet(
    config: ConfigView,
    path: KeyPath,
    name: str,
    values: Mapping[str, Any],
    demands: Iterable[Demand],
) -> Iterator[Diagnostic]:
    for one in demands:
        if one.argument not in values or (one.is_of_whole and not config.is_runnable):
            continue
        value = values[one.argument]
        if not one.holds(value, values):
            yield config.found(
                (*path, one.argument),
                f"{one.argument}={value!r} of {name} must be {one.what}; {one.otherwise}",
                _advice(value),
            )


def _advice(value: Any) -> str:
    """What to write; a number that stands there as text is meant as one."""
    try:
        number = float(value) if isinstance(value, str) else math.nan
    except ValueError:
        return _HINT
    if not math.isfinite(number):
        return _HINT
    written = repr(int(number) if number.is_integer() and "e" not in repr(number) else number)
    digits, exponent, power = written.partition("e")
    # YAML reads 1e-05 as text again.
    dot = ".0" if exponent and "." not in digits else ""
    return f"Write the number: {digits}{dot}{exponent}{power}"


RULE = Rule(
    id="MMS163",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                data_preprocessor=dict(type='DetDataPreprocessor', mean=[1, 2, 3], std=[1, 1, 1]),
                backbone=dict(type='ResNet', depth=50, frozen_stages=4, out_indices=(0, 1, 2, 3)),
                neck=dict(type='FPN', in_channels=[256, 512, 1024, 2048], num_outs=5),
            )
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12.0, val_interval=1)
            val_cfg = None
            train_dataloader = dict(batch_size=2, num_workers=0)
            optim_wrapper = dict(
                type='AmpOptimWrapper',
                loss_scale=512.0,
                clip_grad=None,
                optimizer=dict(type='SGD', lr=0.01),
            )
            param_scheduler = [
                dict(type='LinearLR', start_factor=0.001, by_epoch=False, end=500),
                dict(type='MultiStepLR', milestones=(8, 11), gamma=0.1),
            ]
            """,
        ),
        Valid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=0)
            """,
            because="Without a validation, nothing divides by it.",
        ),
        Valid(
            {
                "config.py": """
                _base_ = 'base.py'
                val_evaluator = dict(type='VOCMetric')
                """,
                "base.py": """
                default_scope = 'mmdet'
                val_evaluator = dict(type='CocoMetric', ann_file='a.json', metric='bbox')
                """,
            },
            because="MMS141 tells of ann_file, and to take out all that is left over.",
        ),
        Valid(
            {
                "config.py": """
                custom_imports = dict(imports=['own_backbones'])
                default_scope = 'mmdet'
                model = dict(type='RetinaNet', backbone=dict(type='ResNet', depth=77))
                """,
                "own_backbones.py": """
                from mmdet.models.backbones import ResNet as Base
                from mmdet.registry import MODELS


                @MODELS.register_module(force=True)
                class ResNet(Base):
                    arch_settings = {77: None}
                """,
            },
        ),
    ],
    invalid=[
        Invalid(
            """
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs='24')
            """,
            at=Spot(1, 57, 61),
            message=(
                "max_epochs='24' of EpochBasedTrainLoop must be a whole number; it cannot be "
                "built with it"
            ),
            after="""
            train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=24)
            """,
        ),
        Invalid(
            """
            randomness = dict(deterministic=True)
            model = dict(type='own.Net')
            train_dataloader = dict(dataset=dict(type='own.Ships'))
            """,
            at=Spot(1, 14, 38),
            message=(
                "randomness must be a dict with seed, and with none but deterministic and "
                "diff_rank_seed; the Runner cannot be built with it"
            ),
        ),
        Invalid(
            """
            train_cfg = dict(by_epoch=True, max_epochs=24, val_interval=0)
            val_cfg = dict()
            val_dataloader = dict()
            val_evaluator = dict(type='CocoMetric')
            """,
            at=Spot(1, 61, 62),
            message=(
                "val_interval=0 of EpochBasedTrainLoop must be a number above 0; training "
                "ends with an error at the first validation"
            ),
        ),
        Invalid(
            """
            optim_wrapper = dict(
                type='AmpOptimWrapper', loss_scale=512, optimizer=dict(type='SGD', lr='0.01')
            )
            default_scope = 'mmdet'
            """,
            at=Spot(2, 40, 43),
            message=(
                "loss_scale=512 of AmpOptimWrapper must be 'dynamic', a dict, or a float such as "
                "512.0; it cannot be built with it"
            ),
            also=[
                ExampleFinding(
                    Spot(2, 75, 81),
                    "lr='0.01' of SGD must be a number that is not below 0; it cannot be built "
                    "with it",
                )
            ],
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            model = dict(
                type='RetinaNet',
                neck=dict(type='FPN', in_channels=(256, 512, 1024, 2048), num_outs=5),
            )
            """,
            at=Spot(4, 39, 61),
            message=(
                "in_channels=(256, 512, 1024, 2048) of FPN must be a list, in square brackets; it "
                "cannot be built with it"
            ),
            because="FPN asserts that it is one, and says nothing.",
        ),
        Invalid(
            """
            param_scheduler = dict(type='MultiStepLR', milestones=[8, 11], gamma='0.1')
            default_scope = 'mmdet'
            """,
            at=Spot(1, 70, 75),
            message=(
                "gamma='0.1' of MultiStepLR must be a number; training ends with a TypeError at "
                "one of its steps"
            ),
            because="The schedule is built: it fails at the first milestone.",
        ),
    ],
)
