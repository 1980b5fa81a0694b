"""A dataloader without workers gets settings that are for workers.

## Why it matters

``num_workers=0``, often set to debug, leaves ``persistent_workers=True`` or a ``prefetch_factor``
of the base in place. PyTorch refuses both where there are no workers.

## Symptoms

``ValueError: persistent_workers option needs num_workers > 0``, or ``prefetch_factor option could
only be specified in multiprocessing``.

## Before -> after

Set ``persistent_workers=False`` beside ``num_workers=0``.

## Fix safety

``mmscaffold check --fix`` sets ``persistent_workers=False``, or takes ``prefetch_factor`` out.
That is safe: the dataloader is refused with them.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.build_dataloader``, and torch/utils/data/dataloader.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Fix, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.change import MISSING, Change
from mmscaffold.facts.runner import MODES


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such setting."""
    for mode in MODES:
        key = f"{mode}_dataloader"
        loader = config.get(key)
        if not isinstance(loader, Mapping):
            continue
        workers = loader.get("num_workers", 0 if config.is_runnable else None)
        if workers != 0 or isinstance(workers, bool):
            continue
        for name, is_refused in (
            ("persistent_workers", loader.get("persistent_workers") is True),
            ("prefetch_factor", isinstance(loader.get("prefetch_factor"), int)),
        ):
            if is_refused:
                new = False if name == "persistent_workers" else MISSING
                fix: Fix = (Change((key, name), new),)
                yield config.found(
                    (key, name),
                    f"{name}={loader[name]} needs workers, and {key} has none; PyTorch refuses it",
                    "Set persistent_workers=False, or num_workers to 1 or more."
                    if new is False
                    else "Leave it out, or set num_workers to 1 or more.",
                    fix,
                )


RULE = Rule(
    id="MMS146",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid("train_dataloader = dict(num_workers=2, persistent_workers=True)"),
        Valid("train_dataloader = dict(num_workers=0, persistent_workers=False)"),
        Valid("train_dataloader = dict(num_workers=0, prefetch_factor=None)"),
        Valid(
            "train_dataloader = dict(persistent_workers=True)",
            because="It is a part of a config: num_workers may come from another.",
        ),
    ],
    invalid=[
        Invalid(
            "val_dataloader = dict(num_workers=0, persistent_workers=True)",
            at=Spot(1, 57, 61),
            message=(
                "persistent_workers=True needs workers, and val_dataloader has none; PyTorch "
                "refuses it"
            ),
            fixed="val_dataloader = dict(num_workers=0, persistent_workers=False)",
        ),
        Invalid(
            "train_dataloader = dict(num_workers=0, prefetch_factor=2)",
            at=Spot(1, 56, 57),
            message=(
                "prefetch_factor=2 needs workers, and train_dataloader has none; PyTorch "
                "refuses it"
            ),
            fixed="train_dataloader = dict(num_workers=0)",
        ),
    ],
)
